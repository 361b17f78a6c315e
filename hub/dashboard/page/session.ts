/** The page's session: a code from the link is exchanged for it, once, and it ends by logging out. */

/** Browsers keep this apart by port, which they do not do with cookies: the two together open the hub. */
const KEY = "godot-hub-session-key";

/** Whether the page may connect. */
type SessionState = { key: string } | { key: undefined; reason: string };

/** Exchanges the code of the page's link, if it has one; else looks for the session of an earlier visit. */
export async function openSession(): Promise<SessionState> {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  if (code === undefined) return keptSession();
  // The code is used up: nobody should find it in the history or come back to it.
  history.replaceState(null, "", location.pathname);
  const response = await fetch("/session", { method: "POST", body: code });
  if (!response.ok) {
    const kept = await keptSession();
    return kept.key === undefined ? { key: undefined, reason: (await response.text()).trim() } : kept;
  }
  // The hub's own answer to the request above.
  const { key } = (await response.json()) as { key: string };
  localStorage.setItem(KEY, key);
  return { key };
}

/** True while the hub knows this page's session. @throws {TypeError} when no hub answers. */
export async function isSessionOpen(): Promise<boolean> {
  return (await fetch("/session/check")).ok;
}

/** Ends the session, here and in the hub. */
export async function endSession(): Promise<void> {
  localStorage.removeItem(KEY);
  await fetch("/session/end", { method: "POST" });
}

async function keptSession(): Promise<SessionState> {
  const key = localStorage.getItem(KEY);
  if (key === null) return { key: undefined, reason: "This page shows and controls the hub of this machine." };
  if (await isSessionOpen()) return { key };
  return { key: undefined, reason: "Your session has ended." };
}
