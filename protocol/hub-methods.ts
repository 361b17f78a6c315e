/** Requests that the hub answers itself: `hub.*` and `instance.*`, with the schemas of their params and results. */
import { z } from "zod";
import { auditEntrySchema, auditFilterSchema } from "./audit.ts";
import { type HubMethodDefinition, OWNER_METHODS } from "./owner-methods.ts";
import { COMMAND_DEADLINE_MAX_MS, EXPLICIT_LEASE_MAX_MS } from "./timing.ts";

/** What an instance is doing. `away`: its connection is gone, and its grace period or its process runs. `importing`: so it said last. */
export const instanceStateSchema = z.enum(["ready", "busy", "importing", "playing", "away", "paused"]);
export type InstanceState = z.infer<typeof instanceStateSchema>;

/** One registered Godot editor (or running game) as `hub.list_instances` shows it. Times are ISO 8601. */
export const instanceInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  clientType: z.string(),
  /** Id of the editor that plays it; absent for an editor. */
  parent: z.string().optional(),
  project: z.object({ name: z.string(), path: z.string() }).nullable(),
  godotVersion: z.string().nullable(),
  addonVersion: z.string(),
  pid: z.number().nullable(),
  epoch: z.string().nullable(),
  /** Program that the editor runs as, if it said. */
  executable: z.string().optional(),
  headless: z.boolean().nullable(),
  state: instanceStateSchema,
  /** More of the state, for people: how far an import is, how long the process of one that is away has been silent. */
  detail: z.string().optional(),
  agents: z.array(z.string()),
  connectedAt: z.string(),
  lastSeenAt: z.string(),
});
export type InstanceInfo = z.infer<typeof instanceInfoSchema>;

/** One registered client as `hub.list_clients` shows it. Times are ISO 8601. */
export const clientInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  clientType: z.string(),
  agent: z.object({ name: z.string(), version: z.string() }).nullable(),
  target: z.string().nullable(),
  connectedAt: z.string(),
  lastSeenAt: z.string(),
  pending: z.number().int(),
});
export type ClientInfo = z.infer<typeof clientInfoSchema>;

/** One command that runs or waits on an instance. */
export const queueInfoSchema = z.object({
  instanceId: z.string(),
  name: z.string(),
  inFlight: z.number().int(),
  queued: z.number().int(),
});

/** One lease. `until`: ISO 8601. */
export const leaseInfoSchema = z.object({
  instance: z.string(),
  resource: z.string(),
  holder: z.string(),
  explicit: z.boolean(),
  until: z.string(),
});
export type LeaseInfo = z.infer<typeof leaseInfoSchema>;

/** Counters since the hub started. Always: accepted = answered + pending. */
export const countersSchema = z.object({
  accepted: z.number().int(),
  answered: z.number().int(),
  pending: z.number().int(),
  late: z.number().int(),
  coalesced: z.number().int(),
  cached: z.number().int(),
  retried: z.number().int(),
  outcomeUnknown: z.number().int(),
});
export type Counters = z.infer<typeof countersSchema>;

/** The answer to `hub.status`. */
export const hubStatusSchema = z.object({
  version: z.string(),
  protocolVersion: z.number().int(),
  pid: z.number().int(),
  url: z.string(),
  startedAt: z.string(),
  uptimeMs: z.number(),
  autoStarted: z.boolean(),
  clients: z.number().int(),
  instances: z.number().int(),
  counters: countersSchema,
  queues: z.array(queueInfoSchema),
  /** Editors that the hub has started and that have not connected yet; `since`: ISO 8601, `detail`: how far they are, for people. */
  launches: z
    .array(z.object({ project: z.string(), pid: z.number().int(), since: z.string(), detail: z.string().optional() }))
    .optional(),
  /** The program that the hub starts editors with, and what it was found by. */
  godot: z.object({ path: z.string(), from: z.string() }).optional(),
});
export type HubStatus = z.infer<typeof hubStatusSchema>;

/** Token use by agent, tool and instance. */
export const usageSchema = z.object({
  since: z.string(),
  rows: z.array(
    z.object({
      agent: z.string(),
      tool: z.string(),
      instance: z.string().nullable(),
      calls: z.number().int(),
      tokens: z.number().int(),
      saved: z.number().int(),
    }),
  ),
  /** Reads that were answered without their instance: they shared the answer of an equal one in flight, or it was kept. */
  spared: z
    .array(
      z.object({
        agent: z.string(),
        instance: z.string(),
        coalesced: z.number().int(),
        cached: z.number().int(),
      }),
    )
    .default([]),
});

const noParams = z.object({});

/** Every method of the hub, with everything that is known of it. */
export const HUB_METHODS = {
  ...OWNER_METHODS,
  "hub.status": { kind: "look", params: noParams, result: hubStatusSchema },
  "hub.list_instances": {
    kind: "look",
    tool: { name: "hub_status" },
    params: noParams,
    result: z.object({ instances: z.array(instanceInfoSchema) }),
  },
  "hub.list_clients": { kind: "look", params: noParams, result: z.object({ clients: z.array(clientInfoSchema) }) },
  /** Binds the calling session to an instance, or to none with null. Fails as a command to that target would. */
  "hub.bind_target": {
    kind: "session",
    isShown: true,
    tool: { name: "hub_use" },
    params: z.object({ target: z.string().max(4_096).nullable() }),
    result: z.object({ instance: instanceInfoSchema.nullable() }),
  },
  /** Which instance a request of this session would reach now, without sending one. */
  "hub.resolve_target": {
    kind: "look",
    params: z.object({ target: z.string().max(4_096).optional() }),
    result: z.object({ instance: instanceInfoSchema }),
  },
  /** Custom commands of one instance. */
  "hub.list_commands": {
    kind: "look",
    params: z.object({ target: z.string().max(4_096).optional() }),
    result: z.object({
      commands: z.array(
        z.object({
          name: z.string(),
          description: z.string(),
          readOnly: z.boolean(),
          paramsSchema: z.record(z.string(), z.unknown()),
        }),
      ),
    }),
  },
  /** Takes back the request `id` of the calling session. */
  "hub.cancel": {
    kind: "session",
    params: z.object({ id: z.union([z.string(), z.number()]) }),
    result: z.object({ cancelled: z.boolean() }),
  },
  /** Takes resources of an instance for this session alone; LEASE_HELD when another one holds or writes to any of them. */
  "hub.acquire_lease": {
    kind: "control",
    isShown: true,
    command: {
      description:
        'Keeps other agents from writing to scenes or scripts for a while (60 s by default), such as ["scene:res://main.tscn"]. Writes take short leases by themselves.',
      keywords: "lock reserve exclusive nobody else edits",
    },
    params: z.object({
      resources: z.array(z.string().min(1).max(4_096)).min(1).max(64),
      durationMs: z.number().int().positive().max(EXPLICIT_LEASE_MAX_MS).optional(),
      target: z.string().max(4_096).optional(),
    }),
    result: z.object({ leases: z.array(leaseInfoSchema) }),
  },
  /** Gives back resources; all that this session holds when none is named. The owner may name another `holder`, by name or id. */
  "hub.release_lease": {
    kind: "session",
    isShown: true,
    command: {
      description: "Gives leases back, all that this session holds when none is named.",
      keywords: "unlock free",
    },
    params: z.object({
      resources: z.array(z.string().max(4_096)).max(64).optional(),
      target: z.string().max(4_096).optional(),
      holder: z.string().max(200).optional(),
    }),
    result: z.object({ released: z.array(z.string()) }),
  },
  "hub.list_leases": {
    kind: "look",
    command: { description: "Who may write to what, and until when.", keywords: "locks", readOnly: true },
    params: noParams,
    result: z.object({ leases: z.array(leaseInfoSchema) }),
  },
  /** Subscribes to events by name (`*` for any characters); `from` replays the kept events since that `seq` of `target`. */
  "hub.subscribe": {
    kind: "look",
    params: z.object({
      events: z.array(z.string().min(1).max(100)).min(1).max(64),
      target: z.string().max(4_096).optional(),
      from: z.number().int().min(0).optional(),
    }),
    result: z.object({ id: z.string(), instanceId: z.string().nullable(), seq: z.number().int() }),
  },
  /** Adds to what this client's tools have cost its model since its last report; tokens are estimates. */
  "hub.report_usage": {
    kind: "session",
    params: z.object({
      entries: z
        .array(
          z.object({
            tool: z.string().max(100),
            instance: z.string().max(200).nullable(),
            calls: z.number().int().min(0),
            tokens: z.number().int().min(0),
            saved: z.number().int().min(0),
          }),
        )
        .max(200),
    }),
    result: z.object({ added: z.number().int() }),
  },
  /** The cost of each agent's tools since the hub started, the savings against raw JSON, and the reads that editors were spared. */
  "hub.usage": { kind: "look", params: noParams, result: usageSchema },
  "hub.unsubscribe": {
    kind: "look",
    params: z.object({ id: z.string() }),
    result: z.object({ unsubscribed: z.boolean() }),
  },
  /**
   * Starts a headless editor on the project in a folder and waits for it; `waitMs` is 60,000 by default. `godot` names the
   * program: for the owner only, since it can be any.
   */
  "instance.launch": {
    kind: "control",
    isShown: true,
    tool: { name: "hub_use", with: { target: "<project folder>", launch: true } },
    command: {
      description: "Starts a headless editor on the project in a folder (absolute path) and waits for it.",
      keywords: "open launch godot headless without a window",
    },
    params: z.object({
      project: z.string().min(1).max(4_096),
      godot: z.string().min(1).max(4_096).optional(),
      waitMs: z.number().int().positive().max(COMMAND_DEADLINE_MAX_MS).optional(),
    }),
    result: z.object({ instance: instanceInfoSchema }),
  },
  /** Ends an editor that the hub has started. Its caller's unsaved work is lost, that of other sessions only with `discard`. Any other editor is refused. */
  "instance.stop": {
    kind: "control",
    isShown: true,
    command: {
      description:
        "Ends an editor that instance.launch has started. This session's unsaved work is lost; that of others only with discard:true.",
      keywords: "close quit headless",
      destructive: true,
    },
    params: z.object({ target: z.string().min(1).max(4_096), discard: z.boolean().optional() }),
    result: z.object({ stopped: z.string(), lost: z.array(z.string()).optional() }),
  },
  /** The latest entries of the audit log since this hub has started that fit, newest first; for the owner only. */
  "hub.audit": {
    kind: "owner",
    isAudited: false,
    params: auditFilterSchema.extend({ limit: z.number().int().min(1).max(500).optional() }),
    result: z.object({ entries: z.array(auditEntrySchema) }),
  },
  /** Ends the hub after the commands in flight; `ifAutoStarted` leaves a hub alone that a person or a service started. */
  "hub.shutdown": {
    kind: "control",
    isShown: true,
    // An adapter may make room for its own hub where one was started on demand; ending any other is for people.
    agentsMust: { ifAutoStarted: true },
    params: z.object({ ifAutoStarted: z.boolean().optional() }),
    result: z.object({ stopping: z.boolean() }),
  },
} as const satisfies Record<string, HubMethodDefinition>;

export type HubMethod = keyof typeof HUB_METHODS;
export type HubParams<M extends HubMethod> = z.infer<(typeof HUB_METHODS)[M]["params"]>;
export type HubResult<M extends HubMethod> = z.infer<(typeof HUB_METHODS)[M]["result"]>;

/** True when the hub answers `method` itself. */
export function isHubMethod(method: string): method is HubMethod {
  return Object.hasOwn(HUB_METHODS, method);
}

/** The declaration of a method of the hub; undefined when there is none of that name. */
export function hubMethod(name: string): HubMethodDefinition | undefined {
  return isHubMethod(name) ? HUB_METHODS[name] : undefined;
}
