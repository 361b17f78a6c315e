/** The table of clients: who is here, what they drive, and the button that ends a session. */

import { span } from "../../../hub-client/durations.ts";
import type { ClientRow } from "../../../protocol/activity.ts";
import {
  actionButton,
  byId,
  cell,
  clientName,
  element,
  row,
  rowHeading,
  setAttribute,
  setText,
  type View,
} from "./elements.ts";
import { shareText } from "./format.ts";
import type { Model } from "./model.ts";
import type { Row } from "./rows.ts";
import { TablePanel } from "./table-panel.ts";

/** What the view asks of the page. */
interface ClientsViewOptions {
  model: Model;
  /** Id of this page among the clients. */
  ownId: () => string;
  onDisconnect: (client: ClientRow) => void;
  /** The filter has changed: show again. */
  onFilter: (view: View) => void;
}

/** The panel of clients. */
export class ClientsView {
  readonly #options: ClientsViewOptions;
  readonly #panel: TablePanel<ClientRow>;
  readonly #text = byId("clients-text", HTMLInputElement);

  constructor(options: ClientsViewOptions) {
    this.#options = options;
    this.#panel = new TablePanel(
      "clients",
      ({ id }) => id,
      (client) => this.#createRow(client),
    );
    this.#text.addEventListener("input", () => options.onFilter(this));
  }

  /** Shows what the model has now. */
  render(): void {
    const all = [...this.#options.model.clients.values()];
    const wanted = this.#text.value.trim().toLowerCase();
    const shown = all.filter((client) => `${client.name} ${this.#drives(client)}`.toLowerCase().includes(wanted));
    this.#panel.show(shown.toSorted(agentsFirst), shareText(shown.length, all.length));
  }

  #drives({ drives, target, clientType }: ClientRow): string {
    if (clientType !== "mcp") return "–";
    const name = drives === null ? undefined : this.#options.model.instances.get(drives)?.row.name;
    return name ?? (target === null ? "nothing yet" : `${target} (not here)`);
  }

  #createRow(client: ClientRow): Row<ClientRow> {
    const name = clientName(client.name, "name");
    const kind = element("span", { class: "where" });
    const drives = element("span");
    const pending = element("span");
    const since = element("span");
    const action = cell("", "action");
    const tr = row(
      rowHeading(name, kind),
      cell("Drives", "who", drives),
      cell("Pending", "number", pending),
      cell("Since", "since", since),
      action,
    );
    if (client.id === this.#options.ownId()) action.append(element("span", { class: "where", text: "this page" }));
    else action.append(this.#disconnectButton(client));
    const update = (latest: ClientRow): void => {
      setText(kind, kindOf(latest));
      setText(drives, this.#drives(latest));
      setText(pending, latest.pending === 0 ? "–" : String(latest.pending));
      setText(since, sinceText(latest.connectedAt));
    };
    return { element: tr, update };
  }

  #disconnectButton(client: ClientRow): HTMLButtonElement {
    const button = actionButton("Disconnect");
    setAttribute(button, "aria-label", `Disconnect ${client.name}`);
    button.addEventListener("click", () => this.#options.onDisconnect(client));
    return button;
  }
}

function kindOf({ clientType, agent }: ClientRow): string {
  const who = agent ? `${agent.name} ${agent.version}`.trim() : undefined;
  return [clientType === "mcp" ? "agent" : clientType, who].filter(Boolean).join(" · ");
}

/** By the minute: seconds would change every row twice a report. */
function sinceText(connectedAt: string): string {
  const ms = Date.now() - Date.parse(connectedAt);
  return ms < 60_000 ? "just now" : span(ms);
}

const byNumber = new Intl.Collator(undefined, { numeric: true });

function agentsFirst(a: ClientRow, b: ClientRow): number {
  const isOther = ({ clientType }: ClientRow) => (clientType === "mcp" ? 0 : 1);
  return isOther(a) - isOther(b) || byNumber.compare(a.name, b.name);
}
