/** The errors since the page was opened, the latest first; those that say the same are one. */
import { byId, cell, element, row, setText, spaced, type View } from "./elements.ts";
import { timeOfDay } from "./format.ts";
import type { KnownError, Model } from "./model.ts";
import type { Row } from "./rows.ts";
import { TablePanel } from "./table-panel.ts";
import { KeyedRows } from "./windowed-rows.ts";

/** Errors that are shown before somebody asks for all. */
const MAX_SHOWN = 8;

/** The panel of errors. */
export class ErrorsView {
  readonly #model: Model;
  // A message is as long as it is: its row has the height that it needs.
  readonly #panel = new TablePanel<KnownError>("errors", ({ latest }) => keyOf(latest), createRow, KeyedRows);
  readonly #all = byId("errors-all", HTMLButtonElement);
  #showsAll = false;

  /** @param onToggle More or fewer are wanted: show again. */
  constructor(model: Model, onToggle: (view: View) => void) {
    this.#model = model;
    this.#all.addEventListener("click", () => {
      this.#showsAll = !this.#showsAll;
      this.#all.setAttribute("aria-pressed", String(this.#showsAll));
      onToggle(this);
    });
  }

  /** Shows what the model has now. */
  render(): void {
    const errors = [...this.#model.errors.values()].toReversed();
    this.#all.hidden = errors.length <= MAX_SHOWN && !this.#showsAll;
    const shown = this.#showsAll ? errors : errors.slice(0, MAX_SHOWN);
    this.#panel.show(shown, errors.length === 0 ? "" : String(errors.length));
  }
}

function keyOf({ outcome, instance, message }: KnownError["latest"]): string {
  return `${outcome} ${instance} ${message}`;
}

function createRow({ latest: { outcome, message = "" } }: KnownError): Row<KnownError> {
  const time = element("span");
  const command = element("code");
  const times = element("span", { class: "times" });
  const who = element("span", { class: "where" });
  const kind = element("span", { class: "outcome failed", text: outcome });
  const text = element("span", { class: "message", text: message });
  const tr = row(
    cell("Last", "time", time),
    cell("What failed", "failure", ...spaced(kind, command, times, text, who)),
  );
  const update = ({ latest, count }: KnownError): void => {
    setText(time, timeOfDay(latest.at));
    setText(command, latest.command);
    setText(times, `${count}×`);
    times.hidden = count === 1;
    setText(who, [latest.client, latest.instance].filter(Boolean).join(" → "));
  };
  return { element: tr, update };
}
