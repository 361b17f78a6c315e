/** The page while it is logged in: one connection, one model, and the views that show it. */

import { span } from "../../../hub-client/durations.ts";
import type { ClientRow, LeaseRow } from "../../../protocol/activity.ts";
import { ClientsView } from "./clients-view.ts";
import { byId, Frames, setText, type View } from "./elements.ts";
import { ErrorsView } from "./errors-view.ts";
import { FeedView } from "./feed-view.ts";
import { HubSocket, type LinkState } from "./hub-socket.ts";
import { InstancesView } from "./instances-view.ts";
import { LeasesView } from "./leases-view.ts";
import { Model } from "./model.ts";
import { TilesView } from "./tiles-view.ts";

/** How long a notice stands, ms. */
const NOTICE_MS = 6_000;
/** Sentences that are read out of one report; more would never come to an end. */
const MAX_NEWS = 3;

/** What the board tells the page. */
interface BoardOptions {
  key: string;
  onState: (state: LinkState, reason?: string) => void;
}

/** Everything below the header. */
export class Board {
  readonly #model = new Model();
  readonly #socket: HubSocket;
  readonly #frames = new Frames();
  readonly #views: readonly View[];
  readonly #notice = byId("notice", HTMLElement);
  readonly #news = byId("news", HTMLElement);
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor({ key, onState }: BoardOptions) {
    const model = this.#model;
    const onFilter = (view: View) => this.#frames.draw([view]);
    this.#views = [
      new FactsView(model),
      new TilesView(model),
      new InstancesView({ model, onPause: (target, paused) => this.#pause(target, paused), onFilter }),
      new FeedView(model, onFilter),
      new ClientsView({
        model,
        ownId: () => this.#socket.clientId,
        onDisconnect: (client) => void this.#disconnect(client),
        onFilter,
      }),
      new LeasesView(model, (lease) => this.#release(lease)),
      new ErrorsView(model, onFilter),
    ];
    this.#socket = new HubSocket(key, {
      onReport: (report) => {
        const news = model.apply(report);
        if (news.length > 0) setText(this.#news, news.slice(0, MAX_NEWS).join(" "));
        this.#frames.draw(this.#views);
      },
      onState,
    });
  }

  /** Ends the connection. */
  close(): void {
    this.#socket.close();
  }

  #pause(target: string, paused: boolean): void {
    const name = this.#model.instances.get(target)?.row.name ?? target;
    this.#act("hub.pause_instance", { target, paused }, paused ? `${name} takes no commands.` : `${name} goes on.`);
  }

  #release({ holderId, holder, resource, instanceId }: LeaseRow): void {
    const params = { holder: holderId, resources: [resource], target: instanceId };
    this.#act("hub.release_lease", params, `${holder} no longer holds ${resource}.`);
  }

  async #disconnect({ id, name }: ClientRow): Promise<void> {
    const question = `Disconnect ${name}? What it has waiting is cancelled, its leases are given back, and it does not come back by itself.`;
    if (!(await ask(question, "Disconnect"))) return;
    this.#act("hub.disconnect_client", { client: id }, `${name} is disconnected.`);
  }

  #act(method: string, params: Readonly<Record<string, unknown>>, done: string): void {
    this.#socket.request(method, params).then(
      () => this.#say(done, false),
      (error: Error) => this.#say(error.message, true),
    );
  }

  #say(text: string, isBad: boolean): void {
    clearTimeout(this.#noticeTimer);
    this.#notice.className = isBad ? "notice shown refused" : "notice shown";
    setText(this.#notice, text);
    this.#noticeTimer = setTimeout(() => {
      this.#notice.className = "notice";
      setText(this.#notice, "");
    }, NOTICE_MS);
  }
}

/** Version, process and age of the hub. */
class FactsView {
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

/** Ends the question that is open, or whose end the browser has not told yet. */
let settle: ((isYes: boolean) => void) | undefined;

/** True when the person says yes. The focus returns to where it was. A question that was not answered yet is a no. */
function ask(text: string, yes: string): Promise<boolean> {
  const dialog = byId("question", HTMLDialogElement);
  setText(byId("question-text", HTMLElement), text);
  setText(byId("question-yes", HTMLButtonElement), yes);
  settle?.(false);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    const onClose = (): void => {
      // Told a moment after the dialog has closed: by then this may be the next question's.
      if (!dialog.open) end(dialog.returnValue === "yes");
    };
    const end = (isYes: boolean): void => {
      dialog.removeEventListener("close", onClose);
      settle = undefined;
      resolve(isYes);
    };
    settle = end;
    dialog.addEventListener("close", onClose);
  });
}
