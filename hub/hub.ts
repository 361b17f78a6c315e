/** The hub, composed: what is connected to what. Everything that happens is in the modules named here. */
import { readFileSync } from "node:fs";
import { EVENT_HISTORY_BYTES, SEND_STALL_MS } from "../protocol/timing.ts";
import { Gate } from "./access/gate.ts";
import { Policy } from "./access/policy.ts";
import { Audit } from "./audit/audit.ts";
import { Attendance } from "./clients/attendance.ts";
import { ClientRegistry } from "./clients/client-registry.ts";
import { IdleWatch } from "./clients/idle-watch.ts";
import type { Instance } from "./clients/instance.ts";
import { ResumeTokens } from "./clients/resume-token.ts";
import { Heartbeat } from "./connections/heartbeat.ts";
import { createHttpHandler, type HttpRoutes, healthRoutes } from "./connections/http.ts";
import { Listener } from "./connections/listener.ts";
import { OpenConnections } from "./connections/open-connections.ts";
import { Reception } from "./connections/reception.ts";
import { dashboardRoutes } from "./dashboard/routes.ts";
import { DashboardSessions } from "./dashboard/sessions.ts";
import { endpointUrl } from "./endpoint-url.ts";
import { EventFeed } from "./events/event-feed.ts";
import { HubApi } from "./hub-api.ts";
import { HubEvents } from "./hub-events.ts";
import type { HubAddress, HubOptions } from "./hub-options.ts";
import { InstancePauses } from "./instance-pauses.ts";
import { EditorLauncher } from "./launching/editor-launcher.ts";
import { OwnerActions } from "./owner-actions.ts";
import { HubCalls } from "./routing/hub-calls.ts";
import type { EventNotification } from "./routing/incoming.ts";
import { Router } from "./routing/router.ts";
import { TargetWaits } from "./routing/target-waits.ts";
import { InstanceFates } from "./scheduling/instance-fates.ts";
import { Lanes } from "./scheduling/lanes.ts";
import type { PendingRequest } from "./scheduling/pending-request.ts";
import { PendingTable } from "./scheduling/pending-table.ts";
import { Scheduler } from "./scheduling/scheduler.ts";
import { Activity } from "./watching/activity.ts";
import { Metrics } from "./watching/metrics.ts";
import type { StatusFacts } from "./watching/status.ts";
import { traceCommands } from "./watching/tracing.ts";
import { UsageLedger } from "./watching/usage-ledger.ts";
import { withTimeout } from "./with-timeout.ts";

/** How long connections may take to close when the hub stops, ms. */
const CLOSE_TIMEOUT_MS = 2_000;

/** One hub: `start` it once, `stop` it once. */
export class Hub {
  /** What happens, for whoever watches. */
  readonly events = new HubEvents();
  readonly #options: HubOptions;
  readonly #registry: ClientRegistry;
  readonly #table: PendingTable;
  readonly #scheduler: Scheduler;
  readonly #fates: InstanceFates;
  readonly #pauses: InstancePauses;
  readonly #router: Router;
  readonly #heartbeat: Heartbeat;
  readonly #waits: TargetWaits;
  readonly #feed: EventFeed;
  readonly #gate: Gate;
  readonly #listener: Listener;
  readonly #reception: Reception;
  readonly #idle: IdleWatch | undefined;
  readonly #facts: StatusFacts;
  readonly #metrics: Metrics;
  readonly #sessions: DashboardSessions;
  readonly #activity: Activity;
  readonly #audit: Audit;
  readonly #connections = new OpenConnections();
  #stopping: Promise<void> | undefined;

  constructor(options: HubOptions) {
    this.#options = options;
    const { config, logger, token } = options;
    const { autoStarted } = config;
    this.#facts = { url: "", startedAt: new Date(), startedTick: performance.now(), autoStarted };
    const onStopRequest = options.onStopRequest ?? (() => {});
    const tokens = new ResumeTokens(token);
    this.#registry = new ClientRegistry({ ...config, tokens });
    const onDeadline = (request: PendingRequest) => this.#scheduler.onDeadline(request);
    this.#table = new PendingTable(this.events, onDeadline, config.maxMessageBytes);
    const lanes = new Lanes(config);
    const contextOf = traceCommands(this.events);
    this.#scheduler = new Scheduler({ ...config, table: this.#table, lanes, events: this.events, contextOf });
    this.#fates = new InstanceFates({ table: this.#table, lanes, scheduler: this.#scheduler });
    this.#pauses = new InstancePauses({ registry: this.#registry, scheduler: this.#scheduler });
    this.#feed = new EventFeed({ count: config.eventHistory, size: EVENT_HISTORY_BYTES });
    this.#waits = new TargetWaits(options.settleMs ?? 0);
    const watched = { registry: this.#registry, table: this.#table, leases: this.#scheduler.leases };
    this.#sessions = new DashboardSessions(token);
    const { events } = this;
    this.#activity = new Activity({ ...watched, events, facts: this.#facts, sessions: this.#sessions });
    this.#audit = new Audit({ ...config, events, token, logger });
    const counted = { connections: this.#connections, feed: this.#feed, audit: this.#audit };
    this.#metrics = new Metrics(events, { ...watched, ...counted });
    this.#router = this.#createRouter(onStopRequest);
    this.#heartbeat = new Heartbeat({
      intervalMs: config.heartbeatIntervalMs,
      timeoutMs: config.heartbeatTimeoutMs,
      logger,
    });
    const guarded = { registry: this.#registry, facts: this.#facts, sessions: this.#sessions };
    this.#gate = new Gate({ ...options, ...guarded, events });
    this.#reception = this.#createReception(tokens);
    this.#listener = this.#createListener();
    if (autoStarted) this.#idle = new IdleWatch(this.#registry, config.idleExitMs, onStopRequest);
  }

  /**
   * Binds the port and serves.
   * @throws the system's error (`code` EADDRINUSE, EACCES, ...) when the port can't be bound.
   */
  async start(): Promise<HubAddress> {
    const { config, beforeAccept } = this.#options;
    const startedAt = this.#facts.startedAt.toISOString();
    let address: HubAddress = { port: 0, url: "", startedAt };
    await this.#audit.open();
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
    this.#listener.stopAccepting();
    this.#router.drain();
    this.#scheduler.drain();
    await withTimeout(this.#table.whenEmpty(), this.#options.config.drainTimeoutMs);
    this.#heartbeat.dispose();
    this.#gate.dispose();
    this.#waits.dispose();
    this.#idle?.dispose();
    this.#activity.dispose();
    this.#table.dispose();
    this.#scheduler.dispose();
    await this.#connections.closeAll("GOING_AWAY", "The hub is stopping.", CLOSE_TIMEOUT_MS);
    this.#registry.dispose();
    this.#listener.destroy();
    await this.#audit.close();
  }

  /** The router, and the hub's own methods that it answers. */
  #createRouter(onStopRequest: () => void): Router {
    const { config, logger } = this.#options;
    const { commandDeadlineMs } = config;
    const parts = { registry: this.#registry, table: this.#table, scheduler: this.#scheduler, waits: this.#waits };
    const launcher = new EditorLauncher({ ...config, ...parts, logger });
    const owner = new OwnerActions({
      ...parts,
      pauses: this.#pauses,
      sessions: this.#sessions,
      activity: this.#activity,
      facts: this.#facts,
    });
    const api = new HubApi({
      ...parts,
      owner,
      audit: this.#audit.log,
      usage: new UsageLedger(this.events),
      feed: this.#feed,
      launcher,
      commandDeadlineMs,
      facts: this.#facts,
      onStopRequest,
    });
    const policy = new Policy(config);
    const { events } = this;
    return new Router({
      ...parts,
      calls: new HubCalls({ api, policy, events, logger }),
      policy,
      events,
      commandDeadlineMs,
      logger,
      onEvent: this.#onEvent,
      onUnread: (instance) => this.#fates.onUnread(instance),
    });
  }

  #createReception(tokens: ResumeTokens): Reception {
    const { config, logger } = this.#options;
    const attendance = new Attendance({
      registry: this.#registry,
      fates: this.#fates,
      scheduler: this.#scheduler,
      feed: this.#feed,
      waits: this.#waits,
      pauses: this.#pauses,
      events: this.events,
      logger,
    });
    return new Reception({
      ...config,
      access: this.#gate.access,
      registry: this.#registry,
      tokens,
      heartbeat: this.#heartbeat,
      connections: this.#connections,
      router: this.#router,
      onArrived: (client, how) => attendance.onArrived(client, how),
    });
  }

  #createRoutes(): HttpRoutes {
    const { tlsCert } = this.#options.config;
    return {
      ...healthRoutes(() => this.#stopping === undefined),
      ...this.#metrics.routes,
      ...dashboardRoutes({ sessions: this.#sessions, access: this.#gate.access, isSecure: tlsCert !== undefined }),
    };
  }

  #createListener(): Listener {
    const { config, logger } = this.#options;
    return new Listener({
      ...config,
      tls:
        config.tlsCert && config.tlsKey
          ? { cert: readFileSync(config.tlsCert, "utf8"), key: readFileSync(config.tlsKey, "utf8") }
          : undefined,
      sendLimits: {
        softBytes: config.sendBufferBytes,
        hardBytes: config.sendBufferBytes + config.maxMessageBytes,
        stallMs: SEND_STALL_MS,
      },
      access: this.#gate.access,
      logger,
      http: createHttpHandler(this.#gate.access, this.#createRoutes(), logger),
      onConnection: (connection) => this.#reception.receive(connection),
    });
  }

  readonly #onEvent = (instance: Instance, event: EventNotification): void => {
    instance.report(event.event, event.data);
    this.#pauses.onReport(instance, event);
    this.#fates.onReport(this.#registry.instances, instance, event);
    this.#feed.publish({ ...event, instanceId: instance.id }, instance.permit);
    this.events.emit("reported", instance, event);
  };
}
