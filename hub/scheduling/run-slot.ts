/** The run slot of an editor: its games are played in it, so what is done to one of them and the editor's play and stop concern each other. */
import type { Instance } from "../clients/instance.ts";

/** The resource that every write to a game, and playing and stopping, names. */
export const RUN_SLOT = "run";

/** True for an editor and a game that it plays, whichever comes first; two games of one editor are apart. */
export function shareRunSlot(one: Instance, other: Instance): boolean {
  return one.isPlayedBy(other) || other.isPlayedBy(one);
}
