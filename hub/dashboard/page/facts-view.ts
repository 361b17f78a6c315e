/** The line in the header that says which hub this is. */

import { span } from "../../../hub-client/durations.ts";
import { byId, setText } from "./elements.ts";
import type { Model } from "./model.ts";

/** Version, process and age of the hub. */
export class FactsView {
  readonly #model: Model;
  readonly #facts = byId("facts", HTMLElement);

  constructor(model: Model) {
    this.#model = model;
  }

  /** Shows what the model has now. */
  render(): void {
    const hub = this.#model.latest?.hub;
    if (!hub) return;
    setText(this.#facts, `${hub.version} · pid ${hub.pid} · up ${span(Date.now() - Date.parse(hub.startedAt))}`);
  }
}
