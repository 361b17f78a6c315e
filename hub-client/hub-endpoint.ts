/** Where the hub is and what proves that one may talk to it, read anew at each attempt. */
import { isPortOf, isSecure, isThisMachine, withoutLocalhost } from "./hub-address.ts";
import { isHubProcess } from "./hub-process.ts";
import { type HubFile, readHubFile, readToken } from "./state-dir.ts";
import { requireOwnState } from "./state-owner.ts";

/** An address to dial. */
export interface HubEndpoint {
  readonly url: string;
  /** Proved to the hub, never sent. */
  readonly token: string | undefined;
  /** Certificate (PEM file) that the hub may prove itself by. */
  readonly tlsCa: string | undefined;
  /** What `hub.json` says of the hub; undefined for an address of which it says nothing. */
  readonly file: HubFile | undefined;
  /** Only the address was given, and it is not that of the hub whose token would have to do. */
  readonly isStray?: boolean;
}

/** What replaces discovery. */
export interface EndpointSources {
  readonly home: string;
  readonly url: string | undefined;
  readonly token: string | undefined;
  /** Certificate (PEM file) that a hub which speaks TLS may prove itself by. */
  readonly tlsCa: string | undefined;
}

/** The hub's address: the one given, else the one in `hub.json`; undefined when there is neither. */
export function findEndpoint({ home, url, token, tlsCa }: EndpointSources): HubEndpoint | undefined {
  if (url !== undefined) return { tlsCa, ...givenEndpoint(url, token, home) };
  const file = readHubFile(home);
  return file && { url: file.url, token: token ?? readToken(home), tlsCa, file };
}

/**
 * What an address that was given comes to. On this machine the state directory says where its hub is: another program may have
 * that port of the other loopback address.
 */
function givenEndpoint(url: string, token: string | undefined, home: string): Omit<HubEndpoint, "tlsCa"> {
  const own = readToken(home);
  if (!isThisMachine(url) || !isOwnState(home)) return { url, token: token ?? own, file: undefined };
  const file = readHubFile(home);
  if (file && isPortOf(url, file)) return { url: isSecure(url) ? url : file.url, token: token ?? own, file };
  const address = withoutLocalhost(url);
  if (own === undefined || (token !== undefined && token !== own)) return { url: address, token, file: undefined };
  // Who gives both means a way to that hub by another port.
  return { url: address, token: own, file, isStray: token === undefined };
}

function isOwnState(home: string): boolean {
  try {
    requireOwnState(home);
    return true;
  } catch {
    return false;
  }
}

/** False where there is surely no hub to connect to: no address was given, and none is announced by a process that lives. */
export function mayHubRun(sources: Pick<EndpointSources, "home" | "url">): boolean {
  if (sources.url !== undefined) return true;
  const file = readHubFile(sources.home);
  return file !== undefined && isHubProcess(file) !== false;
}
