/** Handles the hub's own methods that every client may call, by its role. */
import type { HubParams, HubResult, HubStatus, InstanceInfo, LeaseInfo } from "../../protocol/hub-methods.ts";
import type { RequestEnvelope } from "../../protocol/rpc.ts";
import { PRODUCT_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { DashboardSessions } from "../access/dashboard-sessions.ts";
import type { Client } from "../clients/client.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { Instance } from "../clients/instance.ts";
import type { StatusFacts } from "../hub-options.ts";
import type { EditorLauncher } from "../launching/editor-launcher.ts";
import { StopGuard } from "../launching/stop-guard.ts";
import { requireOwner } from "../policy/policy.ts";
import { bindingTo, drivenBy } from "../routing/target.ts";
import type { TargetLookup, TargetWaitQueue } from "../routing/target-waits.ts";
import { type Lease, wireId } from "../scheduling/pending-request.ts";
import type { PendingTable } from "../scheduling/pending-table.ts";
import { lapsesAt } from "../scheduling/request-errors.ts";
import type { Scheduler } from "../scheduling/scheduler.ts";
import type { MethodHandlers } from "./hub-calls.ts";

/** How long a lease lasts when the request does not say. */
const DEFAULT_LEASE_MS = 60_000;

/** How long an editor that is started may take to register. */
const LAUNCH_WAIT_MS = 60_000;

/** What the hub's methods read and change. */
interface HubApiOptions {
  registry: ClientRegistry;
  table: PendingTable;
  scheduler: Scheduler;
  waits: TargetWaitQueue;
  targets: TargetLookup;
  launcher: EditorLauncher;
  /** Finds the client whose leases are meant. */
  owner: { holder(client: Client, spec: string | undefined): Client };
  sessions: DashboardSessions;
  commandDeadlineMs: number;
  facts: StatusFacts;
  /** A client asks the hub to end. */
  onStopRequest: () => void;
}

/** Answers the hub's own methods. */
export class HubApi {
  readonly #options: HubApiOptions;
  readonly #targets: TargetLookup;
  constructor(options: HubApiOptions) {
    this.#options = options;
    this.#targets = options.targets;
  }

  /** Its methods by name. */
  get methods() {
    const options = this.#options;
    return {
      "hub.status": () => ({
        ...hubStatus(options.facts, options.registry, options.table),
        launches: options.waits.expected.describe(),
        ...(options.launcher.program && { godot: options.launcher.program }),
      }),
      "hub.list_instances": () => ({
        instances: options.registry.instances.map((instance) => this.#describe(instance)),
      }),
      "hub.list_clients": () => ({ clients: options.registry.clients.map((client) => client.describe()) }),
      "hub.bind_target": (client, params, request) => this.#bind(client, params.target, request),
      "hub.resolve_target": async (client, params, request) => ({
        instance: this.#describe(await this.#targets.find(client, { target: params.target }, request)),
      }),
      "hub.list_commands": async (client, params, request) => ({
        commands: [...(await this.#targets.find(client, { target: params.target }, request)).customCommands],
      }),
      "hub.cancel": (client, params) => this.#cancel(client, params.id),
      "hub.acquire_lease": (client, params, request) => this.#acquireLease(client, params, request),
      "hub.release_lease": (client, params, request) => this.#releaseLease(client, params, request),
      "hub.list_leases": () => this.#listLeases(),
      "instance.launch": (client, params) => this.#launch(client, params),
      "instance.stop": (client, params, request) => this.#stop(client, params, request),
      "hub.shutdown": (_client, params) => this.#shutdown(params.ifAutoStarted ?? false),
    } satisfies Partial<MethodHandlers>;
  }

  async #launch(
    client: Client,
    { project, waitMs = LAUNCH_WAIT_MS, godot }: HubParams<"instance.launch">,
  ): Promise<HubResult<"instance.launch">> {
    if (godot !== undefined) requireOwner(client, "name the program to start", this.#options.sessions);
    return { instance: this.#describe(await this.#options.launcher.launch(client, project, waitMs, godot)) };
  }

  async #bind(
    client: Client,
    target: string | null,
    request: RequestEnvelope,
  ): Promise<{ instance: InstanceInfo | null }> {
    if (target === null) {
      client.binding = undefined;
      return { instance: null };
    }
    const instance = await this.#targets.find(client, { target }, request);
    client.binding = bindingTo(instance);
    return { instance: this.#describe(instance) };
  }

  async #stop(
    client: Client,
    { target, discard = false }: HubParams<"instance.stop">,
    request: RequestEnvelope,
  ): Promise<HubResult<"instance.stop">> {
    const instance = await this.#targets.find(client, { target }, request);
    const { launcher, commandDeadlineMs } = this.#options;
    const guard = new StopGuard(this.#options);
    const admit = () => guard.admit(instance, client, discard);
    const stop = () => launcher.stop(instance, admit);
    launcher.requireOwn(instance);
    const lost = await guard.inTurn(instance, client, request.deadlineMs ?? commandDeadlineMs, stop);
    return { stopped: instance.name, ...(lost.length > 0 && { lost }) };
  }

  #describe(instance: Instance): InstanceInfo {
    const { clients, instances } = this.#options.registry;
    const agents = clients
      .filter((client) => client.clientType === "mcp" && drivenBy(client, instances) === instance)
      .map((client) => client.name);
    return { ...instance.describeInstance(agents), ...this.#options.launcher.detailOf(instance) };
  }

  #listLeases(): { leases: LeaseInfo[] } {
    const leases = [...this.#options.scheduler.leases];
    return { leases: leases.map(({ instance, lease }) => describeLease(instance, lease)) };
  }

  async #acquireLease(
    client: Client,
    { resources, durationMs, target }: HubParams<"hub.acquire_lease">,
    request: RequestEnvelope,
  ): Promise<{ leases: LeaseInfo[] }> {
    const { scheduler, commandDeadlineMs } = this.#options;
    const instance = await this.#targets.find(client, { target }, request);
    const deadlineMs = request.deadlineMs ?? commandDeadlineMs;
    const query = { instance, resources, durationMs: durationMs ?? DEFAULT_LEASE_MS, deadlineMs };
    const taken = await scheduler.leaseRequests.acquire(client, query);
    return { leases: taken.map((lease) => describeLease(instance, lease)) };
  }

  async #releaseLease(
    client: Client,
    { resources, target, holder }: HubParams<"hub.release_lease">,
    request: RequestEnvelope,
  ): Promise<{ released: string[] }> {
    const { owner, scheduler } = this.#options;
    const of = owner.holder(client, holder);
    const instance = target === undefined ? undefined : await this.#targets.find(client, { target }, request);
    return { released: scheduler.leases.release(of, instance, resources) };
  }

  #cancel(client: Client, id: string | number): { cancelled: boolean } {
    const pending = this.#options.table.get(wireId(client.id, id));
    if (pending) this.#options.scheduler.cancel(pending);
    return { cancelled: pending !== undefined };
  }

  #shutdown(ifAutoStarted: boolean): { stopping: boolean } {
    const stopping = !ifAutoStarted || this.#options.facts.autoStarted;
    if (stopping) setImmediate(this.#options.onStopRequest);
    return { stopping };
  }
}

function describeLease(instance: Instance, lease: Lease): LeaseInfo {
  const { resource, holder, explicit } = lease;
  return { instance: instance.name, resource, holder: holder.name, explicit, until: lapsesAt(lease) };
}

/** The status at this moment. */
function hubStatus(facts: StatusFacts, registry: ClientRegistry, table: PendingTable): HubStatus {
  const { instances } = registry;
  const present = instances.filter((instance) => instance.connection);
  return {
    version: PRODUCT_VERSION,
    protocolVersion: PROTOCOL_VERSION,
    pid: process.pid,
    url: facts.url,
    startedAt: facts.startedAt.toISOString(),
    uptimeMs: Math.round(performance.now() - facts.startedTick),
    autoStarted: facts.autoStarted,
    clients: registry.clients.length,
    instances: present.length,
    counters: { ...table.counters, pending: table.size },
    queues: instances.map(({ id, name, workload }) => ({
      instanceId: id,
      name,
      inFlight: workload.inFlightCount,
      queued: workload.queuedCount,
    })),
  };
}
