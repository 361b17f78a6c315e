/** Writes docs/commands.md anew, with examples from a run on a real editor and a real game. Needs `GODOT`. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openStage, type Stage } from "../test/game/stage.ts";
import { until } from "../test/support/wait.ts";
import { EXAMPLES } from "./command-examples.ts";
import { commandsDocument, type Example } from "./commands-document.ts";

const DOCUMENT = fileURLToPath(new URL("../docs/commands.md", import.meta.url));
/** Entries of a list that an example shows. */
const SHOWN = 3;
const TEXT_LENGTH = 300;

/** What an example shows of an answer: short lists and texts, and nothing of the machine that it ran on. */
function shown(value: unknown, project: string): unknown {
  if (typeof value === "string") return value.replaceAll(project, "/home/me/my-game").slice(0, TEXT_LENGTH);
  if (Array.isArray(value)) return value.slice(0, SHOWN).map((each) => shown(each, project));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shown(each, project)]));
}

async function pidOfEditor(stage: Stage): Promise<number> {
  const { result } = await stage.agent.request("hub.list_instances");
  const { instances } = result as { instances: { pid: number; clientType: string; state: string }[] };
  return instances.find(({ clientType, state }) => clientType === "godot" && state !== "away")?.pid ?? 0;
}

const stage = await openStage({}, { name: "my-game", env: { GODOT_HUB_ENABLE_EXEC: "1" } });
const first = await pidOfEditor(stage);
const examples = new Map<string, Example>();
try {
  for (const { method, params, hidden } of EXAMPLES) {
    const result = await stage.call(method, params);
    if (!hidden) examples.set(method, { params, result: shown(result, stage.editor.project) });
  }
  writeFileSync(DOCUMENT, commandsDocument(examples));
  // The editor has restarted: its successor is nobody's child.
  const successor = async () => {
    const pid = await pidOfEditor(stage);
    return pid !== 0 && pid !== first && pid;
  };
  process.kill(await until(successor, { what: "the editor's return", deadlineMs: 30_000 }), "SIGKILL");
} finally {
  await stage.dispose();
}
