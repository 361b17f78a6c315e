/** The commands as they end, newest first, with filters, and held still for whoever wants to read. */

import { milliseconds } from "../../../hub-client/durations.ts";
import type { CommandRow } from "../../../protocol/activity.ts";
import { byId, cell, clientName, element, row, type View } from "./elements.ts";
import { timeOfDay } from "./format.ts";
import type { Model } from "./model.ts";
import type { Row } from "./rows.ts";
import { TablePanel } from "./table-panel.ts";

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
  constructor(model: Model, onFilter: (view: View) => void) {
    this.#model = model;
    this.#panel = new TablePanel("feed", ({ seq }) => String(seq), createRow);
    this.#outcome.addEventListener("change", () => onFilter(this));
    this.#text.addEventListener("input", () => onFilter(this));
    this.#hold.addEventListener("click", () => {
      this.#held = this.#held ? undefined : this.#model.commands;
      this.#hold.setAttribute("aria-pressed", String(this.#held !== undefined));
      onFilter(this);
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
    this.#panel.show(matching, count);
  }
}

function hasOutcome({ outcome }: CommandRow, wanted: string): boolean {
  return wanted === "all" || (outcome === "ok") === (wanted === "ok");
}

function contains({ command, client, instance, outcome }: CommandRow, wanted: string): boolean {
  return wanted === "" || `${command} ${client} ${instance ?? ""} ${outcome}`.toLowerCase().includes(wanted);
}

/** What has ended does not change any more: its row is made once. */
function createRow(ended: CommandRow): Row<CommandRow> {
  const outcome = element("span", {
    class: ended.outcome === "ok" ? "outcome ok" : "outcome failed",
    text: ended.outcome,
  });
  if (ended.message !== undefined) outcome.title = ended.message;
  const took = element("span", { text: milliseconds(ended.durationMs) });
  if (ended.queuedMs !== null) took.title = `${milliseconds(ended.queuedMs)} of it waiting to be sent`;
  const tr = row(
    cell("Time", "time", element("span", { text: timeOfDay(ended.at) })),
    cell("Command", "command", element("code", { text: ended.command })),
    cell("Agent", "who", clientName(ended.client)),
    cell("Instance", "who", element("span", { text: ended.instance ?? "–" })),
    cell("Outcome", "", outcome),
    cell("Took", "number", took),
  );
  tr.classList.toggle("failed", ended.outcome !== "ok");
  return { element: tr, update: () => {} };
}
