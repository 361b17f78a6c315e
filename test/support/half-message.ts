/** A client that sends the most of a message, and never its end. */
import { connect, type Socket } from "node:net";
import { rawFrame, upgradeRequest } from "./raw-frames.ts";
import { until, within } from "./wait.ts";

const BLOCK = Buffer.alloc(256 * 1024, "x");

export interface HalfMessageOptions {
  port: number;
  token: string;
  /** Bytes that it sends; its message says that it has some more. */
  bytes: number;
  /** In frames of so many bytes, pings between them; absent: in one frame. */
  frameBytes?: number;
}

export class HalfMessage {
  readonly #socket: Socket;
  #received = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      this.#received = (this.#received + chunk.toString("latin1")).slice(-4_096);
    });
  }

  /** Sends it, until all of it is taken or the connection ends. */
  static async send({ port, token, bytes, frameBytes = bytes }: HalfMessageOptions): Promise<HalfMessage> {
    const half = new HalfMessage(connect({ host: "127.0.0.1", port, noDelay: true }));
    await half.#say(upgradeRequest(port, token), '"handshake"');
    const identify = JSON.stringify({ type: "identify", clientType: "observer", clientVersion: "1" });
    await half.#say(rawFrame({ payload: identify }), '"identified"');
    for (let sent = 0; sent < bytes && half.isOpen; sent += frameBytes) {
      const isPart = frameBytes < bytes;
      if (isPart && sent > 0) await half.#write(rawFrame({ opcode: 0x9 }));
      await half.#write(rawFrame({ opcode: sent > 0 ? 0 : 1, fin: false, length: frameBytes + (isPart ? 0 : 1_000) }));
      for (let left = frameBytes; left > 0 && half.isOpen; left -= BLOCK.length) {
        await half.#write(BLOCK.subarray(0, Math.min(left, BLOCK.length)));
      }
    }
    return half;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.readyState === "open";
  }

  end(): void {
    this.#socket.destroy();
  }

  async #say(bytes: string | Buffer, answer: string): Promise<void> {
    this.#socket.write(bytes);
    await until(() => this.#received.includes(answer), { what: answer });
  }

  #write(bytes: Buffer): Promise<void> {
    const written = new Promise<void>((resolve) => {
      this.#socket.write(bytes, () => resolve());
      this.#socket.once("close", () => resolve());
    });
    return within(written, { what: "bytes to be taken" }).finally(() => this.#socket.removeAllListeners("close"));
  }
}
