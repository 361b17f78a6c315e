/** A client that executes commands: a Godot editor or a running game, with its queue and what is in flight to it. */
import type { InstanceInfo, InstanceState } from "../protocol/hub-methods.ts";
import type { CustomCommand, Identify } from "../protocol/messages.ts";
import type { Respondent } from "../protocol/rpc.ts";
import { Client } from "./client.ts";
import { CommandQueue } from "./command-queue.ts";
import type { PendingRequest } from "./pending-request.ts";
import { isProcessAlive } from "./process-probe.ts";

const INSTANCE_TYPES: ReadonlySet<string> = new Set(["godot", "game"]);

/** True for the client types that execute commands. */
export function isInstanceType(clientType: string): boolean {
  return INSTANCE_TYPES.has(clientType);
}

export class Instance extends Client {
  /** Commands that wait to be sent. */
  readonly queue: CommandQueue;
  /** Commands that were sent and have no answer, in the order in which they were sent. */
  readonly inFlight = new Set<PendingRequest>();
  /** Counts writes as they are accepted and as they end: two reads with the same count may share an answer. */
  writeCount = 0;
  /** Its process could be seen from here when it registered: only then does not seeing it mean that it has ended. */
  readonly processWasSeen: boolean;
  /** What the instance says that it is doing. */
  reportedState: Exclude<InstanceState, "away"> = "ready";

  constructor(id: string, name: string, identify: Identify, queueLimit: number) {
    super(id, name, identify);
    this.queue = new CommandQueue(queueLimit);
    this.processWasSeen = this.pid !== undefined && isProcessAlive(this.pid);
  }

  get epoch(): string | undefined {
    return this.identify.instance?.epoch;
  }

  get pid(): number | undefined {
    return this.identify.instance?.pid ?? this.identify.pid;
  }

  get isEditor(): boolean {
    return this.clientType === "godot";
  }

  /** Remembers the ids that it has run, so that a command can be sent to it twice and runs once. */
  get hasJournal(): boolean {
    return this.identify.capabilities?.features?.includes("journal") ?? false;
  }

  /** Knows epochs, and so can come back on another connection as the same process. */
  get canResume(): boolean {
    return this.epoch !== undefined;
  }

  get customCommands(): readonly CustomCommand[] {
    return this.identify.capabilities?.commands ?? [];
  }

  get state(): InstanceState {
    if (!this.connection) return "away";
    if (this.reportedState !== "ready") return this.reportedState;
    return this.inFlight.size > 0 ? "busy" : "ready";
  }

  /** Commands that run or wait. */
  get load(): number {
    return this.inFlight.size + this.queue.size;
  }

  /** What a response says of the instance that it comes from. */
  get respondent(): Respondent {
    const { id, name, epoch } = this;
    return epoch === undefined ? { id, name } : { id, name, epoch };
  }

  /** How a list of candidates shows it. */
  get label(): string {
    const where = this.projectPath ? ` (${this.projectPath})` : "";
    return `${this.name}${where}${this.connection ? "" : ", away"}`;
  }

  /** @param agents Names of the clients that drive it. */
  describeInstance(agents: string[]): InstanceInfo {
    const { identify } = this;
    return {
      id: this.id,
      name: this.name,
      clientType: this.clientType,
      project: identify.project ?? null,
      godotVersion: identify.godotVersion ?? null,
      addonVersion: identify.clientVersion,
      pid: this.pid ?? null,
      epoch: this.epoch ?? null,
      headless: identify.instance?.headless ?? null,
      state: this.state,
      agents,
      connectedAt: this.connectedAt.toISOString(),
      lastSeenAt: this.lastSeenAt.toISOString(),
    };
  }
}
