/** Resolves a hub address that a person has given: on this machine it may mean the hub of hub.json. */
import { networkInterfaces } from "node:os";
import type { HubFile } from "./state-dir.ts";

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ["ws:", 80],
  ["wss:", 443],
]);
/** The loopback address that every hub listens on, unless hub.json names another. */
const LOOPBACK = "127.0.0.1";

/** True for an address that leads to this machine: its loopback addresses and names, and those of its network cards. */
export function isThisMachine(url: string): boolean {
  const host = hostOf(url);
  if (host === "::1" || host === "::" || host === "0.0.0.0" || isLocalhost(host) || /^127\./.test(host)) return true;
  if (/^::ffff:7f/.test(host)) return true;
  const cards = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return cards.some(({ address }) => address === host);
}

/** Whether the hub of `file` has the port that `url` names. */
export function isPortOf(url: string, file: HubFile): boolean {
  const { protocol, port } = new URL(url);
  return (port === "" ? DEFAULT_PORTS.get(protocol) : Number(port)) === file.port;
}

/** True where the hub proves by its certificate who it is, under the very name that was given. */
export function isSecure(url: string): boolean {
  return new URL(url).protocol === "wss:";
}

/** The same address without the name `localhost`: that means two addresses, and any program may listen on the other one. */
export function withoutLocalhost(url: string): string {
  if (isSecure(url) || !isLocalhost(hostOf(url))) return url;
  const plain = new URL(url);
  plain.hostname = LOOPBACK;
  return plain.href.replace(/\/$/, "");
}

function isLocalhost(host: string): boolean {
  return /^(.+\.)?localhost\.?$/.test(host);
}

/** In lower case, and addresses in their usual form: a URL sees to that. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, "");
}
