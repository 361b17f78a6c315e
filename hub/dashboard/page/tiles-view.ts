/** The hub at a glance: six figures, each with how it went in the last half minute, or of what it is made up. */
import { milliseconds } from "../../../hub-client/durations.ts";
import { byId, element, Sparkline, setAttribute, setText } from "./elements.ts";
import { count, perSecond } from "./format.ts";
import type { History } from "./history.ts";
import type { Model } from "./model.ts";

/** One figure. */
interface Tile {
  readonly title: string;
  readonly value: (model: Model) => string;
  readonly note: (model: Model) => string;
  readonly history?: (model: Model) => History;
  /** How many of each class, as parts of one line. */
  readonly shares?: (model: Model) => ReadonlyMap<string, number>;
  /** The value of a history at full height. */
  readonly least?: number;
  /** True while the figure asks for attention. */
  readonly isBad?: (model: Model) => boolean;
}

const ofType = (model: Model, type: string) =>
  [...model.instances.values()].filter(({ row }) => row.clientType === type).length;
const agents = (model: Model) => [...model.clients.values()].filter(({ clientType }) => clientType === "mcp").length;

const TILES: readonly Tile[] = [
  {
    title: "Instances",
    value: (model) => String(model.instances.size),
    note: (model) => `${count(ofType(model, "godot"), "editor")}, ${count(ofType(model, "game"), "game")}`,
    shares: (model) => model.instancesByState,
  },
  {
    title: "Clients",
    value: (model) => String(model.clients.size),
    note: (model) => count(agents(model), "agent"),
    shares: (model) => model.clientsByWork,
  },
  {
    title: "Commands per second",
    value: ({ latest }) => perSecond(latest?.rate.answered ?? 0, latest?.periodMs ?? 0),
    note: ({ latest }) => `${(latest?.hub.counters.answered ?? 0).toLocaleString("en-US")} in all`,
    history: ({ rate }) => rate,
  },
  {
    title: "Latency",
    value: ({ latest }) => milliseconds(latest?.rate.p50Ms ?? null),
    note: ({ latest }) => `95 %: ${milliseconds(latest?.rate.p95Ms ?? null)}`,
    history: ({ latency }) => latency,
    least: 5,
  },
  {
    title: "Running",
    value: (model) => String(model.load.inFlight),
    note: (model) => `${model.load.queued} waiting`,
    history: ({ queue }) => queue,
    least: 4,
  },
  {
    title: "Failed, last 30 s",
    value: ({ failures }) => failures.sum.toLocaleString("en-US"),
    note: ({ latest }) => `${latest?.hub.counters.outcomeUnknown ?? 0} unknown`,
    history: ({ failures }) => failures,
    isBad: ({ failures }) => failures.sum > 0,
  },
];

/** The row of figures. */
export class TilesView {
  readonly #model: Model;
  readonly #updates: (() => void)[];

  constructor(model: Model) {
    this.#model = model;
    const list = byId("tiles", HTMLElement);
    this.#updates = TILES.map((tile) => this.#add(tile, list));
  }

  /** Shows what the model has now. */
  render(): void {
    for (const update of this.#updates) update();
  }

  #add(tile: Tile, list: HTMLElement): () => void {
    const value = element("p", { class: "value" });
    const note = element("p", { class: "note" });
    const line = tile.history && new Sparkline();
    const box = element("div", { class: "tile" }, element("h2", { class: "label", text: tile.title }), value, note);
    if (line) box.append(line.element);
    const shares = tile.shares && new Shares();
    if (shares) box.append(shares.element);
    list.append(box);
    return () => {
      setText(value, tile.value(this.#model));
      setText(note, tile.note(this.#model));
      if (shares && tile.shares) shares.show(tile.shares(this.#model));
      if (line && tile.history) line.show(tile.history(this.#model), tile.least);
      setAttribute(box, "class", tile.isBad?.(this.#model) ? "tile bad" : "tile");
    };
  }
}

/** One line of parts. */
class Shares {
  readonly element = element("div", { class: "shares", attributes: { "aria-hidden": "true" } });
  readonly #parts = new Map<string, HTMLSpanElement>();

  /** Shows how many there are of each class; a part stays where it first stood. */
  show(counts: ReadonlyMap<string, number>): void {
    for (const [kind, part] of this.#parts) part.hidden = !counts.has(kind);
    for (const [kind, count] of counts) this.#part(kind).style.flexGrow = String(count);
  }

  #part(kind: string): HTMLSpanElement {
    const known = this.#parts.get(kind);
    if (known) return known;
    const part = element("span", { class: `share ${kind}` });
    this.#parts.set(kind, part);
    this.element.append(part);
    return part;
  }
}
