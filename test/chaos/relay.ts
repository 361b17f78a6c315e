/** A TCP relay between a client and the hub that can swallow everything, as a network does whose cable was pulled. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export class Relay {
  readonly url: string;
  /** Port of the hub that it leads to; may be set until the first client comes. */
  hubPort: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(
    server: Server,
    readonly port: number,
    hubPort: number,
  ) {
    this.#server = server;
    this.url = `ws://127.0.0.1:${port}`;
    this.hubPort = hubPort;
  }

  /** Starts a relay to the hub that listens on `hubPort`. */
  static async start(hubPort = 0): Promise<Relay> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The relay has no port.");
    const relay = new Relay(server, address.port, hubPort);
    server.on("connection", (socket) => relay.#pass(socket, connect(relay.hubPort, "127.0.0.1")));
    return relay;
  }

  /** From now on nothing gets through, and neither side notices: no data, no FIN, no RST. */
  swallow(): void {
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.removeAllListeners("close");
      // Read and dropped: a paused socket would push back, which a dead network does not.
      socket.resume();
    }
  }

  /** Ends every connection; later ones get through. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  dispose(): void {
    this.cut();
    this.#server.close();
  }

  #pass(client: Socket, hub: Socket): void {
    for (const [from, to] of [
      [client, hub],
      [hub, client],
    ] as const) {
      this.#sockets.add(from);
      from.on("error", () => {});
      from.on("close", () => to.destroy());
      from.pipe(to, { end: false });
    }
  }
}
