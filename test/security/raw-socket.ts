/** A TCP connection that says whatever a test wants: for what no HTTP library would send. */
import { connect, type Socket } from "node:net";
import { until, within } from "../support/wait.ts";

export class RawSocket {
  readonly #socket: Socket;
  #received = "";
  /** Resolves when the other side has closed. */
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#received += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
  }

  static async open(port: number): Promise<RawSocket> {
    const socket = connect({ host: "127.0.0.1", port });
    await within(new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject)), {
      what: "a TCP connection",
    });
    return new RawSocket(socket);
  }

  /** What came so far. */
  get received(): string {
    return this.#received;
  }

  send(text: string | Buffer): void {
    this.#socket.write(text);
  }

  /** The status of the first answer. */
  async status(): Promise<number> {
    const line = await until(() => /^HTTP\/1\.1 (\d{3})/.exec(this.#received), { what: "an HTTP answer" });
    return Number(line[1]);
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
