import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { HubProcess } from "../support/hub-process.ts";
import { ADAPTER_PROGRAM } from "../support/mcp-client.ts";
import { REVISION } from "../support/modern-client.ts";
import { CLIENTS, RUN_MS, runScript } from "./scripted-client.ts";

/** What a client has sent, a message of JSON-RPC each. */
interface Sent {
  readonly method?: string;
  readonly params?: { readonly _meta?: Record<string, unknown> };
}

/** Lets Claude Code start the adapter through a program that records its input in `sent`. */
function listenIn(home: string, sent: string): void {
  const listener = join(home, "listener.mjs");
  writeFileSync(
    listener,
    `import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
const child = spawn(process.execPath, process.argv.slice(2), { stdio: ["pipe", "inherit", "inherit"] });
process.stdin.on("data", (chunk) => (appendFileSync(${JSON.stringify(sent)}, chunk), child.stdin.write(chunk)));
process.stdin.on("end", () => child.stdin.end());
child.on("exit", (code) => process.exit(code ?? 1));
`,
  );
  const file = join(home, ".claude.json");
  const config = JSON.parse(readFileSync(file, "utf8"));
  config.mcpServers.godot = {
    ...config.mcpServers.godot,
    command: process.execPath,
    args: [listener, ADAPTER_PROGRAM],
  };
  writeFileSync(file, JSON.stringify(config));
}

it("Claude Code asks in the newer era of MCP, and is served in it to the end", { timeout: RUN_MS }, async () => {
  const home = mkdtempSync(join(tmpdir(), "godot-era-home-"));
  const hub = await HubProcess.start({ home: join(home, ".godot-hub") });
  const sent = join(home, "sent.jsonl");
  try {
    const [claude] = CLIENTS;
    if (claude?.client !== "claude") throw new Error("Claude Code is the first of the clients.");
    const listened = { ...claude, prepare: () => listenIn(home, sent) };
    const { model, printed } = await runScript(listened, home, [{ name: "hub_status", args: {} }]);
    expect(model.results[0]?.text, printed).toContain("This session: ");
    const lines = readFileSync(sent, "utf8").split("\n").filter(Boolean);
    const messages = lines.map((line): Sent => JSON.parse(line)).filter(({ method }) => method !== undefined);
    expect(messages[0]?.method).toBe("server/discover");
    expect(messages.map(({ method }) => method)).toEqual(expect.arrayContaining(["tools/list", "tools/call"]));
    const requests = messages.filter(({ method }) => !method?.startsWith("notifications/"));
    for (const { method, params } of requests) {
      expect(params?._meta?.["io.modelcontextprotocol/protocolVersion"], method).toBe(REVISION);
    }
  } finally {
    await hub.dispose();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
});
