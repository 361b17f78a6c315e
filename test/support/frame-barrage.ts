/** Fires frames at a hub, one after the other, and judges what comes back: an answer that the protocol knows, or a silence that it allows. */
import { isUtf8 } from "node:buffer";
import { errorKind } from "../../protocol/errors.ts";
import { hubMessageSchema } from "../../protocol/messages.ts";
import type { HubAddress } from "./hub-observer.ts";
import { openAdapter, type ProtocolClient, type Received } from "./protocol-client.ts";

/** What may be in a frame that the hub need not answer at once: responses, acknowledgements, notifications, resends. */
const MAY_BE_SILENT = /result|error|ack|cancel|event|progress|attempt|\\u/;
const NOT_UTF8 = 1007;

/** What a frame led to. */
export interface Reaction {
  readonly answers: readonly Received[];
  /** Close code, when the connection did not survive it. */
  readonly closed: number | undefined;
}

export class FrameBarrage {
  /** How many frames were fired. */
  fired = 0;
  /** Frames that had no answer at once; one may still come. */
  #silences = 0;
  readonly #hub: HubAddress;
  #client: ProtocolClient | undefined;

  constructor(hub: HubAddress) {
    this.#hub = hub;
  }

  /** Fires one text frame and waits until the hub has dealt with it. @throws when the reaction is none that PROTOCOL.md allows. */
  async fire(frame: Buffer): Promise<Reaction> {
    const client = await this.#open();
    this.fired += 1;
    client.sendFrame(frame);
    const isAnswerDue = isUtf8(frame) && !MAY_BE_SILENT.test(frame.toString());
    const reaction = await this.#reactionOf(client, isAnswerDue);
    const complaint = this.#judge(frame, reaction);
    if (complaint) throw new Error(`${complaint}: ${JSON.stringify(frame.toString("latin1"))}`);
    return reaction;
  }

  close(): void {
    this.#client?.terminate();
  }

  async #open(): Promise<ProtocolClient> {
    if (this.#client?.isOpen) return this.#client;
    const { client } = await openAdapter(this.#hub.url, this.#hub.token);
    await client.handshake();
    this.#client = client;
    return client;
  }

  /** A heartbeat stands behind the frame: what has come before its answer belongs to the frame; a command's answer comes later. */
  async #reactionOf(client: ProtocolClient, isAnswerDue: boolean): Promise<Reaction> {
    const answers: Received[] = [];
    let isAcknowledged = false;
    client.sendMessage({ type: "heartbeat", timestamp: -this.fired });
    while (!isAcknowledged || (isAnswerDue && answers.length === 0)) {
      const received = await client.next(isNoNotification, { what: "a reaction" }).catch(() => undefined);
      if (!received) return { answers, closed: client.isOpen ? undefined : (await client.closed).code };
      const { type, timestamp } = received.message;
      if (type === "heartbeat_ack" && timestamp === -this.fired) isAcknowledged = true;
      else answers.push(received);
    }
    return { answers, closed: undefined };
  }

  /** The fault of a reaction to `frame`; undefined if it has none. */
  #judge(frame: Buffer, { answers, closed }: Reaction): string | undefined {
    if (!isUtf8(frame)) return closed === NOT_UTF8 ? undefined : `closed with ${closed} instead of ${NOT_UTF8}`;
    if (closed !== undefined) return `the connection was closed with ${closed}`;
    if (answers.length === 0 && !MAY_BE_SILENT.test(frame.toString())) return "no answer";
    this.#silences += 1 - answers.length;
    if (this.#silences < 0) return `${answers.length} answers`;
    const unknown = answers.find((answer) => !isKnownAnswer(answer));
    return unknown && `an answer that the protocol does not know: ${unknown.text}`;
  }
}

function isNoNotification({ message }: Received): boolean {
  return message.method === undefined;
}

function isKnownAnswer({ message }: Received): boolean {
  if (message.error) return errorKind(message.error.code) !== undefined && message.error.code !== -32603;
  return message.result !== undefined || hubMessageSchema.safeParse(message).success;
}
