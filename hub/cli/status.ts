/** `godot-hub status`: the hub, its instances and its clients, for people or as JSON. */
import type { Command } from "commander";
import { uptime } from "../../hub-client/durations.ts";
import type { HubFile } from "../../hub-client/state-dir.ts";
import type { ClientInfo, HubStatus, InstanceInfo } from "../../protocol/hub-methods.ts";
import type { HubConfig } from "../config.ts";
import type { CliContext } from "./context.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { askHub, describeHub, findHub } from "./find-hub.ts";
import { configOf } from "./options.ts";
import { type Terminal, table } from "./terminal.ts";

/** Adds `godot-hub status`. */
export function addStatus(program: Command, context: CliContext): void {
  program
    .command("status")
    .description("show the hub, its instances and clients; exit code 1 when no hub runs")
    .option("--json", "print JSON")
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      context.exitCode = await status(configOf(command), json, context.terminal);
    });
}

/** Everything that `status --json` prints of a hub that runs. */
interface Report {
  running: true;
  hub: HubFile;
  status: HubStatus;
  instances: InstanceInfo[];
  clients: ClientInfo[];
}

/** @returns the exit code: OK when a hub runs and answers, FAILED when none does. */
export async function status(config: HubConfig, json: boolean, terminal: Terminal): Promise<number> {
  const { running, isSilent, stale } = await findHub(config.home);
  if (running && isSilent) {
    const text = `A hub runs and does not answer: ${describeHub(running)}. It is stopped or has more to do than it can: look at \`godot-hub logs\`; \`godot-hub stop\` ends it.`;
    terminal.out(json ? JSON.stringify({ running: true, silent: true, hub: running }) : text);
    return EXIT_CODES.FAILED;
  }
  if (!running) {
    const left = stale === undefined ? "" : " (one has left its hub.json behind)";
    terminal.out(json ? JSON.stringify({ running: false }) : `No hub runs${left}. Start one with \`godot-hub start\`.`);
    return EXIT_CODES.FAILED;
  }
  const { own, ...report } = await ask(config, running);
  terminal.out(json ? JSON.stringify(report, null, 2) : describe(report, own));
  return EXIT_CODES.OK;
}

/** `own`: the client that this command itself is. */
function ask(config: HubConfig, hub: HubFile): Promise<Report & { own: string }> {
  return askHub(config, hub, async (client) => {
    const status = await client.request("hub.status", {});
    const { instances } = await client.request("hub.list_instances", {});
    const { clients } = await client.request("hub.list_clients", {});
    return { running: true, hub, status, instances, clients, own: client.id };
  });
}

function describe({ hub, status, instances, clients }: Report, own: string): string {
  const others = clients.filter(({ id }) => id !== own);
  const { accepted, answered, pending } = status.counters;
  const parts = [
    `Hub ${status.version} at ${hub.url}, pid ${status.pid}, up ${uptime(status.uptimeMs)}${origin(hub)}`,
    `Requests: ${accepted} accepted, ${answered} answered, ${pending} pending`,
    section("Instances", instances.length, describeInstances(instances, status), TO_INSTALL),
    section("Clients", others.length, describeClients(others), TO_CONNECT),
  ];
  return parts.join("\n");
}

function origin({ autoStarted, service }: HubFile): string {
  if (service) return ", run as a service";
  return autoStarted ? ", started on demand" : "";
}

/** What makes the first one appear. */
const TO_INSTALL = "`godot-hub install <project>`, then open it in Godot";
const TO_CONNECT = "`godot-hub connect --client <name>`";

function section(title: string, count: number, body: string, toHaveOne: string): string {
  return count === 0 ? `${title}: none (${toHaveOne})` : `${title}: ${count}\n${body.replace(/^/gm, "  ")}`;
}

function describeInstances(instances: readonly InstanceInfo[], { queues }: HubStatus): string {
  const byId = new Map(queues.map((queue) => [queue.instanceId, queue]));
  const rows = instances.map(({ id, name, state, detail, godotVersion, agents, project }) => {
    const queue = byId.get(id);
    const doing = detail === undefined ? state : `${state} (${detail})`;
    const load = `${queue?.inFlight ?? 0} / ${queue?.queued ?? 0}`;
    return [name, doing, godotVersion ?? "-", load, agents.join(", ") || "-", project?.path ?? "-"];
  });
  return table([["NAME", "STATE", "GODOT", "RUNNING / QUEUED", "AGENTS", "PROJECT"], ...rows]);
}

function describeClients(clients: readonly ClientInfo[]): string {
  const rows = clients.map(({ name, clientType, agent, target, pending, connectedAt }) => [
    name,
    clientType,
    agent ? `${agent.name} ${agent.version}`.trim() : "-",
    target ?? "-",
    String(pending),
    connectedAt,
  ]);
  return table([["NAME", "TYPE", "AGENT", "TARGET", "PENDING", "SINCE"], ...rows]);
}
