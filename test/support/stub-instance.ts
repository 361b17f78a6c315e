/** A Godot editor for tests that need many, or a fault at an exact place: it answers commands and keeps a journal as PROTOCOL.md asks. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { encodeError, encodeNotification, encodeResult } from "../../protocol/codec.ts";
import { toErrorObject, WireError } from "../../protocol/errors.ts";
import type { Identified, Identify } from "../../protocol/messages.ts";
import { requestContextSchema } from "../../protocol/rpc.ts";
import { JOURNAL_SIZE } from "../../protocol/timing.ts";
import { type ConnectOptions, ProtocolClient, type Received } from "./protocol-client.ts";

/** A command as an instance receives it from the hub. */
const commandSchema = z.looseObject({
  id: z.string(),
  method: z.string(),
  params: z.record(z.string(), z.unknown()).default({}),
  deadlineMs: z.number().optional(),
  attempt: z.number().optional(),
  epoch: z.string().optional(),
  context: requestContextSchema,
});
export type Command = z.infer<typeof commandSchema>;

/** What a command does: its result, or a thrown WireError. */
export type Handler = (command: Command) => unknown;

export interface InstanceOptions extends ConnectOptions {
  /** Name of the project; its path is `/projects/<name>` unless `projectPath` says otherwise. */
  project?: string;
  projectPath?: string;
  epoch?: string;
  identify?: Partial<Identify>;
  /** Commands by name. Absent: every command answers `{ok:true, method}`. */
  handlers?: Record<string, Handler>;
  /** Commands that are not recorded in the journal. */
  readOnly?: readonly string[];
  /** Ids whose answers the journal keeps: of those that ended before, it knows that they ran. Default: as the addon. */
  journalSize?: number;
}

/** What the journal keeps of one id. */
interface Entry {
  readonly answer: Promise<string>;
  isEnded: boolean;
}

const answersOk: Handler = ({ method }) => ({ ok: true, method });

/** The editor process: it outlives its connections, so `connect` may be called again and again. */
export class StubInstance {
  readonly epoch: string;
  /** Every command that ran, in order: no journalled resend, and not the look for the current scene that adapters take by themselves. */
  readonly executed: Command[] = [];
  /** How often each id ran. */
  readonly executions = new Map<string, number>();
  /** Commands by name; may be changed at any time. */
  readonly handlers: Map<string, Handler>;
  readonly #options: InstanceOptions;
  readonly #journal = new Map<string, Entry>();
  readonly #forgotten = new Set<string>();
  #client: ProtocolClient | undefined;
  #identified: Identified | undefined;
  #sequence = 0;

  constructor(options: InstanceOptions = {}) {
    this.#options = options;
    this.epoch = options.epoch ?? randomUUID();
    this.handlers = new Map(Object.entries(options.handlers ?? {}));
  }

  /** Connects and identifies, with the resume token of the last time. */
  async connect(url: string, token: string | undefined): Promise<Identified> {
    const client = await ProtocolClient.connect(url, { ...this.#options, token });
    const resumeToken = this.#identified?.resumeToken;
    this.#client = client;
    this.#identified = await client.identify({
      clientType: "godot",
      clientVersion: "1.0.0",
      godotVersion: "4.6.3",
      project: this.project,
      instance: { epoch: this.epoch, pid: process.pid, headless: true },
      capabilities: { features: ["journal", "events"] },
      ...(resumeToken !== undefined && { resumeToken }),
      ...this.#options.identify,
    });
    void this.#serve(client);
    return this.#identified;
  }

  get project(): { name: string; path: string } {
    const { project = "stub-game", projectPath = `/projects/${project}` } = this.#options;
    return { name: project, path: projectPath };
  }

  get client(): ProtocolClient {
    if (!this.#client) throw new Error("This instance has not connected.");
    return this.#client;
  }

  get identified(): Identified {
    if (!this.#identified) throw new Error("This instance has not connected.");
    return this.#identified;
  }

  /** Sends an event with the next number of this instance. */
  emit(event: string, data?: unknown): void {
    this.#sequence += 1;
    this.client.sendFrame(encodeNotification("event", { event, seq: this.#sequence, data }));
  }

  /** Answers commands until the connection ends; one does not wait for another, as with a handler that awaits in the editor. */
  async #serve(client: ProtocolClient): Promise<void> {
    for (;;) {
      const isCommand = ({ message }: Received) => message.method !== undefined && message.id !== undefined;
      const received = await client
        .next(isCommand, { deadlineMs: 2 ** 31 - 1, what: "a command" })
        .catch(() => undefined);
      if (!received) return;
      void this.#answer(commandSchema.parse(received.message)).then(
        (frame) => client.isOpen && client.sendFrame(frame),
      );
    }
  }

  #answer(command: Command): Promise<string> {
    const isRead = this.#options.readOnly?.includes(command.method) ?? false;
    if (isRead) return this.#run(command);
    const known = this.#journal.get(command.id);
    if (known) return known.answer;
    if (this.#mayHaveRun(command)) return Promise.resolve(outcomeUnknown(command));
    const entry: Entry = { answer: this.#run(command), isEnded: false };
    this.#journal.set(command.id, entry);
    void entry.answer.then(() => {
      entry.isEnded = true;
      this.#forget();
    });
    return entry.answer;
  }

  /** It ran long ago; or it is a resend that ran, perhaps, in a process before this one. */
  #mayHaveRun({ id, attempt = 1, epoch }: Command): boolean {
    return this.#forgotten.has(id) || (attempt > 1 && epoch !== this.epoch);
  }

  /** Keeps the journal to its size; what runs is not forgotten. */
  #forget(): void {
    const { journalSize = JOURNAL_SIZE } = this.#options;
    for (const [id, { isEnded }] of this.#journal) {
      if (this.#journal.size <= journalSize) return;
      if (!isEnded) continue;
      this.#journal.delete(id);
      this.#forgotten.add(id);
    }
  }

  async #run(command: Command): Promise<string> {
    if (command.method !== "scene.list_open") this.executed.push(command);
    this.executions.set(command.id, (this.executions.get(command.id) ?? 0) + 1);
    try {
      const handler = this.handlers.get(command.method) ?? (this.#options.handlers ? undefined : answersOk);
      if (!handler) throw new WireError("METHOD_NOT_FOUND", `Unknown command '${command.method}'.`);
      return encodeResult(command.id, await handler(command));
    } catch (error) {
      return encodeError(command.id, toErrorObject(error));
    }
  }
}

function outcomeUnknown(command: Command): string {
  const error = new WireError("OUTCOME_UNKNOWN", `${command.method} was sent before, and may have been carried out.`);
  return encodeError(command.id, error.toErrorObject());
}
