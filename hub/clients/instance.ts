/** A client that executes commands, a Godot editor or a running game, with the custom commands of its project. */
import { z } from "zod";
import { isProcessAlive, processStart } from "../../hub-client/process-probe.ts";
import { encodeRespondent } from "../../protocol/codec.ts";
import { WireError } from "../../protocol/errors.ts";
import type { InstanceInfo, InstanceState } from "../../protocol/hub-methods.ts";
import {
  type CustomCommand,
  customCommandSchema,
  type Identify,
  MAX_CUSTOM_COMMANDS,
} from "../../protocol/messages.ts";
import type { Respondent } from "../../protocol/rpc.ts";
import type { Permission } from "../access/permission.ts";
import { isSameToken, Quota, type Shortage } from "../access/quota.ts";
import { BOUNDS } from "../bounds.ts";
import type { Connection } from "../connections/connection.ts";
import { Client } from "./client.ts";
import { isSameFolder } from "./same-folder.ts";

/** Characters of what an instance says of how far it is. */
const MAX_DETAIL = 200;

/** Data of an `instance.state` event. */
const stateReportSchema = z.object({
  state: z.enum(["ready", "importing", "playing", "paused"]),
  /** How far it is with that. */
  detail: z.string().max(MAX_DETAIL).optional().catch(undefined),
});

/** Data of an `instance.commands` event: all that the project has registered now. */
const commandsReportSchema = z.object({ commands: z.array(customCommandSchema).max(MAX_CUSTOM_COMMANDS) });

/** How much there is to do for an instance. */
export interface Workload {
  readonly inFlightCount: number;
  readonly queuedCount: number;
  /** Commands that may be in flight at present, long ones not counted. */
  readonly windowSize: number;
}

/** An instance for which there is nothing to do. */
const IDLE: Workload = { inFlightCount: 0, queuedCount: 0, windowSize: 0 };

/** One editor or running game, for as long as the hub knows it. */
export class Instance extends Client {
  /** What there is to do for it; the scheduler's. */
  workload: Workload = IDLE;
  /** Its process could be seen from here when it registered: only then does not seeing it mean that it has ended. */
  processWasSeen = false;
  /** What the instance says that it is doing. */
  reported: z.infer<typeof stateReportSchema> = { state: "ready" };
  /** Why the owner keeps commands from it; undefined while they may pass. */
  pauseReason: string | undefined;

  /** Tells its process from a later one with its number; undefined where that can't be seen. */
  #processStart: string | undefined;

  readonly #commands: CustomCommands;

  /** How its responses end, made when it had identified itself that way. */
  #respondent: { readonly since: Identify; readonly text: Buffer } | undefined;

  /** @param room Room for the commands of all instances. */
  constructor(id: string, name: string, identify: Identify, room: Quota = new CustomCommandRoom()) {
    super(id, name, identify);
    this.#commands = new CustomCommands(room);
  }

  /** Lifetime of its process; undefined for a client that knows no epochs. */
  get epoch(): string | undefined {
    return this.identify.instance?.epoch;
  }

  /** Its process, if it said. */
  get pid(): number | undefined {
    return this.identify.instance?.pid ?? this.identify.pid;
  }

  /** Which launch of a hub it comes from; undefined for an editor that a person opened. */
  get launchId(): string | undefined {
    return this.identify.instance?.launchId;
  }

  /** True for an editor, false for a running game. */
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

  /** Why nothing is kept of the commands that its latest `identify` named. */
  objection: WireError | undefined;

  /** Commands that its project has registered: as its latest `identify` or `instance.commands` event said. */
  get customCommands(): readonly CustomCommand[] {
    return this.#commands.list();
  }

  /** The custom command of that name, without its schema. */
  customCommand(name: string): Pick<CustomCommand, "readOnly"> | undefined {
    return this.#commands.get(name);
  }

  /** As any client; what it says of its commands is kept apart. */
  override attach(connection: Connection, { capabilities, ...identify }: Identify): void {
    const { commands = [], ...others } = capabilities ?? {};
    super.attach(connection, { ...identify, capabilities: others });
    this.objection = this.#commands.replace(commands, connection.permission);
  }

  /** True for an editor of the project in that folder. */
  hasOpen(folder: string): boolean {
    return this.isEditor && this.projectPath !== undefined && isSameFolder(this.projectPath, folder);
  }

  /** True for a game that `editor` plays. One that came with another token says so in vain. */
  isPlayedBy(editor: Instance): boolean {
    return !this.isEditor && this.identify.parent === editor.id && isSameToken(this.permission, editor.permission);
  }

  /** True for an editor and a game that it plays, whichever comes first; two games of one editor are apart. */
  sharesRunSlot(other: Instance): boolean {
    return this.isPlayedBy(other) || other.isPlayedBy(this);
  }

  /** It is unregistered. */
  dispose(): void {
    this.#commands.clear();
  }

  /** What it is doing now, as the list of instances shows it. */
  get state(): InstanceState {
    const { state } = this.reported;
    // An editor without a window says nothing while it imports.
    if (!this.connection) return state === "importing" && this.processLives ? "importing" : "away";
    if (this.pauseReason !== undefined) return "paused";
    if (state !== "ready") return state;
    return this.workload.inFlightCount > 0 ? "busy" : "ready";
  }

  /** More of its state, for people: how far it is, or the state of one that is away; undefined where there is nothing. */
  get stateDetail(): string | undefined {
    const { state, detail } = this.reported;
    const done = state === "importing" ? detail : undefined;
    if (this.connection || !this.processLives) return this.connection && done;
    const silentS = Math.round((Date.now() - this.lastSeenAt.getTime()) / 1_000);
    return `${done === undefined ? "" : `${done}, `}process ${this.pid} runs, silent for ${silentS} s`;
  }

  /** Its process runs on this machine, connected or not. */
  get processLives(): boolean {
    const { pid } = this;
    if (pid === undefined || !this.processWasSeen || !isProcessAlive(pid)) return false;
    // Elsewhere a program would have to be started to find that out.
    return process.platform !== "linux" || processStart(pid) === this.#processStart;
  }

  /** It has connected: looks whether its process can be seen from here, and forgets what an earlier one has reported. */
  observeProcess(isSame: boolean): void {
    if (!isSame) this.reported = { state: "ready" };
    const { pid } = this;
    this.processWasSeen = pid !== undefined && isProcessAlive(pid);
    this.#processStart = pid !== undefined && process.platform === "linux" ? processStart(pid) : undefined;
  }

  /**
   * Takes what an `instance.state` or `instance.commands` event says; other events, and data that does not fit, are ignored.
   * @throws {WireError} TOO_LARGE for commands that there is no room for.
   */
  report(event: string, data: unknown): void {
    if (event === "instance.state") {
      const parsed = stateReportSchema.safeParse(data);
      if (parsed.success) this.reported = parsed.data;
    } else if (event === "instance.commands") {
      const parsed = commandsReportSchema.safeParse(data);
      const error = parsed.success ? this.#commands.replace(parsed.data.commands, this.permission) : undefined;
      if (error) throw error;
    }
  }

  /**
   * The program that it says it is. Others start it, for further editors and for the class reference: so it is believed
   * of those only that could start it themselves, by the owner's token.
   */
  get executable(): string | undefined {
    return this.permission?.role === "owner" ? this.identify.instance?.executable : undefined;
  }

  /** Commands that run or wait. */
  get load(): number {
    return this.workload.inFlightCount + this.workload.queuedCount;
  }

  /** What a response says of the instance that it comes from. */
  get respondent(): Respondent {
    const { id, name, epoch } = this;
    return epoch === undefined ? { id, name } : { id, name, epoch };
  }

  /** The same as every response that is forwarded ends. */
  get respondentText(): Buffer {
    if (this.#respondent?.since !== this.identify)
      this.#respondent = { since: this.identify, text: encodeRespondent(this.respondent) };
    return this.#respondent.text;
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
      ...(identify.parent !== undefined && { parent: identify.parent }),
      project: identify.project ?? null,
      godotVersion: identify.godotVersion ?? null,
      addonVersion: identify.clientVersion,
      pid: this.pid ?? null,
      epoch: this.epoch ?? null,
      ...(this.executable !== undefined && { executable: this.executable }),
      headless: identify.instance?.headless ?? null,
      state: this.state,
      ...(this.stateDetail !== undefined && { detail: this.stateDetail }),
      agents,
      connectedAt: this.connectedAt.toISOString(),
      lastSeenAt: this.lastSeenAt.toISOString(),
    };
  }
}

/** One of them. Its schema is kept as text: as values it would take many times the room. */
interface Kept extends Omit<CustomCommand, "paramsSchema"> {
  readonly paramsSchema: string;
}

const NONE: ReadonlyMap<string, Kept> = new Map();

/** Room for the commands of all instances, in bytes. */
export class CustomCommandRoom extends Quota {
  constructor() {
    super(BOUNDS.customCommandsTogether.most);
  }
}

/** The commands of one instance. */
export class CustomCommands {
  readonly #room: Quota;
  #byName = NONE;
  #taken = 0;
  #permission: Permission | undefined;

  /** @param room What all instances share. */
  constructor(room: Quota) {
    this.#room = room;
  }

  /** Replaces all commands. @returns why there is no room for them: then none is known. */
  replace(commands: readonly CustomCommand[], permission: Permission | undefined): WireError | undefined {
    this.clear();
    const kept = commands.map((command) => ({ ...command, paramsSchema: JSON.stringify(command.paramsSchema) }));
    const size = kept.reduce((sum, each) => sum + sizeOf(each), 0);
    if (size > BOUNDS.customCommands.most) return tooMany({ most: BOUNDS.customCommands.most, of: "of one instance" });
    const shortage = this.#room.take(permission, size);
    if (shortage) return tooMany(shortage);
    this.#byName = new Map(kept.map((command) => [command.name, command]));
    this.#taken = size;
    this.#permission = permission;
    return undefined;
  }

  /** Gives their room back. */
  clear(): void {
    this.#room.give(this.#permission, this.#taken);
    this.#taken = 0;
    this.#byName = NONE;
  }

  /** The command of that name, without its schema. */
  get(name: string): Pick<CustomCommand, "readOnly"> | undefined {
    return this.#byName.get(name);
  }

  /** All of them. */
  list(): CustomCommand[] {
    return [...this.#byName.values()].map((kept) => ({ ...kept, paramsSchema: JSON.parse(kept.paramsSchema) }));
  }
}

function tooMany({ most, of }: Shortage): WireError {
  return new WireError("TOO_LARGE", `Custom commands may have ${most} characters ${of}, with their schemas.`, {
    limit: most,
    hint: "None of them is known now. Register fewer, or with shorter descriptions and schemas.",
  });
}

function sizeOf({ name, description, paramsSchema }: Kept): number {
  return name.length + description.length + paramsSchema.length;
}
