/** Names that people and models can type: unique among all clients of a hub. */
import { basename } from "node:path";
import type { Identify } from "../../protocol/messages.ts";
import { isInstanceType } from "./instance.ts";

/** A name for a new client: `<project>@<4 hex>` for an instance, else what it asked for, its agent's name or its client type. */
export function nameClient(id: string, identify: Identify, isTaken: (name: string) => boolean): string {
  if (isInstanceType(identify.clientType) && identify.name === undefined) return nameInstance(id, identify, isTaken);
  return unique(slug(identify.name ?? identify.agent?.name ?? identify.clientType), isTaken);
}

/** `wished`, or with the first free number behind it. */
export function unique(wished: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(wished)) return wished;
  for (let number = 2; ; number += 1) {
    const candidate = `${wished}-${number}`;
    if (!isTaken(candidate)) return candidate;
  }
}

function nameInstance(id: string, identify: Identify, isTaken: (name: string) => boolean): string {
  const { project } = identify;
  const base = slug(project?.name || (project && basename(project.path)) || identify.clientType);
  const hex = id.replace(/[^0-9a-f]/gi, "").toLowerCase();
  for (let at = 0; at + 4 <= hex.length; at += 1) {
    const candidate = `${base}@${hex.slice(at, at + 4)}`;
    if (!isTaken(candidate)) return candidate;
  }
  return unique(`${base}@${hex}`, isTaken);
}

function slug(text: string): string {
  const clean = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._@-]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return clean.slice(0, 60) || "client";
}
