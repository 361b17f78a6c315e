/** The table of leases: who holds what, until when, and the button that gives it back. */

import { span } from "../../../hub-client/durations.ts";
import type { LeaseRow } from "../../../protocol/activity.ts";
import { actionButton, cell, element, row, rowHeading, setAttribute, setText, spaced } from "./elements.ts";
import type { Model } from "./model.ts";
import type { Row } from "./rows.ts";
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
    const until = element("span", { class: "where" });
    const release = actionButton("Release");
    let shown: LeaseRow | undefined;
    release.addEventListener("click", () => shown && this.#onRelease(shown));
    const tr = row(
      rowHeading(resource, where),
      cell("Held by", "holder", ...spaced(holder, until)),
      cell("", "action", release),
    );
    const update = (lease: LeaseRow): void => {
      shown = lease;
      const { kind, path } = partsOf(lease.resource);
      setText(resource, path);
      setAttribute(resource, "title", lease.resource);
      const instance = this.#model.instances.get(lease.instanceId)?.row.name ?? "";
      setText(where, [lease.explicit && "reserved", kind, instance].filter(Boolean).join(" · "));
      setAttribute(where, "title", instance);
      setText(holder, lease.holder);
      setText(until, `lapses in ${span(Date.parse(lease.until) - Date.now())}`);
      setAttribute(release, "aria-label", `Release ${lease.resource} of ${lease.holder}`);
    };
    return { element: tr, update };
  }
}

/** `scene:res://levels/boss.tscn` in two parts, the second as short as the place for it. */
function partsOf(resource: string): { kind: string; path: string } {
  if (resource === "*") return { kind: "", path: "the whole instance" };
  const colon = resource.indexOf(":");
  const path = resource.slice(colon + 1).replace(/^res:\/\//, "");
  return { kind: colon < 0 ? "" : resource.slice(0, colon), path: path || resource };
}
