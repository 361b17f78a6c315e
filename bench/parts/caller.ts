/** The near end of the relay benchmarks: sends requests over one WebSocket and hears when each is answered. */
import { WebSocket } from "ws";
import { until } from "../../test/support/wait.ts";

/** Calls one command: `bytes` of the stub target, unless another is named. */
export class Caller {
  readonly #socket: WebSocket;
  /** The text before the params of each request. */
  readonly #head: string;
  readonly #waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  #sequence = 0;

  private constructor(socket: WebSocket, target: string | undefined, method: string) {
    this.#socket = socket;
    this.#head = `"method":"${method}",${target === undefined ? "" : `"target":"${target}",`}`;
    socket.on("message", (data: Buffer) => {
      // The first bytes of every answer have its id and any error; this benchmark ignores the rest.
      const head = data.toString("latin1", 0, 200);
      const id = /"id":"([^"]*)"/.exec(head)?.[1];
      const call = id === undefined ? undefined : this.#waiting.get(id);
      if (id === undefined || !call) return;
      this.#waiting.delete(id);
      if (head.includes('"error":{')) call.reject(new Error(head));
      else call.resolve();
    });
  }

  /** Connects; to a hub, when a token is given, with its opening. `target`: which instance to ask, where there are several. */
  static async connect(url: string, token?: string, target?: string, method = "bytes"): Promise<Caller> {
    const socket = new WebSocket(url, {
      headers: token ? { Authorization: `Bearer ${token}` } : {},
      perMessageDeflate: false,
      maxPayload: 0,
    });
    await new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.once(token === undefined ? "open" : "message", resolve);
    });
    if (token !== undefined) {
      socket.send(JSON.stringify({ type: "identify", clientType: "mcp", clientVersion: "1" }));
      await new Promise((resolve) => socket.once("message", resolve));
    }
    return new Caller(socket, target, method);
  }

  /** One request with `up` bytes of params, answered with `down` bytes; 0: without params. Rejects when it is refused. */
  call(down: number, up = 0): Promise<void> {
    this.#sequence += 1;
    const id = `c${this.#sequence}`;
    const pad = up > 0 ? `,"pad":"${"x".repeat(up)}"` : "";
    const params = down > 0 ? `"size":${down}${pad}` : "";
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(`{"jsonrpc":"2.0","id":"${id}",${this.#head}"params":{${params}}}`);
    });
  }

  /** Waits until an instance answers. */
  async untilAnswered(): Promise<void> {
    const isAnswered = () =>
      this.call(0).then(
        () => true,
        () => false,
      );
    await until(isAnswered, { what: "the target" });
  }

  close(): void {
    this.#socket.terminate();
  }
}
