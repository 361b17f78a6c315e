/** Names that people and models can type, unique among all clients of a hub; and ids that every hub makes alike. */
import { basename } from "node:path";
import { v5 as uuidOf } from "uuid";
import type { Identify } from "../../protocol/messages.ts";
import { slug } from "../../protocol/target-names.ts";
import type { Permit } from "../access/permit.ts";
import { isGuest } from "../access/quota.ts";
import { isInstanceType } from "../access/roles.ts";

/** Namespace of ids that are made from epochs (UUID version 5, RFC 9562). */
const EPOCH_NAMESPACE = "1c1b3e03-74f2-4d69-8e5b-6f3a0d9c2b71";

/**
 * A name for a new client: `<project>@<4 hex>` for an instance, else what it asked for, its agent's name or its client type.
 * That of a guest's instance begins with the name of its token: it is not to be taken for one of the owner's.
 */
export function nameClient(
  id: string,
  identify: Identify,
  isTaken: (name: string) => boolean,
  permit?: Permit,
): string {
  const isInstance = isInstanceType(identify.clientType);
  const prefix = isInstance && isGuest(permit) ? `${permit.name}.` : "";
  if (isInstance && identify.name === undefined) return nameInstance(id, identify, isTaken, prefix);
  return unique(prefix + nameOf(identify.name ?? identify.agent?.name ?? identify.clientType), isTaken);
}

/** The id of an instance that has never had one: made from its epoch, so that every hub which meets this process gives it the same. */
export function idOfProcess({ clientType, instance }: Identify, permit: Permit | undefined): string | undefined {
  if (!isInstanceType(clientType) || instance?.epoch === undefined) return undefined;
  // Whoever knows the epoch of an owner's editor does not get its id.
  return uuidOf(isGuest(permit) ? `${permit.name} ${instance.epoch}` : instance.epoch, EPOCH_NAMESPACE);
}

/** `wished`, or with the first free number behind it. */
export function unique(wished: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(wished)) return wished;
  for (let number = 2; ; number += 1) {
    const candidate = `${wished}-${number}`;
    if (!isTaken(candidate)) return candidate;
  }
}

function nameInstance(id: string, identify: Identify, isTaken: (name: string) => boolean, prefix: string): string {
  const { project } = identify;
  const base = prefix + nameOf(project?.name || (project && basename(project.path)) || identify.clientType);
  const hex = id.replace(/[^0-9a-f]/gi, "").toLowerCase();
  for (let at = 0; at + 4 <= hex.length; at += 1) {
    const candidate = `${base}@${hex.slice(at, at + 4)}`;
    if (!isTaken(candidate)) return candidate;
  }
  return unique(`${base}@${hex}`, isTaken);
}

function nameOf(text: string): string {
  return slug(text) || "client";
}
