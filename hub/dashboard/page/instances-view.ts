/** The table of instances: what each does, who drives it, how much waits, and the switch that keeps commands from it. */

import { milliseconds } from "../../../hub-client/durations.ts";
import {
  actionButton,
  byId,
  cell,
  clientName,
  element,
  row,
  rowHeading,
  Sparkline,
  setAttribute,
  setText,
  spaced,
  type View,
} from "./elements.ts";
import { perSecond, shareText } from "./format.ts";
import { type KnownInstance, type Model, stateOf } from "./model.ts";
import type { Row } from "./rows.ts";
import { TablePanel } from "./table-panel.ts";

/** Names that are shown before "and n more". */
const MAX_AGENTS = 3;
/** A line is at full height from here on: less would make a single command look like a crowd. */
const LEAST_QUEUE = 4;
const LEAST_LATENCY_MS = 5;

/** What the view asks of the page. */
interface InstancesViewOptions {
  model: Model;
  onPause: (instanceId: string, paused: boolean) => void;
  /** The filter has changed: show again. */
  onFilter: (view: View) => void;
}

/** The panel of instances. */
export class InstancesView {
  readonly #model: Model;
  readonly #onPause: InstancesViewOptions["onPause"];
  readonly #panel: TablePanel<KnownInstance>;

  readonly #text = byId("instances-text", HTMLInputElement);

  constructor({ model, onPause, onFilter }: InstancesViewOptions) {
    this.#model = model;
    this.#onPause = onPause;
    this.#panel = new TablePanel(
      "instances",
      ({ row }) => row.id,
      (instance) => this.#createRow(instance),
    );
    this.#text.addEventListener("input", () => onFilter(this));
  }

  /** Shows what the model has now. */
  render(): void {
    const all = [...this.#model.instances.values()];
    const wanted = this.#text.value.trim().toLowerCase();
    const shown = wanted === "" ? all : all.filter((each) => this.#searchText(each).includes(wanted));
    this.#panel.show(shown.toSorted(byProject), shareText(shown.length, all.length));
  }

  #searchText(instance: KnownInstance): string {
    const { id, name } = instance.row;
    return [name, whereOf(instance), stateOf(instance), ...this.#model.agentsOf(id)].join(" ").toLowerCase();
  }

  #createRow({ row: { id } }: KnownInstance): Row<KnownInstance> {
    const name = element("span", { class: "name" });
    const where = element("span", { class: "where" });
    const state = element("span");
    const agents = element("span");
    const queue = figure();
    const latency = figure();
    const rate = element("span");
    const pause = actionButton("Pause");
    const tr = row(
      rowHeading(name, where),
      cell("State", "", state),
      cell("Driven by", "who", agents),
      cell("Runs / waits", "measure", queue.text, queue.line.element),
      cell("Latency", "measure", latency.text, latency.line.element),
      cell("Per s", "number", rate),
      cell("", "action", pause),
    );
    let isPaused = false;
    pause.addEventListener("click", () => this.#onPause(id, !isPaused));
    const update = (instance: KnownInstance): void => {
      const { row: latest, load } = instance;
      isPaused = latest.paused;
      setText(name, latest.name);
      setText(where, whereOf(instance));
      setAttribute(where, "title", latest.project?.path);
      showState(state, instance);
      this.#showAgents(agents, id);
      setText(queue.text, `${load.inFlight} / ${load.queued}`);
      queue.line.show(instance.queue, LEAST_QUEUE);
      setText(latency.text, milliseconds(instance.lastMs));
      latency.line.show(instance.latency, LEAST_LATENCY_MS);
      setText(rate, perSecond(load.answered, this.#model.latest?.periodMs ?? 0));
      setText(pause, isPaused ? "Continue" : "Pause");
      setAttribute(pause, "aria-label", `${isPaused ? "Continue" : "Pause"} ${latest.name}`);
    };
    return { element: tr, update };
  }

  #showAgents(target: Element, instanceId: string): void {
    const names = this.#model.agentsOf(instanceId);
    const all = names.join(", ");
    if (target.getAttribute("title") === all) return;
    target.setAttribute("title", all);
    const more = names.length - MAX_AGENTS;
    const shown: Node[] = names.slice(0, MAX_AGENTS).map((name) => clientName(name));
    if (names.length === 0) shown.push(document.createTextNode("–"));
    if (more > 0) shown.push(element("span", { class: "where", text: `and ${more} more` }));
    target.replaceChildren(...spaced(...shown));
  }
}

function figure(): { text: HTMLSpanElement; line: Sparkline } {
  return { text: element("span", { class: "figure" }), line: new Sparkline() };
}

function showState(target: Element, instance: KnownInstance): void {
  const state = stateOf(instance);
  setText(target, state);
  setAttribute(target, "class", `state ${state}`);
}

function whereOf({ row }: KnownInstance): string {
  const kind = row.clientType === "game" ? "running game" : row.headless ? "headless" : "editor";
  return [[row.godotVersion, kind].filter(Boolean).join(" "), row.project?.path].filter(Boolean).join(" · ");
}

const byText = new Intl.Collator();

/** By project, an editor before its games. */
function byProject({ row: a }: KnownInstance, { row: b }: KnownInstance): number {
  return byText.compare(sortKey(a), sortKey(b)) || byText.compare(a.name, b.name);
}

function sortKey({ project, parent, id, clientType }: KnownInstance["row"]): string {
  return `${project?.name ?? ""}\n${parent ?? id}\n${clientType === "game" ? 1 : 0}`;
}
