/** A stub editor that comes back by itself each time the hub dies, as the addon does. */
import { setTimeout as pause } from "node:timers/promises";
import type { HubProcess } from "../support/hub-process.ts";
import { type InstanceOptions, StubInstance } from "../support/stub-instance.ts";

const RETRY_MS = 50;

export class LastingStub {
  readonly instance: StubInstance;
  readonly #hub: HubProcess;
  #isDisposed = false;

  private constructor(hub: HubProcess, options: InstanceOptions) {
    this.#hub = hub;
    this.instance = new StubInstance(options);
  }

  static async start(hub: HubProcess, options: InstanceOptions): Promise<LastingStub> {
    const stub = new LastingStub(hub, options);
    await stub.instance.connect(hub.url, hub.token);
    void stub.#stay();
    return stub;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.instance.client.terminate();
  }

  async #stay(): Promise<void> {
    while (!this.#isDisposed) {
      await this.instance.client.closed;
      await this.#return();
    }
  }

  async #return(): Promise<void> {
    while (!this.#isDisposed) {
      const isBack = await this.instance.connect(this.#hub.url, this.#hub.token).then(
        () => true,
        () => false,
      );
      if (isBack) return;
      await pause(RETRY_MS);
    }
  }
}
