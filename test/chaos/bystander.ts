/** A session that works on another editor while a fault happens: it must not notice. */
import type { ProtocolClient } from "../support/protocol-client.ts";

export class Bystander {
  readonly #client: ProtocolClient;
  readonly #target: string;
  readonly #errors: string[] = [];
  #answered = 0;
  #isStopped = false;
  #work: Promise<void> | undefined;

  /** @param target What the session works on: a project that the fault does not touch. */
  constructor(client: ProtocolClient, target: string) {
    this.#client = client;
    this.#target = target;
  }

  start(): void {
    this.#isStopped = false;
    this.#work = this.#workOn();
  }

  /** Ends the work: how many answers there were, and which of them were errors. */
  async stop(): Promise<{ answered: number; errors: string[] }> {
    this.#isStopped = true;
    await this.#work;
    return { answered: this.#answered, errors: this.#errors };
  }

  async #workOn(): Promise<void> {
    while (!this.#isStopped) {
      const write = this.#answered % 2 === 0;
      const name = `bystander_${this.#answered}`;
      const { error } = write
        ? await this.#ask("node.add", { parent: ".", type: "Node", name })
        : await this.#ask("scene.get_tree", { depth: 0 });
      if (error) this.#errors.push(error.message);
      this.#answered += 1;
    }
  }

  #ask(method: string, params: Record<string, unknown>) {
    const scene = "res://scene_0.tscn";
    return this.#client.request(
      method,
      { scene, ...params },
      { target: this.#target, resources: [`scene:${scene}`] },
      { deadlineMs: 30_000 },
    );
  }
}
