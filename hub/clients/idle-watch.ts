/** Ends a hub that an adapter started and that nobody uses any more. */
import type { ClientRegistry } from "./client-registry.ts";

/** Calls back once nobody has been connected for a while. */
export class IdleWatch {
  readonly #registry: ClientRegistry;
  readonly #idleMs: number;
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param idleMs Time without any connected client or instance after which `onIdle` is called. */
  constructor(registry: ClientRegistry, idleMs: number, onIdle: () => void) {
    this.#registry = registry;
    this.#idleMs = idleMs;
    this.#onIdle = onIdle;
    for (const event of ["arrived", "away", "gone"] as const) registry.on(event, this.#look);
    this.#look();
  }

  /** Ends the watch. */
  dispose(): void {
    for (const event of ["arrived", "away", "gone"] as const) this.#registry.off(event, this.#look);
    clearTimeout(this.#timer);
  }

  readonly #look = (): void => {
    clearTimeout(this.#timer);
    this.#timer = this.#registry.connectedCount === 0 ? setTimeout(this.#onIdle, this.#idleMs) : undefined;
    this.#timer?.unref();
  };
}
