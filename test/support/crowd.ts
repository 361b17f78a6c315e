/** Sockets that come in numbers, say one thing, and stay. */
import { connect, type Socket } from "node:net";
import { until } from "./wait.ts";

export interface CrowdOptions {
  port: number;
  count: number;
  /** What each says. */
  text?: string;
  /** Where they come from. */
  localAddress?: string;
}

export class Crowd {
  readonly sockets: Socket[] = [];

  /** Opens more of them, and waits until the system has. */
  async grow({ port, count, text = "", localAddress }: CrowdOptions): Promise<Socket[]> {
    const from = localAddress === undefined ? {} : { localAddress };
    const opened = Array.from({ length: count }, () => connect({ host: "127.0.0.1", port, ...from }));
    this.sockets.push(...opened);
    for (const socket of opened) {
      socket.on("error", () => {});
      socket.on("data", () => {});
      if (text) socket.write(text);
    }
    await Promise.all(opened.map((socket) => until(() => !socket.connecting, { what: "a TCP connection" })));
    return opened;
  }

  leave(): void {
    for (const socket of this.sockets.splice(0)) socket.destroy();
  }
}
