/** Floods a hub's port, each flood from a separate process. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { FloodPlan } from "./flood-process.ts";
import { rawFrame, upgradeRequest } from "./raw-frames.ts";
import { within } from "./wait.ts";

const PROGRAM = fileURLToPath(new URL("flood-process.ts", import.meta.url));

export interface FloodOptions extends Pick<FloodPlan, "sockets" | "times" | "again"> {
  port: number;
  /** The bytes that are sent again and again. */
  flood: Buffer | string;
  /** Absent: plain HTTP. `token` absent: none is shown. `identify` absent: the connection does not say who it is. */
  webSocket?: { token?: string; identify?: object };
}

export class Flood {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  /** Sockets that are open when it begins. */
  readonly sockets: number;

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>, sockets: number) {
    this.#child = child;
    this.sockets = sockets;
  }

  /** Opens the sockets. */
  static async prepare({ port, flood, webSocket, ...counts }: FloodOptions): Promise<Flood> {
    const plan: FloodPlan = {
      port,
      ...counts,
      flood: base64(flood),
      opening: webSocket ? openingOf(port, webSocket) : [],
    };
    const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, JSON.stringify(plan)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [line] = await within(once(createInterface({ input: child.stdout }), "line"), {
      what: "the flood's sockets",
    });
    return new Flood(child, Number(line));
  }

  start(): void {
    this.#child.stdin.write("start\n");
  }

  stop(): void {
    this.#child.stdin.write("stop\n");
  }

  /** Ends the process. */
  end(): void {
    this.#child.kill("SIGKILL");
  }
}

function openingOf(port: number, { token, identify }: NonNullable<FloodOptions["webSocket"]>): FloodPlan["opening"] {
  const upgrade = { say: base64(upgradeRequest(port, token)), until: '"handshake"' };
  if (!identify) return [upgrade];
  const message = { type: "identify", clientVersion: "1", ...identify };
  return [upgrade, { say: base64(rawFrame({ payload: JSON.stringify(message) })), until: '"identified"' }];
}

function base64(bytes: Buffer | string): string {
  return Buffer.from(bytes).toString("base64");
}
