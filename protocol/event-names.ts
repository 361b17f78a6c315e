/** Says which sender may send events of which group: a name is `<group>.<what>`. */
import { COMMAND_GROUPS, groupOf } from "./commands/index.ts";

/** Events about the hub's clients, which it sends itself. */
export const HUB_EVENT_GROUP = "hub";

/** Events of an instance that the hub itself reads: the group has no others. */
export const INSTANCE_EVENTS: ReadonlySet<string> = new Set([
  "instance.changed",
  "instance.commands",
  "instance.pause",
  "instance.state",
]);

/** What an editor's addon tells of, beside the groups of its commands: no project's own code, and no game. */
export const EDITOR_EVENT_GROUPS: readonly string[] = ["filesystem", "import", "log"];

/** Why an instance may not tell of `event`; undefined when it may. Letters count in either case, as readers take them. */
export function eventObjection(event: string, isEditor: boolean): string | undefined {
  const group = groupOf(event.trim().toLowerCase());
  if (group === HUB_EVENT_GROUP) return "Events of the group 'hub' are the hub's own.";
  if (group === "instance" && !INSTANCE_EVENTS.has(event)) return `There is no event '${event}' of an instance.`;
  const isEditors = EDITOR_EVENT_GROUPS.includes(group) || COMMAND_GROUPS.has(group) || event === "instance.pause";
  return isEditors && !isEditor ? `A game does not speak for '${event}': that is its editor's.` : undefined;
}
