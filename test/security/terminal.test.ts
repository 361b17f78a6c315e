/** Attacks on the terminal of who looks at a hub: names, errors and log lines that would steer it, or lie on it. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { auditFolder } from "../../hub/audit/audit-files.ts";
import { visibleText } from "../../hub/cli/terminal.ts";
import { logPath } from "../../hub/logger.ts";
import type { AuditEntry } from "../../protocol/audit.ts";
import { CommandLine } from "../hub/cli/command-line.ts";
import { HubProcess } from "../support/hub-process.ts";
import { openAdapter, ProtocolClient } from "../support/protocol-client.ts";
import { until } from "../support/wait.ts";
import { RawSocket } from "./raw-socket.ts";

/** Clears the screen, sets the title, reports back, C1 controls, a reversed order, invisible letters, a separate line. */
const EVIL =
  "\u001b[2J\u001b]0;owned\u0007\u001b[6n\u009b31m\u202etxt.exe\u2066\u200b\ue000\u{e0041}\r\n2026-01-01 owner: hub.shutdown, ok\u2028x";
/** Whatever a terminal acts on, but for the ends of this program's own lines. */
const STEERING = /[^\P{C}\n\ue000]|[\u2028\u2029]/u;

const entry: AuditEntry = {
  time: "2026-01-01T00:00:00.000Z",
  client: `claude${EVIL}`,
  clientId: "c-1",
  agent: EVIL,
  token: "owner",
  instance: { id: "i-1", name: `arcade${EVIL}`, project: EVIL },
  command: `node.add${EVIL}`,
  params: { [EVIL]: EVIL },
  outcome: "NOT_FOUND",
  error: EVIL,
  undo: EVIL,
  durationMs: 1.5,
};

it("an audit entry is as many lines as it has, and none of them does anything", async () => {
  const cli = new CommandLine();
  mkdirSync(auditFolder(cli.home), { recursive: true });
  writeFileSync(join(auditFolder(cli.home), "audit.2026-01-01.1.jsonl"), `${JSON.stringify(entry)}\n`);
  const { stdout } = await cli.run(["audit"]);
  expect(stdout).not.toMatch(STEERING);
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(0, 12)),
  ).toEqual(["2026-01-01T0", "    undo ste", expect.stringMatching(/^ {4}\{"/)]);
  const { stdout: json } = await cli.run(["audit", "--json"]);
  expect(json).not.toMatch(STEERING);
  expect(JSON.parse(json)).toEqual(entry);
});

it("a line of the log does nothing, formatted or raw", async () => {
  const cli = new CommandLine();
  mkdirSync(cli.home);
  appendFileSync(logPath(cli.home), `${JSON.stringify({ level: 40, time: 0, msg: "x", client: EVIL })}\n`);
  appendFileSync(logPath(cli.home), `no JSON ${EVIL.replaceAll("\n", "")}\n`);
  for (const args of [["logs"], ["logs", "--json"]]) expect((await cli.run(args)).stdout).not.toMatch(STEERING);
});

it("what editors and agents call themselves and answer does nothing on the terminal, and JSON stays what it was", async () => {
  const hub = await HubProcess.start();
  onTestFinished(() => hub.dispose());
  const editor = await ProtocolClient.connect(hub.url, { token: hub.token });
  await editor.identify({ clientType: "godot", project: { name: EVIL, path: `/p${EVIL}` }, godotVersion: "4.6" });
  const { client: adapter } = await openAdapter(hub.url, hub.token, {
    identify: { agent: { name: EVIL, version: EVIL } },
  });
  const cli = new CommandLine({ GODOT_HUB_HOME: hub.home });
  for (const args of [["status"], ["top", "--once"], ["usage"], ["status", "--json"]]) {
    const { stdout } = await cli.run(args);
    expect(stdout, args.join(" ")).not.toMatch(STEERING);
    expect(stdout, args.join(" ")).not.toMatch(/^2026-01-01 owner/m);
  }
  const called = cli.run(["call", "scene.get_tree", "--json"]);
  const { message } = await editor.next(({ message: each }) => each.method === "scene.get_tree", {
    what: "the command",
  });
  editor.sendMessage({ jsonrpc: "2.0", id: message.id, result: { text: EVIL } });
  const { stdout } = await called;
  expect(stdout).not.toMatch(STEERING);
  expect(JSON.parse(stdout)).toMatchObject({ result: { text: EVIL } });
  const failed = cli.run(["call", "editor.get_state"]);
  const next = await editor.next(({ message: each }) => each.method === "editor.get_state", { what: "the command" });
  editor.sendMessage({ jsonrpc: "2.0", id: next.message.id, error: { code: -32001, message: EVIL } });
  expect((await failed).stderr).not.toMatch(STEERING);
  for (const client of [editor, adapter]) client.terminate();
});

it("a client with a name that steers terminals is logged without it", async () => {
  const hub = await HubProcess.start();
  onTestFinished(() => hub.dispose());
  const socket = await RawSocket.open(Number(new URL(hub.url).port));
  onTestFinished(() => socket.destroy());
  socket.send(Buffer.from("GET / HTTP/1.1\r\nHost: evil\x9b2J\x9d0;owned\x9c\r\n\r\n", "latin1"));
  expect([400, 403]).toContain(await socket.status());
  const cli = new CommandLine({ GODOT_HUB_HOME: hub.home });
  const shown = await until(async () => /Host.*evil/.exec((await cli.run(["audit"])).stdout)?.input, {
    what: "the entry of the audit log",
  });
  expect(shown).not.toMatch(STEERING);
});

it("this program's own colours are left", () => {
  const coloured = "\u001b[32mok\u001b[39m \u001b[1mbold\u001b[22m";
  expect(visibleText(coloured, true)).toBe(coloured);
  expect(visibleText(coloured, false)).not.toMatch(STEERING);
  expect(visibleText("\u001b[31;5mx\u001b[8m", true)).toBe("\\u001b[31;5mx\\u001b[8m");
});
