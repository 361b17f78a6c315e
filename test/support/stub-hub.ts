/** A hub that does only the opening of the protocol and hands commands straight to one editor: for tests of the addon. */
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { CLOSE_CODES } from "../../protocol/close-codes.ts";
import { type ErrorObject, errorObjectSchema } from "../../protocol/errors.ts";
import { type Identify, identifySchema } from "../../protocol/messages.ts";
import { ProofDemand, readClaim, tokenDigest } from "../../protocol/proof.ts";
import {
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_TIMEOUT_MS,
  MAX_FRAME_BYTES,
  MAX_MESSAGE_BYTES,
} from "../../protocol/timing.ts";
import { until, within } from "./wait.ts";

const EDITOR_DEADLINE_MS = 150_000;
const ANSWER_DEADLINE_MS = 30_000;

const answerSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).nullable(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: errorObjectSchema.optional(),
});
export type Answer = z.infer<typeof answerSchema>;

const eventSchema = z.object({
  method: z.literal("event"),
  params: z.object({ event: z.string(), seq: z.number(), data: z.record(z.string(), z.unknown()) }),
});
export type EditorEvent = z.infer<typeof eventSchema>["params"];

export interface StubHubOptions {
  port?: number;
  heartbeat?: { intervalMs: number; timeoutMs: number };
  maxMessageBytes?: number;
  /** It does not know the token. */
  isImpostor?: boolean;
}

/** Who asks, and the routing members of the request. */
export interface Asking {
  id?: string;
  clientId?: string;
  agent?: string;
  attempt?: number;
  epoch?: string;
  deadlineMs?: number;
  /** What other sessions hold, with the holder's name by resource. */
  held?: Record<string, string>;
}

/** An error answer, thrown by `StubHub.call`. */
export class CommandError extends Error {
  readonly error: ErrorObject;

  constructor(error: ErrorObject) {
    super(error.message);
    this.error = error;
  }

  get kind(): string | undefined {
    return this.error.data?.kind;
  }
}

export class StubHub {
  readonly token = randomBytes(32).toString("hex");
  /** Events of the editor, as they came. */
  readonly events: EditorEvent[] = [];
  /** Every answer, also to an id for which no caller waits. */
  readonly answers: Answer[] = [];
  /** Messages that are neither answers nor events, but for the `identify`. */
  readonly messages: unknown[] = [];
  /** Each editor's `identify`, newest last. */
  readonly identifies: Identify[] = [];
  /** Codes with which connections were closed, newest last. */
  readonly closes: number[] = [];
  /** Headers of each connection's upgrade, newest last. */
  readonly headers: IncomingMessage["headers"][] = [];
  readonly #options: StubHubOptions;
  readonly #server: WebSocketServer;
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  #editor: WebSocket | undefined;

  private constructor(server: WebSocketServer, options: StubHubOptions) {
    this.#server = server;
    this.#options = options;
    server.on("connection", (socket, request) => this.#open(socket, request));
  }

  static async start(options: StubHubOptions = {}): Promise<StubHub> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: options.port ?? 0, maxPayload: MAX_FRAME_BYTES });
    await once(server, "listening");
    return new StubHub(server, options);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** Variables that lead an editor here. */
  get env(): Record<string, string> {
    return { GODOT_HUB_URL: this.url, GODOT_HUB_TOKEN: this.token };
  }

  get isConnected(): boolean {
    return this.#editor?.readyState === 1;
  }

  /** Waits for an editor that has identified itself; its `identify`. `count`: for so many openings in all. */
  async editor(count = 1): Promise<Identify> {
    return until(() => this.isConnected && this.identifies.length >= count && this.identifies.at(-1), {
      what: "an editor",
      deadlineMs: EDITOR_DEADLINE_MS,
    });
  }

  /** Waits until the editor carries commands out: it has found the project's files and shows no progress. */
  async settled(): Promise<void> {
    const isAtWork = ({ event, data }: EditorEvent): boolean =>
      event === "instance.state" && data.state !== "importing";
    await until(() => this.events.some(isAtWork), { what: "an editor that is ready", deadlineMs: EDITOR_DEADLINE_MS });
  }

  /** Waits for an event for which `matches` holds, from the `from`th on. */
  async event(matches: (event: EditorEvent) => boolean, what: string, from = 0): Promise<EditorEvent> {
    return until(() => this.events.slice(from).find(matches), { what });
  }

  /** Sends a command and gives its result. @throws {CommandError} for an error answer. */
  async call(
    method: string,
    params: Record<string, unknown> = {},
    asking: Asking = {},
  ): Promise<Record<string, unknown>> {
    const { result, error } = await this.ask(method, params, asking);
    if (error) throw new CommandError(error);
    if (!result) throw new Error(`The answer to ${method} has neither result nor error.`);
    return result;
  }

  /** Sends a command and gives the whole answer. */
  async ask(method: string, params: Record<string, unknown> = {}, asking: Asking = {}): Promise<Answer> {
    const id = asking.id ?? randomUUID();
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.send(method, params, { ...asking, id });
    const deadlineMs = Math.max(ANSWER_DEADLINE_MS, asking.deadlineMs ?? 0);
    return within(answered, { what: `the answer to ${method}`, deadlineMs });
  }

  /** Sends a command and waits for nothing. */
  send(
    method: string,
    params: Record<string, unknown>,
    { clientId, agent, held, ...envelope }: Asking & { id: string },
  ): void {
    const context = { clientId: clientId ?? "client-1", agent: agent ?? "tester", held };
    this.sendText(JSON.stringify({ jsonrpc: "2.0", method, ...envelope, context, params }));
  }

  /** Sends any frame. */
  sendText(text: string): void {
    if (!this.#editor) throw new Error("No editor is connected.");
    this.#editor.send(text);
  }

  /** Closes the editor's connection; without a code it is cut. */
  drop(code?: number): void {
    if (code === undefined) this.#editor?.terminate();
    else this.#editor?.close(code);
  }

  async stop(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #open(socket: WebSocket, request: IncomingMessage): void {
    this.headers.push(request.headers);
    const demand = this.#demandOf(request);
    socket.on("message", (data) => this.#receive(socket, String(data), demand));
    socket.on("error", () => undefined);
    socket.on("close", (code) => void this.closes.push(code));
    const handshake = {
      type: "handshake",
      clientId: randomUUID(),
      serverVersion: "0.0.0",
      protocolVersion: 1,
      heartbeat: this.#options.heartbeat ?? { intervalMs: HEARTBEAT_INTERVAL_MS, timeoutMs: HEARTBEAT_TIMEOUT_MS },
      identifyTimeoutMs: 10_000,
      maxMessageBytes: this.#options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
      nonce: demand?.nonce,
      proof: demand?.proof,
    };
    socket.send(JSON.stringify(handshake));
  }

  /** What it asks an editor for that announces a proof, with its own. */
  #demandOf({ headers }: IncomingMessage): ProofDemand | undefined {
    const claim = readClaim(headers.authorization);
    return claim && new ProofDemand(claim, tokenDigest(this.#options.isImpostor ? "another" : this.token));
  }

  #receive(socket: WebSocket, text: string, demand: ProofDemand | undefined): void {
    const message: unknown = JSON.parse(text);
    const identify = identifySchema.safeParse(message);
    if (identify.success) {
      if (demand && !demand.isAnsweredBy(identify.data.proof)) socket.close(CLOSE_CODES.UNAUTHORIZED);
      else this.#identified(socket, identify.data);
      return;
    }
    const event = eventSchema.safeParse(message);
    if (event.success) {
      this.events.push(event.data.params);
      return;
    }
    const answer = answerSchema.safeParse(message);
    if (!answer.success) {
      this.messages.push(message);
      return;
    }
    this.answers.push(answer.data);
    this.#waiting.get(String(answer.data.id))?.(answer.data);
  }

  #identified(socket: WebSocket, identify: Identify): void {
    const resumed = identify.resumeToken !== undefined;
    if (identify.clientType === "game") {
      socket.send(
        JSON.stringify({ type: "identified", clientId: "g-1", resumeToken: "", resumed, name: identify.name }),
      );
      return;
    }
    this.#editor = socket;
    const name = `${identify.project?.name ?? "game"}@0000`;
    socket.send(
      JSON.stringify({ type: "identified", clientId: "i-1", resumeToken: "resume-me", resumed, name }),
      () => void this.identifies.push(identify),
    );
  }
}
