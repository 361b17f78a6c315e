/** The table of leases: who holds what, until when, and the button that gives it back. */
import type { LeaseRow } from "../../../protocol/activity.ts";
import { actionButton, cell, element, setAttribute, setText, spaced } from "./elements.ts";
import { span } from "./format.ts";
import type { Row } from "./keyed-rows.ts";
import type { Model } from "./model.ts";
import { TablePanel } from "./table-panel.ts";

/** The panel of leases. */
export class LeasesView {
  readonly #model: Model;
  readonly #onRelease: (lease: LeaseRow) => void;
  readonly #panel: TablePanel<LeaseRow>;

  constructor(model: Model, onRelease: (lease: LeaseRow) => void) {
    this.#model = model;
    this.#onRelease = onRelease;
    this.#panel = new TablePanel(
      "leases",
      ({ instanceId, resource }) => `${instanceId} ${resource}`,
      () => this.#createRow(),
    );
  }

  /** Shows what the model has now, without what has lapsed since. */
  render(): void {
    const now = Date.now();
    const live = this.#model.leases.filter(({ until }) => Date.parse(until) + 1_000 > now);
    this.#panel.show(
      live.toSorted((a, b) => Number(b.explicit) - Number(a.explicit) || a.resource.localeCompare(b.resource)),
    );
  }

  #createRow(): Row<LeaseRow> {
    const resource = element("code");
    const where = element("span", { class: "where" });
    const holder = element("span");
    const until = element("span");
    const release = actionButton("Release");
    let shown: LeaseRow | undefined;
    release.addEventListener("click", () => shown && this.#onRelease(shown));
    const tr = element(
      "tr",
      {},
      element("th", { attributes: { scope: "row" } }, ...spaced(resource, where)),
      cell("Held by", "who", holder),
      cell("Lapses", "since", until),
      cell("", "action", release),
    );
    const update = (lease: LeaseRow): void => {
      shown = lease;
      setText(resource, lease.resource === "*" ? "the whole instance" : lease.resource);
      const instance = this.#model.instances.get(lease.instanceId)?.row.name ?? "";
      setText(where, lease.explicit ? `reserved · ${instance}` : instance);
      setText(holder, lease.holder);
      setText(until, `in ${span(Date.parse(lease.until) - Date.now())}`);
      setAttribute(release, "aria-label", `Release ${lease.resource} of ${lease.holder}`);
    };
    return { element: tr, update };
  }
}
