/** A client that only looks: what a hub says of itself, its instances and its clients. */
import { z } from "zod";
import {
  type ClientInfo,
  clientInfoSchema,
  type HubStatus,
  hubStatusSchema,
  type InstanceInfo,
  instanceInfoSchema,
} from "../../protocol/hub-methods.ts";
import { ProtocolClient } from "./protocol-client.ts";
import { until, type WaitOptions } from "./wait.ts";

/** Where a hub is and what opens it. */
export interface HubAddress {
  readonly url: string;
  readonly token: string;
}

const instancesSchema = z.object({ instances: z.array(instanceInfoSchema) });
const clientsSchema = z.object({ clients: z.array(clientInfoSchema) });

export class HubObserver {
  readonly client: ProtocolClient;

  private constructor(client: ProtocolClient) {
    this.client = client;
  }

  static async open({ url, token }: HubAddress): Promise<HubObserver> {
    const client = await ProtocolClient.connect(url, { token });
    await client.identify({ clientType: "observer" });
    return new HubObserver(client);
  }

  async status(): Promise<HubStatus> {
    return hubStatusSchema.parse(await this.#ask("hub.status"));
  }

  /** Every instance, those that are away too. */
  async instances(): Promise<InstanceInfo[]> {
    return instancesSchema.parse(await this.#ask("hub.list_instances")).instances;
  }

  /** The instance that has the project in the folder `path` open. */
  async instanceOf(path: string): Promise<InstanceInfo | undefined> {
    return (await this.instances()).find(({ project }) => project?.path === path);
  }

  /** Connected clients, without this one. */
  async clients(): Promise<ClientInfo[]> {
    const { clients } = clientsSchema.parse(await this.#ask("hub.list_clients"));
    return clients.filter(({ clientType }) => clientType !== "observer");
  }

  /** Waits until every project in `paths` is open in an instance that is connected. */
  async untilPresent(paths: readonly string[], wait: Partial<WaitOptions> = {}): Promise<void> {
    const isPresent = async () => {
      const present = (await this.instances()).filter(({ state }) => state !== "away");
      return paths.every((path) => present.some(({ project }) => project?.path === path));
    };
    await until(isPresent, { what: `instances of ${paths.join(", ")}`, deadlineMs: 150_000, ...wait });
  }

  /** Waits until nothing is pending, and returns the counters as they are then. */
  untilIdle(wait: Partial<WaitOptions> = {}): Promise<HubStatus["counters"]> {
    const idleCounters = async () => {
      const { counters } = await this.status();
      return counters.pending === 0 && counters;
    };
    return until(idleCounters, { what: "no pending request", deadlineMs: 30_000, ...wait });
  }

  close(): void {
    this.client.terminate();
  }

  async #ask(method: string): Promise<unknown> {
    const { result, error } = await this.client.request(method, {}, {}, { deadlineMs: 30_000 });
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }
}
