/** The errors since the page was opened, the latest first; those that say the same are one. */
import { cell, element, setText, spaced } from "./elements.ts";
import { timeOfDay } from "./format.ts";
import type { Row } from "./keyed-rows.ts";
import type { KnownError, Model } from "./model.ts";
import { TablePanel } from "./table-panel.ts";

/** The panel of errors. */
export class ErrorsView {
  readonly #model: Model;
  readonly #panel = new TablePanel<KnownError>("errors", ({ latest }) => keyOf(latest), createRow);

  constructor(model: Model) {
    this.#model = model;
  }

  /** Shows what the model has now. */
  render(): void {
    const errors = [...this.#model.errors.values()].toReversed();
    this.#panel.show(errors, errors.length === 0 ? "" : String(errors.length));
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
  const tr = element(
    "tr",
    {},
    cell("Last", "time", time),
    cell("What failed", "failure", ...spaced(kind, command, times, who, text)),
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
