/** A hub inside the test process, on a real socket: for tests that need short timings or look at its limits. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { type HubConfig, loadConfig } from "../../hub/config.ts";
import { Hub } from "../../hub/hub.ts";
import { openAdapter, type ProtocolClient } from "./protocol-client.ts";
import { type InstanceOptions, StubInstance } from "./stub-instance.ts";

const TOKEN = "0123456789abcdef".repeat(4);

/** A running hub and the ways in which tests reach it. Everything that was opened through it is closed by `dispose`. */
export class LocalHub {
  readonly url: string;
  readonly token = TOKEN;
  readonly hub: Hub;
  /** Its state directory. */
  readonly home: string;
  readonly #clients: ProtocolClient[] = [];

  private constructor(hub: Hub, url: string, home: string) {
    this.hub = hub;
    this.url = url;
    this.home = home;
  }

  /** Starts a hub on a free port with the defaults, changed by `config`. */
  static async start(
    config: Partial<HubConfig> = {},
    settleMs = 0,
    beforeAccept: (port: number) => void | Promise<void> = () => {},
  ): Promise<LocalHub> {
    const home = mkdtempSync(join(tmpdir(), "godot-hub-local-"));
    const hub = new Hub({
      // A limit on changes would be what most tests run into: those about it set it.
      config: { ...loadConfig({ flags: { home }, env: {} }), port: 0, writesPerMinute: 0, ...config },
      token: () => TOKEN,
      logger: pino({ level: "silent" }),
      settleMs,
      beforeAccept: ({ port }) => beforeAccept(port),
    });
    const { url } = await hub.start();
    return new LocalHub(hub, url, home);
  }

  /** A client of type `mcp`. */
  async adapter(options: Parameters<typeof openAdapter>[2] = {}): Promise<ProtocolClient> {
    const { client } = await openAdapter(this.url, this.token, options);
    this.#clients.push(client);
    return client;
  }

  /** A connected stub editor. */
  async editor(options: InstanceOptions = {}): Promise<StubInstance> {
    const instance = new StubInstance(options);
    await instance.connect(this.url, this.token);
    this.#clients.push(instance.client);
    return instance;
  }

  async dispose(): Promise<void> {
    for (const client of this.#clients) client.terminate();
    await this.hub.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}
