/** A hub that does what a test tells it: real sockets, its own hub.json, and answers of the test's making. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { type HubFile, hubFilePath, tokenPath } from "../../../hub-client/state-dir.ts";
import { type Identify, identifySchema } from "../../../protocol/messages.ts";
import { ProofDemand, readClaim, tokenDigest } from "../../../protocol/proof.ts";
import { PRODUCT_VERSION, PROTOCOL_VERSION } from "../../../protocol/version.ts";

const TOKEN = "a".repeat(64);
const STARTED_AT = new Date(0).toISOString();

const frameSchema = z.looseObject({
  type: z.string().optional(),
  id: z.string().optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
});
export type Frame = z.infer<typeof frameSchema>;

/** The answer to a request: a result, an error, or nothing at all. */
export type Reply = { result: unknown } | { error: object } | undefined;

export interface Script {
  serverVersion?: string;
  protocolVersion?: number;
  maxMessageBytes?: number;
  autoStarted?: boolean;
  /** It listens where a hub did, and does not know the token. */
  isImpostor?: boolean;
  /** HTTP status that refuses an upgrade. */
  refuseWith?: number;
  /** Another hub has taken the place of the one that hub.json speaks of: refused once, and hub.json is of today afterwards. */
  wasReplaced?: boolean;
  /** Close code instead of `identified`. */
  closeWith?: number;
  onRequest?: (request: Frame, hub: ScriptedHub) => Reply;
}

export class ScriptedHub {
  readonly home = mkdtempSync(join(tmpdir(), "godot-scripted-hub-"));
  readonly identities: Identify[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** Every frame that came after `identify`, in order. */
  readonly frames: Frame[] = [];
  /** May be changed at any time. */
  readonly script: Script;
  readonly #server: Server;
  readonly #sockets = new Set<WebSocket>();

  private constructor(script: Script) {
    this.script = script;
    this.#server = createServer();
    const sockets = new WebSocketServer({ noServer: true });
    this.#server.on("upgrade", (request: IncomingMessage, stream, head) => {
      this.authorizations.push(request.headers.authorization);
      const refuseWith = this.script.wasReplaced ? this.#refuseAsSuccessor() : this.script.refuseWith;
      if (refuseWith) stream.end(`HTTP/1.1 ${refuseWith} Refused\r\nConnection: close\r\n\r\n`);
      else sockets.handleUpgrade(request, stream, head, (socket) => this.#serve(socket, this.#demandOf(request)));
    });
  }

  /** Starts on a free port and writes hub.json and token. */
  static async start(script: Script = {}): Promise<ScriptedHub> {
    const hub = new ScriptedHub(script);
    await new Promise<void>((resolve) => hub.#server.listen(0, "127.0.0.1", resolve));
    writeFileSync(tokenPath(hub.home), TOKEN);
    hub.announce();
    return hub;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** The requests for `method`, in order. */
  requests(method: string): Frame[] {
    return this.frames.filter((frame) => frame.method === method && frame.id !== undefined);
  }

  /** Writes hub.json. */
  announce(file: Partial<HubFile> = {}): void {
    const { serverVersion = PRODUCT_VERSION, protocolVersion = PROTOCOL_VERSION, autoStarted = false } = this.script;
    const { pid } = process;
    const startedAt = STARTED_AT;
    const own = {
      pid,
      port: this.port,
      url: this.url,
      version: serverVersion,
      protocolVersion,
      startedAt,
      proof: true,
      autoStarted,
    };
    writeFileSync(hubFilePath(this.home), JSON.stringify({ ...own, ...file }));
  }

  /** Sends to everybody who is connected. */
  send(message: object): void {
    this.sendText(JSON.stringify(message));
  }

  /** Sends a frame as it is. */
  sendText(text: string): void {
    for (const socket of this.#sockets) socket.send(text);
  }

  /** Breaks every connection, without a word or with a close code. */
  drop(code?: number): void {
    for (const socket of this.#sockets) {
      if (code === undefined) socket.terminate();
      else socket.close(code);
    }
  }

  async dispose(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.home, { recursive: true, force: true });
  }

  #refuseAsSuccessor(): number {
    this.script.wasReplaced = false;
    this.announce();
    return 401;
  }

  #demandOf({ headers }: IncomingMessage): Partial<ProofDemand> {
    const claim = readClaim(headers.authorization);
    return claim ? new ProofDemand(claim, tokenDigest(this.script.isImpostor ? "another" : TOKEN)) : {};
  }

  #serve(socket: WebSocket, { nonce, proof }: Partial<ProofDemand>): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    const { serverVersion = PRODUCT_VERSION, protocolVersion = PROTOCOL_VERSION } = this.script;
    const { maxMessageBytes = 1_000_000 } = this.script;
    const heartbeat = { intervalMs: 30_000, timeoutMs: 60_000 };
    const handshake = { type: "handshake", clientId: "c", serverVersion, protocolVersion, heartbeat, nonce, proof };
    socket.send(JSON.stringify({ ...handshake, identifyTimeoutMs: 1_000, maxMessageBytes }));
    socket.on("message", (data) => this.#receive(socket, frameSchema.parse(JSON.parse(data.toString()))));
  }

  #receive(socket: WebSocket, frame: Frame): void {
    if (frame.type === "identify") {
      this.identities.push(identifySchema.parse(frame));
      const { closeWith } = this.script;
      if (closeWith) socket.close(closeWith);
      else socket.send(JSON.stringify(identified(this.identities.length)));
      return;
    }
    this.frames.push(frame);
    if (frame.id === undefined || frame.method === undefined) return;
    const reply = this.script.onRequest?.(frame, this);
    if (reply) socket.send(JSON.stringify({ jsonrpc: "2.0", id: frame.id, ...reply }));
  }
}

function identified(count: number) {
  return { type: "identified", clientId: "c", resumeToken: `resume-${count}`, resumed: count > 1, name: "agent" };
}
