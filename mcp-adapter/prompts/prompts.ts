/** Prompts: where a game developer would start. Each one says what to find out first, and what to check at the end. */
import { RequestError } from "../session/request-error.ts";

interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
}

/** An entry of `prompts/list`. */
export interface PromptListing {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
}

interface Prompt extends PromptListing {
  readonly text: (args: Readonly<Record<string, string>>) => string;
}

const needed = (name: string, description: string): PromptArgument => ({ name, description, required: true });
const optional = (name: string, description: string): PromptArgument => ({ name, description, required: false });
const sceneText = (scene: string | undefined) =>
  scene ? `the scene ${scene}` : "the scene that is open in the editor";

const FINISH =
  "At the end check every script that you changed, save the scenes, and say in a few sentences what you did and how to try it.";

const PROMPTS: readonly Prompt[] = [
  {
    name: "build_feature",
    title: "Build a feature",
    description: "Plan and build a feature of the game, in small steps that can be undone.",
    arguments: [needed("feature", "What the game should do.")],
    text: ({ feature }) =>
      `Build this in the Godot project: ${feature}\n\nLook at the project, its scenes and its scripts first and follow the conventions that you find. Then say your plan in a few lines and carry it out: scenes with few calls of many operations each, scripts after that, signals connected last. Run the game once if a scene that can be played has changed. ${FINISH}`,
  },
  {
    name: "create_scene",
    title: "Create a scene",
    description: "Make a new scene from a description: root, nodes, properties, script.",
    arguments: [needed("description", "What the scene is."), optional("path", "File to create, res://...")],
    text: ({ description, path }) =>
      `Create a new Godot scene${path ? ` at ${path}` : ""}: ${description}\n\nChoose the root's class by what the scene is for, name the nodes by what they do, and build the whole tree as one edit. Give it a script if it has behaviour of its own. ${FINISH}`,
  },
  {
    name: "explain_scene",
    title: "Explain a scene",
    description: "What a scene is made of and how it works: nodes, scripts, signals, groups.",
    arguments: [optional("scene", "Scene file, res://... Default: the open one.")],
    text: ({ scene }) =>
      `Explain ${sceneText(scene)} to somebody who has to work on it: what it is for, what its important nodes do, which scripts drive them, and how they talk to each other. Read the tree and the scripts; change nothing.`,
  },
  {
    name: "fix_errors",
    title: "Find and fix errors",
    description: "Check scripts and scenes for errors and repair them.",
    arguments: [optional("script", "Script, res://... Default: all of them.")],
    text: ({ script }) =>
      `${script ? `Check the script ${script}` : "Check every script of the Godot project"} for errors and warnings, and the log of the editor where there is one. Explain each cause in one line, repair it with the smallest change that is right, and check again until nothing is left. Ask before you change what a script is meant to do. ${FINISH}`,
  },
  {
    name: "write_script",
    title: "Give a node a behaviour",
    description: "Write or extend a script for a node of a scene.",
    arguments: [
      needed("behaviour", "What the node should do."),
      optional("node", "Node path in the scene."),
      optional("scene", "Scene file, res://..."),
    ],
    text: ({ behaviour, node, scene }) =>
      `Give ${node ? `the node ${node}` : "the right node"} of ${sceneText(scene)} this behaviour: ${behaviour}\n\nLook at the node, its class and a script that it has already. Write typed GDScript in the style of the project, export what a designer will want to change, and attach it. ${FINISH}`,
  },
  {
    name: "review_project",
    title: "Review the project",
    description: "Structure, naming, dead files, risky code: what to improve first.",
    arguments: [],
    text: () =>
      "Review the Godot project: how it is laid out, how scenes and scripts are split, naming, autoloads, input actions, scripts with errors, files that nothing uses. Read enough to be concrete and change nothing. Give the five improvements that matter most, each with the place, the reason and the work that it takes.",
  },
  {
    name: "playtest",
    title: "Run and look",
    description: "Play the game, look at what happens, and report.",
    arguments: [
      optional("scene", "Scene to play, res://... Default: the main one."),
      optional("goal", "What to look for."),
    ],
    text: ({ scene, goal }) =>
      `Play ${scene ? sceneText(scene) : "the main scene"} of the Godot project${goal ? ` and find out: ${goal}` : ""}. Watch its state and its output, stop it again, and report what happened, each error with the place in the code that it comes from. Change nothing before I have agreed.`,
  },
  {
    name: "debug_problem",
    title: "Debug a problem",
    description: "Find out with breakpoints and variables why the game does what it does.",
    arguments: [
      needed("problem", "What goes wrong, and when."),
      optional("scene", "Scene to play, res://... Default: the main one."),
    ],
    text: ({ problem, scene }) =>
      `Find out why this happens in the Godot project: ${problem}\n\nRead the scripts that can have to do with it and say which cause you suspect. Set breakpoints where that would show, play ${scene ? sceneText(scene) : "the main scene"}, bring the game to that point and wait until it stops. Compare the stack and the variables with what you expected, and step where they are not enough. Remove your breakpoints, stop the game, and report the cause with the place and the values that prove it. Change nothing before I have agreed.`,
  },
  {
    name: "tidy_scene",
    title: "Tidy up a scene",
    description: "Names, grouping and layout of a scene, without changing what it does.",
    arguments: [optional("scene", "Scene file, res://... Default: the open one.")],
    text: ({ scene }) =>
      `Tidy up ${sceneText(scene)}: speaking names, related nodes below one parent, no leftovers. It must behave as before: scripts that refer to nodes by path have to be changed with them. Show the new tree first and do it as one edit once I have agreed. ${FINISH}`,
  },
];

/** What is said of a prompt that this list does not have. */
export function unknownPrompt(name: string): string {
  return `There is no prompt '${name}'. There are ${PROMPTS.map((each) => each.name).join(", ")}.`;
}

/** True for a prompt of this list; others are the project's own. */
export function hasPrompt(name: string): boolean {
  return PROMPTS.some((each) => each.name === name);
}

/** All of them, in this order, without their texts. */
export const PROMPT_LISTINGS: readonly PromptListing[] = PROMPTS.map(({ text: _, ...listing }) => listing);

/** The filled-in text of a prompt. @throws {RequestError} for a prompt that does not exist, or an argument that is missing. */
export function promptText(
  name: string,
  args: Readonly<Record<string, string>>,
): { description: string; text: string } {
  const prompt = PROMPTS.find((each) => each.name === name);
  if (!prompt) throw RequestError.invalidParams(unknownPrompt(name));
  const missing = prompt.arguments.find((each) => each.required && !args[each.name]?.trim());
  if (missing) throw RequestError.invalidParams(`'${missing.name}' is missing: ${missing.description}`);
  return { description: prompt.description, text: prompt.text(args) };
}
