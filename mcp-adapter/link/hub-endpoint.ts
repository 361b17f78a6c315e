/** Where the hub is and what proves that one may talk to it, read anew at each attempt. */
import { isHubProcess } from "../../protocol/hub-process.ts";
import { ProofExchange } from "../../protocol/proof.ts";
import { type HubFile, readHubFile, readToken } from "../../protocol/state-dir.ts";

/** An address to dial. */
export interface HubEndpoint {
  readonly url: string;
  readonly token: string | undefined;
  /** Certificate (PEM file) that the hub may prove itself by. */
  readonly tlsCa: string | undefined;
  /** What `hub.json` says of the hub; undefined when the address was given. */
  readonly file: HubFile | undefined;
}

/**
 * What is proved to a hub that hub.json speaks of, without sending the token: who listens there may be somebody else by
 * now. Undefined for a hub that takes no proofs, and for an address that was given: whoever gave it answers for it.
 */
export function proofFor({ token, file }: HubEndpoint): ProofExchange | undefined {
  return token !== undefined && file?.proof ? new ProofExchange(token, file.startedAt) : undefined;
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
  const file = url ? undefined : readHubFile(home);
  const address = url ?? file?.url;
  return address === undefined ? undefined : { url: address, token: token ?? readToken(home), tlsCa, file };
}

/** False where there is surely no hub to connect to: no address was given, and none is announced by a process that lives. */
export function mayHubRun(sources: Pick<EndpointSources, "home" | "url">): boolean {
  if (sources.url !== undefined) return true;
  const file = readHubFile(sources.home);
  return file !== undefined && isHubProcess(file) !== false;
}
