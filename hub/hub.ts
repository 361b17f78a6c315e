/** Composes the hub: its rooms from left to right, then the observers. What happens is in the modules named here. */
import { EVENT_HISTORY_BYTES } from "../protocol/timing.ts";
import type { Rejection } from "./access/access.ts";
import { DashboardSessions } from "./access/dashboard-sessions.ts";
import { Audit } from "./audit/audit.ts";
import { ClientRegistry, IdleWatch } from "./clients/client-registry.ts";
import { ResumeTokens } from "./clients/resume-token.ts";
import { Heartbeat } from "./connections/heartbeat.ts";
import { createHttpHandler, healthRoutes } from "./connections/http.ts";
import { Listener } from "./connections/listener.ts";
import { OpenConnections } from "./connections/open-connections.ts";
import { dashboardRoutes } from "./dashboard/routes.ts";
import { endpointUrl } from "./endpoint-url.ts";
import { EventFeed } from "./events/event-feed.ts";
import type { HubAddress, HubOptions, StatusFacts } from "./hub-options.ts";
import { EditorLauncher } from "./launching/editor-launcher.ts";
import { HubApi } from "./methods/hub-api.ts";
import { HubCalls, type MethodHandlers } from "./methods/hub-calls.ts";
import { OwnerActions } from "./methods/owner-actions.ts";
import { AuthGuard } from "./policy/auth-guard.ts";
import { Policy } from "./policy/policy.ts";
import { HandshakeServer } from "./routing/handshake-server.ts";
import { Presence } from "./routing/presence.ts";
import { Router } from "./routing/router.ts";
import { TargetLookup, TargetWaitQueue } from "./routing/target-waits.ts";
import { DisconnectPolicy } from "./scheduling/disconnect-policy.ts";
import { HubEvents } from "./scheduling/hub-events.ts";
import { InstancePauses } from "./scheduling/instance-pauses.ts";
import { PendingTable } from "./scheduling/pending-table.ts";
import { Scheduler } from "./scheduling/scheduler.ts";
import { Activity } from "./watching/activity.ts";
import { Metrics } from "./watching/metrics.ts";
import { traceCommands } from "./watching/tracing.ts";
import { UsageLedger } from "./watching/usage-ledger.ts";
import { withTimeout } from "./with-timeout.ts";

/** How long connections may take to close when the hub stops, ms. */
const CLOSE_TIMEOUT_MS = 2_000;

/** One hub: `start` it once, `stop` it once. */
export class Hub {
  /** What happens, for observers. */
  readonly events = new HubEvents();
  readonly #options: HubOptions;
  readonly #facts: StatusFacts;
  readonly #sessions: DashboardSessions;
  readonly #connections = new OpenConnections();
  readonly #core: Core;
  readonly #observers: Observers;
  readonly #router: Router;
  readonly #listener: Listener;
  readonly #guard: AuthGuard;
  readonly #heartbeat: Heartbeat;
  readonly #idle: IdleWatch | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: HubOptions) {
    const { config, logger, token, onStopRequest = () => {} } = options;
    const { events } = this;
    this.#options = options;
    this.#facts = {
      url: "",
      startedAt: new Date(),
      startedTick: performance.now(),
      autoStarted: config.autoStarted,
    };
    this.#sessions = new DashboardSessions(token);
    this.#core = createCore(options, events);
    const { registry } = this.#core;
    const onRejected = (rejection: Rejection): void => void events.emit("rejected", rejection);
    this.#guard = new AuthGuard({ ...options, registry, sessions: this.#sessions, onRejected });
    this.#observers = this.#createObservers();
    const policy = new Policy(config);
    const calls = new HubCalls({ methods: this.#createMethods(onStopRequest), policy, events, logger });
    const presence = new Presence({ ...this.#core, events, logger });
    this.#router = new Router({ ...config, ...this.#core, calls, policy, events, logger, presence });
    const { heartbeatIntervalMs: intervalMs, heartbeatTimeoutMs: timeoutMs } = config;
    this.#heartbeat = new Heartbeat({ intervalMs, timeoutMs, logger });
    this.#listener = this.#createListener(presence);
    if (config.autoStarted) this.#idle = new IdleWatch(registry, config.idleExitMs, onStopRequest);
  }

  /**
   * Binds the port and serves.
   * @throws the system's error (`code` EADDRINUSE, EACCES, ...) when the port can't be bound.
   */
  async start(): Promise<HubAddress> {
    const { config, beforeAccept } = this.#options;
    const startedAt = this.#facts.startedAt.toISOString();
    let address: HubAddress = { port: 0, url: "", startedAt };
    await this.#observers.audit.open();
    await this.#listener.listen(async (port) => {
      address = { port, url: endpointUrl(config, port), startedAt };
      this.#facts.url = address.url;
      await beforeAccept?.(address);
    });
    return address;
  }

  /** Lets commands in flight finish, for a bounded time, then closes every connection with 1001. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const { registry, table, scheduler, waits } = this.#core;
    this.#listener.stopAccepting();
    this.#router.drain();
    scheduler.drain();
    await withTimeout(table.whenEmpty(), this.#options.config.drainTimeoutMs);
    for (const part of [this.#heartbeat, this.#guard, waits, this.#idle, this.#observers.activity, table, scheduler])
      part?.dispose();
    await this.#connections.closeAll("GOING_AWAY", "The hub is stopping.", CLOSE_TIMEOUT_MS);
    registry.dispose();
    this.#listener.destroy();
    await this.#observers.audit.close();
  }

  #createObservers(): Observers {
    const { config, logger, token } = this.#options;
    const { events } = this;
    const { registry, table, scheduler } = this.#core;
    const watched = { registry, table, leases: scheduler.leases };
    const feed = new EventFeed({ count: config.eventHistory, size: EVENT_HISTORY_BYTES }, events);
    const audit = new Audit({ ...config, events, token, logger });
    const activity = new Activity({ ...watched, events, facts: this.#facts, sessions: this.#sessions });
    const metrics = new Metrics(events, { ...watched, connections: this.#connections, feed, audit });
    return { feed, audit, activity, metrics, usage: new UsageLedger(events) };
  }

  /** The hub's own methods, each from the part that answers it. */
  #createMethods(onStopRequest: () => void): MethodHandlers {
    const { config, logger } = this.#options;
    const { feed, audit, activity, usage } = this.#observers;
    const targets = new TargetLookup({ ...config, ...this.#core });
    const parts = { ...config, ...this.#core, targets, sessions: this.#sessions, facts: this.#facts };
    const owner = new OwnerActions(parts);
    const launcher = new EditorLauncher({ ...parts, logger });
    return {
      ...new HubApi({ ...parts, owner, launcher, onStopRequest }).methods,
      ...owner.methods,
      ...feed.methods(targets),
      ...audit.methods,
      ...activity.methods,
      ...usage.methods,
    };
  }

  #createListener(presence: Presence): Listener {
    const { config, logger } = this.#options;
    const { access } = this.#guard;
    const parts = { heartbeat: this.#heartbeat, connections: this.#connections, router: this.#router, presence };
    const handshakes = new HandshakeServer({ ...config, ...this.#core, ...parts, access });
    const routes = {
      ...healthRoutes(() => this.#stopping === undefined),
      ...this.#observers.metrics.routes,
      ...dashboardRoutes({ sessions: this.#sessions, access, isSecure: config.tlsCert !== undefined }),
    };
    return new Listener({
      ...config,
      access,
      logger,
      http: createHttpHandler(access, routes, logger),
      onConnection: (connection) => handshakes.receive(connection),
    });
  }
}

type Core = ReturnType<typeof createCore>;

/** Clients, and what becomes of their commands. */
function createCore({ config, token, settleMs = 0 }: HubOptions, events: HubEvents) {
  const tokens = new ResumeTokens(token);
  const registry = new ClientRegistry({ ...config, tokens });
  const table = new PendingTable(events, (request) => scheduler.onDeadline(request), config.maxMessageBytes);
  const scheduler: Scheduler = new Scheduler({ ...config, table, events, traceOf: traceCommands(events) });
  const disconnects = new DisconnectPolicy({ table, scheduler });
  const pauses = new InstancePauses({ registry, scheduler });
  return { tokens, registry, table, scheduler, disconnects, pauses, waits: new TargetWaitQueue(settleMs) };
}

/** They listen to the hub's events; no other part knows them. */
interface Observers {
  readonly feed: EventFeed;
  readonly audit: Audit;
  readonly activity: Activity;
  readonly metrics: Metrics;
  readonly usage: UsageLedger;
}
