/**
 * Commands whose effect the params of others can have: a property `script` is `script.attach`, whichever command sets it, and a setting
 * `autoload/Game` is `project.add_autoload`. The hub reads no params; so it tells an instance which of these its rules withhold from who asks.
 */
export const IMPLIED_COMMANDS = [
  "script.attach",
  "script.detach",
  "project.add_autoload",
  "project.remove_autoload",
  "project.set_input_action",
  "project.remove_input_action",
  "scene.set_main",
] as const;
