/** Tests a hub with TLS and a certificate that no authority has signed: only clients that have the certificate trust it. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { GodotEditor } from "../support/godot-editor.ts";
import { HubProcess } from "../support/hub-process.ts";
import { type McpClient, startMcpClient } from "../support/mcp-client.ts";
import { Agent, textOf } from "../support/studio.ts";
import { until } from "../support/wait.ts";

const CERTIFICATE = fileURLToPath(new URL("../hub/cli/tls/certificate.pem", import.meta.url));
const KEY = fileURLToPath(new URL("../hub/cli/tls/key.pem", import.meta.url));
const TRUST = { GODOT_HUB_TLS_CA: CERTIFICATE };

let hub: HubProcess;
const clients: McpClient[] = [];
const editors: GodotEditor[] = [];
beforeAll(async () => {
  hub = await HubProcess.start({ env: { GODOT_HUB_TLS_CERT: CERTIFICATE, GODOT_HUB_TLS_KEY: KEY } });
});
afterAll(async () => {
  await Promise.allSettled(clients.map((client) => client.close()));
  await Promise.allSettled(editors.map((editor) => editor.dispose()));
  await hub.dispose();
});

async function agent(env: Record<string, string>, args: string[] = []): Promise<Agent> {
  const client = await startMcpClient({ home: hub.home, cwd: hub.home, env, args: ["--no-launch", ...args] });
  clients.push(client);
  return new Agent(client);
}

it("is trusted by an adapter and an editor that were given it, and they work together", async () => {
  expect(hub.url).toMatch(/^wss:/);
  const start = (name: string, env: Record<string, string>): void => {
    editors.push(GodotEditor.start({ name, env: { GODOT_HUB_HOME: hub.home, ...env } }));
  };
  start("stranger", {});
  start("trusting", TRUST);
  const builder = await agent(TRUST);
  const status = await until(
    async () => {
      const text = textOf(await builder.call("hub_status"));
      return text.includes("trusting@") && text;
    },
    { what: "the editor", deadlineMs: 90_000 },
  );
  expect(status).not.toContain("stranger@");
  await builder.call("hub_use", { target: "trusting" });
  expect(textOf(await builder.call("project_overview"))).toContain('name: "trusting"');
});

it("is not trusted by an adapter that has none or another one, which says what to do", async () => {
  const refused = await (await agent({})).call("hub_status");
  expect(refused).toMatchObject({ isError: true, structuredContent: { kind: "HUB_REFUSED" } });
  expect(textOf(refused)).toMatch(/can't be trusted: wss:.*self-signed certificate/);
  expect(textOf(refused)).toContain("GODOT_HUB_TLS_CA");
  const unread = await (await agent({}, ["--tls-ca", `${CERTIFICATE}.gone`])).call("hub_status");
  expect(textOf(unread)).toContain("certificate.pem.gone can't be read");
});
