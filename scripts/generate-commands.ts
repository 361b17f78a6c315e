/** Writes docs/commands.md anew, with examples from a run on a real editor and a real game. Needs `GODOT`; the editor's window is on a display without a screen. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isProcessAlive } from "../hub-client/process-probe.ts";
import { openStage, type Stage } from "../test/game/stage.ts";
import { EXAMPLES } from "../test/support/command-tour.ts";
import { Display } from "../test/support/display.ts";
import type { Received } from "../test/support/protocol-client.ts";
import { commandsDocument, type Example } from "./commands-document.ts";

const DOCUMENT = fileURLToPath(new URL("../docs/commands.md", import.meta.url));
/** Entries of a list that an example shows. */
const SHOWN = 3;
const TEXT_LENGTH = 300;

/** The part of an answer that an example shows: short lists and texts, without traces of this machine. */
function shown(value: unknown, project: string): unknown {
  if (typeof value === "string") return value.replaceAll(project, "/home/me/my-game").slice(0, TEXT_LENGTH);
  if (Array.isArray(value)) return value.slice(0, SHOWN).map((each) => shown(each, project));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shown(each, project)]));
}

/** The editor's process; undefined while it is away. */
async function connectedEditor(stage: Stage): Promise<number | undefined> {
  const { result } = await stage.agent.request("hub.list_instances");
  const { instances } = result as { instances: { pid: number; clientType: string; state: string }[] };
  return instances.find(({ clientType, state }) => clientType === "godot" && state !== "away")?.pid;
}

/** Waits until the hub says that an instance has come. */
async function arrival(stage: Stage): Promise<void> {
  const isArrival = ({ message }: Received) =>
    JSON.stringify(message.params ?? {}).includes('"event":"hub.instance_connected"');
  await stage.agent.next(isArrival, { what: "the editor's return", deadlineMs: 120_000 });
}

/** An addon with a command that opens a dialog, for the example that answers it. */
const NOTICE = {
  "addons/notice/plugin.cfg": '[plugin]\nname="Notice"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n',
  "addons/notice/plugin.gd": `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")


func _enter_tree() -> void:
	GodotMcpHub.register_command("notice.show", "Shows a dialog.", {}, _show)


func _show(_params: Dictionary) -> Dictionary:
	var dialog := AcceptDialog.new()
	dialog.title = "Alert!"
	dialog.dialog_text = "The level has no exit."
	EditorInterface.popup_dialog_centered(dialog)
	return {}
`,
};

const display = await Display.start();
const stage = await openStage(NOTICE, {
  name: "my-game",
  addons: ["res://addons/notice/plugin.cfg"],
  display: display.env,
  env: { GODOT_HUB_ENABLE_EXEC: "1" },
});
const examples = new Map<string, Example>();
let successor: number | undefined;
try {
  for (const { method, params, hidden } of EXAMPLES) {
    const leaves = method === "editor.reload_plugin" || method === "editor.restart";
    if (leaves) await stage.agent.request("hub.subscribe", { events: ["hub.instance_connected"] });
    const result = await stage.call(method, params);
    if (!hidden) examples.set(method, { params, result: shown(result, stage.editor.project) });
    if (leaves) {
      await arrival(stage);
      successor = await connectedEditor(stage);
    }
  }
  writeFileSync(DOCUMENT, commandsDocument(examples));
} finally {
  // The restarted editor is no child of this process.
  if (successor !== undefined && isProcessAlive(successor)) process.kill(successor, "SIGKILL");
  await stage.dispose();
  display.dispose();
}
