/** One command on its way: who asked, what for, how long it may take, and where it is. */
import type { CommandDefinition } from "../../protocol/commands/define.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import type { RequestEnvelope, RequestId } from "../../protocol/rpc.ts";
import type { TraceContext } from "../../protocol/trace-context.ts";
import type { Permission } from "../access/permission.ts";
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import type { Frame } from "../connections/connection.ts";

/** What comes along with a frame, bytes: more is not worth keeping for it. */
const COPIED_BELOW_BYTES = 8 * 1024;

/** Where a request is. Every request ends as `answered`, once. */
type RequestState = "accepted" | "queued" | "sent" | "answered";

/** Name of a request that is unique among all clients: its id on the way to an instance and in that instance's journal. */
export function wireId(clientId: string, id: RequestId): string {
  return typeof id === "string" ? `${clientId}:${id}` : `${clientId}#${id}`;
}

/** True for a command that changes nothing, by the command table or by what its instance says of a custom one. */
export function isReadOnlyCommand(method: string, instance: Instance | undefined): boolean {
  return COMMANDS.get(method)?.readOnly ?? isReadOnlyCustom(method, instance);
}

function isReadOnlyCustom(method: string, instance: Instance | undefined): boolean {
  return instance?.customCommand(method)?.readOnly ?? false;
}

/** A small frame is copied out of what came with it in one piece: that would be kept as long. */
function detached(envelope: Envelope): Envelope {
  const { frame } = envelope;
  const isSmallPart = frame.buffer.byteLength > 4 * frame.length + COPIED_BELOW_BYTES;
  return isSmallPart ? { ...envelope, frame: Buffer.from(frame) } : envelope;
}

/** The resource that every write to a game, and playing and stopping, names. */
export const RUN_SLOT = "run";

/** A whole instance: conflicts with everything else of it. */
export const WHOLE_INSTANCE = "*";

/** A lease of one resource of one instance. */
export interface Lease {
  readonly instance: Instance;
  readonly resource: string;
  readonly holder: Client;
  /** Taken with `hub.acquire_lease`. */
  readonly explicit: boolean;
  /** Monotonic time (ms) at which it lapses. */
  until: number;
  /** The same, while no other session waits for the resource. */
  idleUntil: number;
  /** Writes of its holder that are under way. */
  writes: number;
  /** A long command is under way, or was until it ended without an answer. */
  isLong: boolean;
  /** The instance has carried a write out: one that it refuses earns no lease. */
  isEarned: boolean;
  /** Since when the holder writes while others wait, monotonic ms; undefined when no session has waited. */
  turnBeganAt: number | undefined;
}

/** A write that is kept back, or an explicit lease that is asked for. */
export interface Waiter {
  readonly client: Client;
  readonly instance: Instance | undefined;
  /** The resources that others must not hold. */
  readonly touches: readonly string[];
  /** Monotonic time (ms) at which it was asked. */
  readonly acceptedAt: number;
}

/** The queue that a request waits in, or is in flight from. */
interface RequestQueue extends Iterable<PendingRequest> {
  remove(request: PendingRequest): void;
}

/** A command from its acceptance to its one answer. */
export class PendingRequest {
  /** Who is answered: a client that was given up and came back is another one with the same id. */
  client: Client;
  readonly wireId: string;
  /** From the command table; undefined for a custom one. */
  readonly #command: CommandDefinition | undefined;
  readonly request: RequestEnvelope;
  /** The frame as it came, for its params. */
  readonly source: Envelope;
  /** What its client had proved when it asked. */
  readonly permission: Permission | undefined;
  /** Monotonic time (ms) at which it was accepted, was sent for the first time and last, and must be answered. */
  readonly acceptedAt = performance.now();
  firstSentAt: number | undefined;
  sentAt: number | undefined;
  readonly deadlineAt: number;
  state: RequestState = "accepted";
  instance: Instance | undefined;
  /** Where it waits or is in flight. */
  queue: RequestQueue | undefined;
  /** Epoch of the instance when it was first sent, as the asking client or this hub knows it. */
  epoch: string | undefined;
  /** How often it has been sent, the client's own sends included. */
  attempt: number;
  /** The queue's count of writes when this read was accepted. */
  writeCount = 0;
  /** What its session holds for it while it is under way. */
  leases: readonly Lease[] = [];
  /** Equal reads of others that get this one's answer. */
  followers: PendingRequest[] = [];
  /** Why its instance need not answer it, unless it is sent after all: it shares an equal read in flight, or an answer was kept. */
  shortcut: "coalesced" | "cached" | undefined;
  /** What its params may not mean, as the policy says. */
  withheld: Readonly<Record<string, string>> | undefined;
  /** What others hold of its instance, where that matters to it. */
  held: Readonly<Record<string, string>> | undefined;
  /** Why no instance could be named so far, while it waits for one. */
  unresolved: Error | undefined;
  /** Ends what others or it itself wait for; called when it is answered. */
  endWait: (() => void) | undefined;
  /** Takes its answer: its client does, unless the hub asks in its name. */
  reply = (frame: Frame): void => this.client.send(frame);

  constructor(client: Client, request: RequestEnvelope, source: Envelope, deadlineMs: number) {
    this.client = client;
    this.request = request;
    this.source = detached(source);
    this.permission = client.permission;
    this.#command = COMMANDS.get(request.method);
    this.wireId = wireId(client.id, request.id);
    this.deadlineAt = this.acceptedAt + deadlineMs;
    this.attempt = request.attempt ?? 1;
    this.epoch = request.epoch;
  }

  /** The trace that its client has named. */
  get trace(): TraceContext | undefined {
    const { traceparent, tracestate } = this.request;
    if (traceparent === undefined) return undefined;
    return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
  }

  /** Bytes that are kept of it while it has no answer. */
  get bytes(): number {
    return this.source.frame.length;
  }

  /** Name of the command. */
  get method(): string {
    return this.request.method;
  }

  /** The rest of its time, in whole ms, at least 1. */
  get remainingMs(): number {
    return Math.max(1, Math.ceil(this.deadlineAt - performance.now()));
  }

  /** Changes nothing, by the command table or by what the instance says of its custom command. Unknown commands count as writes. */
  isReadOnly(): boolean {
    return this.#command?.readOnly ?? isReadOnlyCustom(this.method, this.instance);
  }

  /** What others must not hold for it to run: nothing for a read, the whole instance for a write that does not say. */
  get touches(): readonly string[] {
    if (this.isReadOnly()) return [];
    return this.request.resources ?? [WHOLE_INSTANCE];
  }

  /** What it holds afterwards: what it names. A write that names nothing would lock everybody out after each call. */
  get names(): readonly string[] {
    return this.isReadOnly() ? [] : (this.request.resources ?? []);
  }

  /** May take seconds and leaves the window to others. */
  isLong(): boolean {
    return this.#command?.long ?? false;
  }

  /** May write to more than it names. */
  writesMore(): boolean {
    return this.#command?.writesMore ?? false;
  }

  /** The asking client's id as the JSON text in which it came. */
  get idText(): Buffer {
    const range = this.source.id;
    return range ? this.source.frame.subarray(range.start, range.end) : Buffer.from(JSON.stringify(this.request.id));
  }

  /** The params as they came. */
  get paramsText(): Buffer {
    const range = this.source.params;
    return range ? this.source.frame.subarray(range.start, range.end) : Buffer.alloc(0);
  }
}
