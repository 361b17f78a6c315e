/** The product's version and the range of wire protocol versions that it speaks. */
import manifest from "../package.json" with { type: "json" };

/** Version of the product, from package.json: the only place where it is written. */
export const PRODUCT_VERSION: string = manifest.version;

/** The wire protocol version that this code speaks. */
export const PROTOCOL_VERSION = 1;

/** Oldest wire protocol version that is still accepted. */
export const PROTOCOL_VERSION_MIN = 1;

/** True when a peer of `version` can be served; an absent version means 1. */
export function isProtocolVersionSupported(version: number): boolean {
  return version >= PROTOCOL_VERSION_MIN && version <= PROTOCOL_VERSION;
}
