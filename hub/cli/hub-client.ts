/** A client of the hub for one command of the command line: connects, identifies itself, asks, leaves. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type ClientOptions, type RawData, WebSocket } from "ws";
import { z } from "zod";
import { codeOf } from "../../hub-client/node-errors.ts";
import { readForwarded } from "../../protocol/answer-text.ts";
import { CLOSE_CODES } from "../../protocol/close-codes.ts";
import { encodeRequest } from "../../protocol/codec.ts";
import { HUB_METHODS, type HubMethod, type HubParams, type HubResult } from "../../protocol/hub-methods.ts";
import { handshakeSchema, type Identify, identifiedSchema } from "../../protocol/messages.ts";
import { ProofExchange } from "../../protocol/proof.ts";
import { NOTIFICATIONS, type RequestEnvelope, type Response, responseSchema } from "../../protocol/rpc.ts";
import { PRODUCT_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import { CliError } from "./exit-codes.ts";

/** How to reach a hub, and how long to wait for it. */
export interface HubClientOptions {
  url: string;
  /** Proved to the hub, never sent. */
  token: string | undefined;
  /** The hub's own certificate (PEM file), for a hub that speaks wss with one that no authority signed. */
  tlsCert: string | undefined;
  /** For connecting, and again for each request. */
  deadlineMs?: number;
  /** `mcp` may send commands to editors; any other asks the hub only. */
  clientType?: "cli" | "mcp";
  /** Of an earlier connection, whose identity is taken again. */
  resumeToken?: string | undefined;
}

const DEADLINE_MS = 5_000;
const GOODBYE_MS = 500;
/** A close that both sides want (RFC 6455, section 7.4.1). */
const GOODBYE_CODE = 1000;

const notificationSchema = z.looseObject({ method: z.literal("event"), params: NOTIFICATIONS.event });

const IDENTIFY: Identify = {
  type: "identify",
  clientType: "cli",
  agent: { name: "godot-hub", version: PRODUCT_VERSION },
  clientVersion: PRODUCT_VERSION,
  protocolVersion: PROTOCOL_VERSION,
  pid: process.pid,
};

/** One connection to a hub. */
export class HubClient {
  readonly #socket: WebSocket;
  readonly #deadlineMs: number;
  /** Ids never repeat, also where another connection had the same identity: an instance answers an id that it knows from its journal. */
  readonly #prefix = `cli-${randomUUID()}`;
  #requests = 0;
  #id: string | undefined;
  #resumeToken = "";
  #isLeaving = false;

  private constructor(socket: WebSocket, deadlineMs: number) {
    this.#socket = socket;
    this.#deadlineMs = deadlineMs;
    // An error is always followed by `close`, which says all that matters after the opening.
    socket.on("error", () => {});
  }

  /** @throws {CliError} when nothing answers, or the hub refuses. */
  static async connect({
    url,
    token,
    tlsCert,
    deadlineMs = DEADLINE_MS,
    clientType = "cli",
    resumeToken,
  }: HubClientOptions): Promise<HubClient> {
    // Another program may listen there by now.
    const exchange = token === undefined ? undefined : new ProofExchange(token, url);
    const client = new HubClient(new WebSocket(url, socketOptions(exchange?.authorization, tlsCert)), deadlineMs);
    try {
      const handshake = await client.#receive((frame) => handshakeSchema.safeParse(frame).data);
      const proof = exchange?.answerTo(handshake);
      if (exchange && proof === undefined) {
        throw new CliError(
          `What listens at ${url} is not the hub of this state directory: it does not know the token.`,
        );
      }
      client.#socket.send(JSON.stringify({ ...IDENTIFY, clientType, proof, resumeToken }));
      const identified = await client.#receive((frame) => identifiedSchema.safeParse(frame).data);
      client.#id = identified.clientId;
      client.#resumeToken = identified.resumeToken;
      return client;
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /** Under which the hub knows this connection. */
  get id(): string | undefined {
    return this.#id;
  }

  /** Proves this identity to the hub when somebody takes it again. */
  get resumeToken(): string {
    return this.#resumeToken;
  }

  /** Asks the hub. @throws {CliError} with the hub's own message when it answers with an error. */
  async request<M extends HubMethod>(method: M, params: HubParams<M>): Promise<HubResult<M>> {
    const response = await this.ask(method, params, {});
    if (response.error) {
      const { message, data } = response.error;
      throw new CliError(["The hub answers:", message, data?.hint].filter(Boolean).join(" "));
    }
    // The schema that is looked up by M parses to M's result.
    return HUB_METHODS[method].result.parse(response.result) as HubResult<M>;
  }

  /** Sends a request; the answer may be an error. @throws {CliError} when none comes. */
  ask(method: string, params: Record<string, unknown>, routing: Partial<RequestEnvelope>): Promise<Response> {
    this.#requests += 1;
    const id = `${this.#prefix}-${this.#requests}`;
    this.#socket.send(encodeRequest({ jsonrpc: "2.0", ...routing, id, method, params }));
    return this.#receive((frame) => {
      const parsed = responseSchema.safeParse(frame).data;
      return parsed?.id === id ? parsed : undefined;
    });
  }

  /** Hears events until the connection closes. @throws {CliError} saying how it closed, where this side has not closed it. */
  async listen(onEvent: (event: string, data: unknown) => void): Promise<void> {
    const socket = this.#socket;
    socket.on("message", (frame) => {
      const { params } = notificationSchema.safeParse(parseFrame(frame)).data ?? {};
      if (params) onEvent(params.event, params.data);
    });
    const [code, reason] = await once(socket, "close");
    if (!this.#isLeaving) throw new CliError(`The hub has closed the connection (${code} ${reason}).`);
  }

  /** Says goodbye, so that the hub keeps nothing for a client that will not come back. */
  async close(): Promise<void> {
    this.#isLeaving = true;
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, "close");
    this.#socket.close(GOODBYE_CODE);
    const timer = setTimeout(() => this.#socket.terminate(), GOODBYE_MS);
    await closed;
    clearTimeout(timer);
  }

  /** The next frame that `pick` takes. Each is asked for before its cause is sent, so that none is missed. */
  #receive<T>(pick: (frame: unknown) => T | undefined): Promise<T> {
    const socket = this.#socket;
    let stopListening = (): void => {};
    return new Promise<T>((resolve, reject) => {
      const fail = (what: string) => reject(new CliError(`The hub at ${socket.url} ${what}`));
      const timer = setTimeout(() => fail(`did not answer within ${this.#deadlineMs} ms.`), this.#deadlineMs);
      const onMessage = (data: RawData) => {
        const picked = pick(parseFrame(data));
        if (picked !== undefined) resolve(picked);
      };
      const onError = (error: Error) => fail(explain(error.message));
      const onClose = (code: number, reason: Buffer) => fail(`closed the connection (${code} ${String(reason)}).`);
      socket.on("message", onMessage).once("error", onError).once("close", onClose);
      stopListening = () => {
        clearTimeout(timer);
        socket.off("message", onMessage).off("error", onError).off("close", onClose);
      };
    }).finally(() => stopListening());
  }
}

/** What answers at a url: a hub, nothing, something that says nothing, or something else. */
export type ProbeResult = "hub" | "nothing" | "silent" | "foreign";

/** Finds out who answers at `url`. Needs no token: a hub speaks first. */
export function probeHub(url: string, deadlineMs = 2_000): Promise<ProbeResult> {
  // What is asked is who it is, and nothing secret is said: any certificate will do.
  const socket = new WebSocket(url, { ...socketOptions(undefined, undefined), rejectUnauthorized: false });
  return new Promise<ProbeResult>((resolve) => {
    const timer = setTimeout(() => resolve("silent"), deadlineMs);
    timer.unref();
    socket.once("message", (data) => {
      resolve(handshakeSchema.safeParse(parseFrame(data)).success ? "hub" : "foreign");
    });
    socket.once("unexpected-response", (_request, response) => {
      // A hub that is full or stopping refuses with these before it says who it is.
      resolve(response.statusCode === 503 || response.statusCode === 429 ? "silent" : "foreign");
    });
    socket.once("error", (error) => resolve(verdictOf(error)));
    socket.once("close", (code) => resolve(HUB_CLOSE_CODES.has(code) ? "hub" : "foreign"));
  }).finally(() => socket.terminate());
}

/** A hub that is full or stopping says so by closing. */
const HUB_CLOSE_CODES: ReadonlySet<number> = new Set([CLOSE_CODES.TOO_MANY, CLOSE_CODES.GOING_AWAY]);

const UNREACHABLE = new Set<unknown>(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "ENOTFOUND"]);

/** What a connection ends with that is cut off before anything is said: who listens has more to do than it can, perhaps. */
const CUT_OFF = new Set<unknown>(["ECONNRESET", "EPIPE", "ETIMEDOUT"]);

function verdictOf(error: Error): ProbeResult {
  // A name with several addresses fails with one error for all of them.
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  const haveOnly = (codes: ReadonlySet<unknown>) => errors.every((each) => codes.has(codeOf(each)));
  if (haveOnly(UNREACHABLE)) return "nothing";
  return haveOnly(CUT_OFF) ? "silent" : "foreign";
}

function socketOptions(authorization: string | undefined, tlsCert: string | undefined): ClientOptions {
  return {
    perMessageDeflate: false,
    maxPayload: 0,
    ...(authorization !== undefined && { headers: { Authorization: authorization } }),
    // The very certificate that the hub uses proves the hub, whatever name it was made out for: false is "no objection".
    ...(tlsCert !== undefined && { ca: readFileSync(tlsCert), checkServerIdentity: () => false }),
  };
}

function explain(message: string): string {
  if (/\b401\b/.test(message)) {
    return "refuses the token. If GODOT_HUB_TOKEN is set here, it is wrong or was revoked: unset or replace it; else give the one that the hub was started with (--token-file).";
  }
  return `can't be reached: ${message}`;
}

function parseFrame(frame: RawData): unknown {
  return readForwarded(Buffer.isBuffer(frame) ? frame : Buffer.from(String(frame)), JSON.parse);
}
