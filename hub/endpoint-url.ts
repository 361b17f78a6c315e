/** The url of a hub. */

/** Addresses that mean "all of this machine's", and what this machine reaches them by. */
const WILDCARDS = new Map([
  ["0.0.0.0", "127.0.0.1"],
  ["::", "::1"],
]);

/** The url under which this machine reaches a hub that listens on `host` and `port`; wss when it has a certificate. */
export function endpointUrl({ host, tlsCert }: { host: string; tlsCert: string | undefined }, port: number): string {
  const address = WILDCARDS.get(host) ?? host;
  const name = address.includes(":") && !address.startsWith("[") ? `[${address}]` : address;
  return `${tlsCert ? "wss" : "ws"}://${name}:${port}`;
}
