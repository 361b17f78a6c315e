/** Puts the token into each request on its way to the adapter: for clients that know no tokens. Everything else passes as it is. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export class TokenBridge {
  readonly #server: Server;

  /** @param port Where the adapter is; asked at each request. */
  constructor(port: () => number, token: () => string) {
    this.#server = createServer((incoming, outgoing) => pass(incoming, outgoing, port(), token()));
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, port: number, token: string): void {
  const { url, method, headers } = incoming;
  const authorized = { ...headers, authorization: `Bearer ${token}` };
  const asked = request({ host: "127.0.0.1", port, path: url, method, headers: authorized }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  asked.on("error", () => outgoing.destroy());
  outgoing.on("close", () => asked.destroy());
  incoming.pipe(asked);
}
