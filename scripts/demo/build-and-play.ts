/** Builds a game from nothing, plays it and wins, as an AI client with the compact tools would. */
import { EDITS, SCENE, SCRIPTS, SLIP } from "./lantern-run.ts";
import { Pilot } from "./pilot.ts";
import type { Transcript } from "./transcript.ts";

const ROOT = "LanternRun";
/** Longest edge of the pictures, in pixels. */
const SIZE = 900;

/** The pictures by name, with their captions. */
export const PICTURES = {
  editor: "The scene in the editor, after it was built",
  playing: "The game with one star left",
  won: "The game when it is won",
} as const;

/** @throws when a tool fails or the game can't be won. */
export async function buildAndPlay(agent: Transcript): Promise<void> {
  await build(agent);
  agent.section("Playing it");
  agent.say("It runs in a separate window. Which nodes does it have?");
  await agent.call("game_run", { scene: SCENE });
  await agent.call("game_inspect", { what: "tree", depth: 2 });
  await new Pilot(agent, ROOT).play(async (left) => {
    if (left === 1) await agent.picture("playing", { of: "game", maxSize: SIZE });
  });
  agent.say("Through the door. Does the game know it?");
  await agent.call("game_wait", { text: "You made it!" });
  await agent.picture("won", { of: "game", maxSize: SIZE });
  agent.section("Afterwards");
  agent.say("Has it complained of anything?");
  await agent.call("game_stop");
  await agent.call("log_read", { level: "error", limit: 5 });
}

async function build(agent: Transcript): Promise<void> {
  agent.section("Looking around");
  await agent.call("hub_status");
  await agent.call("project_overview");
  agent.section("Building the game");
  agent.say("The scripts first. The engine says at once what does not compile: one of them has a slip of the pen.");
  for (const [path, source] of Object.entries(SCRIPTS)) await agent.call("script_write", { path, source });
  await agent.call("script_write", { path: SLIP.path, edits: [{ find: SLIP.wrong, replace: SLIP.right }] });
  agent.say("The scene, a part at a time. Each call is one step in the editor's undo history.");
  await agent.call("scene_open", { path: SCENE, rootType: "Node2D", rootName: ROOT });
  for (const { label, operations } of EDITS) await agent.call("scene_edit", { label, operations });
  agent.say("A look at what has been made, as text and as a picture.");
  await agent.call("scene_tree", { depth: 1 });
  await agent.call("scene_edit", { save: true });
  await agent.picture("editor", { view: "window" });
}
