/** The dashboard's page: logs in, shows the board, and says how the connection is. */
import { messageOf } from "../../../hub-client/node-errors.ts";
import { Board } from "./board.ts";
import { byId, setText } from "./elements.ts";
import type { LinkState } from "./hub-socket.ts";
import { endSession, openSession } from "./session.ts";

const LINK_TEXTS: Readonly<Record<LinkState, string>> = {
  connecting: "Connecting",
  live: "Live",
  away: "The hub is away",
  ended: "Not logged in",
};

const login = byId("login", HTMLElement);
const board = byId("board", HTMLElement);
let current: Board | undefined;

function showState(state: LinkState, reason?: string): void {
  document.body.dataset.state = state;
  setText(byId("link-text", HTMLElement), LINK_TEXTS[state]);
  const isEnded = state === "ended";
  if (isEnded && reason) setText(byId("login-reason", HTMLElement), reason);
  login.hidden = !isEnded;
  board.hidden = isEnded;
  byId("log-out", HTMLButtonElement).hidden = isEnded;
  byId("facts", HTMLElement).hidden = isEnded;
}

async function begin(): Promise<void> {
  showState("connecting");
  const session = await openSession();
  if (session.key === undefined) showState("ended", session.reason);
  else current ??= new Board({ key: session.key, onState: showState });
}

byId("log-out", HTMLButtonElement).addEventListener("click", async () => {
  current?.close();
  await endSession();
  showState("ended", "You are logged out.");
});
// A link that is opened again in this tab brings a new code.
addEventListener("hashchange", () => {
  if (location.hash.startsWith("#code=")) location.reload();
});

begin().catch((error: unknown) => showState("ended", messageOf(error)));
