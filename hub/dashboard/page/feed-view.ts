/** The commands as they end, newest first, with filters, and held still for whoever wants to read. */
import type { CommandRow } from "../../../protocol/activity.ts";
import { byId, cell, element } from "./elements.ts";
import { milliseconds, timeOfDay } from "./format.ts";
import type { Row } from "./keyed-rows.ts";
import type { Model } from "./model.ts";
import { TablePanel } from "./table-panel.ts";

/** Rows that are shown: more is nobody's reading, and each costs layout. */
const MAX_ROWS = 60;

/** The panel of commands. */
export class FeedView {
  readonly #model: Model;
  readonly #panel: TablePanel<CommandRow>;
  readonly #outcome = byId("feed-outcome", HTMLSelectElement);
  readonly #text = byId("feed-text", HTMLInputElement);
  readonly #hold = byId("feed-hold", HTMLButtonElement);
  /** The commands as they were when the feed was held. */
  #held: readonly CommandRow[] | undefined;

  /** @param onFilter The filter has changed: show again. */
  constructor(model: Model, onFilter: () => void) {
    this.#model = model;
    this.#panel = new TablePanel("feed", ({ seq }) => String(seq), createRow);
    this.#outcome.addEventListener("change", onFilter);
    this.#text.addEventListener("input", onFilter);
    this.#hold.addEventListener("click", () => {
      this.#held = this.#held ? undefined : this.#model.commands;
      this.#hold.setAttribute("aria-pressed", String(this.#held !== undefined));
      onFilter();
    });
  }

  /** Shows what the model has now. */
  render(): void {
    const commands = this.#held ?? this.#model.commands;
    const wanted = this.#text.value.trim().toLowerCase();
    const outcome = this.#outcome.value;
    const matching = commands.filter((row) => hasOutcome(row, outcome) && contains(row, wanted));
    const isFiltered = wanted !== "" || outcome !== "all";
    const count = this.#held ? "held" : isFiltered ? `${matching.length} of ${commands.length}` : "";
    this.#panel.show(matching.slice(0, MAX_ROWS), count);
  }
}

function hasOutcome({ outcome }: CommandRow, wanted: string): boolean {
  return wanted === "all" || (outcome === "ok") === (wanted === "ok");
}

function contains({ command, client, instance, outcome }: CommandRow, wanted: string): boolean {
  return wanted === "" || `${command} ${client} ${instance ?? ""} ${outcome}`.toLowerCase().includes(wanted);
}

/** What has ended does not change any more: its row is made once. */
function createRow(row: CommandRow): Row<CommandRow> {
  const outcome = element("span", { class: row.outcome === "ok" ? "outcome ok" : "outcome failed", text: row.outcome });
  if (row.message !== undefined) outcome.title = row.message;
  const took = element("span", { text: milliseconds(row.durationMs) });
  if (row.queuedMs !== null) took.title = `${milliseconds(row.queuedMs)} of it waiting to be sent`;
  const tr = element(
    "tr",
    {},
    cell("Time", "time", element("span", { text: timeOfDay(row.at) })),
    cell("Command", "command", element("code", { text: row.command })),
    cell("Agent", "who", element("span", { text: row.client })),
    cell("Instance", "who", element("span", { text: row.instance ?? "–" })),
    cell("Outcome", "", outcome),
    cell("Took", "number", took),
  );
  return { element: tr, update: () => {} };
}
