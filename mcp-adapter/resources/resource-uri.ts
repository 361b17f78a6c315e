/** Addresses of resources: `godot://instances`, `godot://<instance>/<kind>[/<path in the project>]`, and `custom://...` of the session's project. */
import { CUSTOM_URI_LENGTH } from "../../protocol/commands/custom.ts";
import { RequestError } from "../session/request-error.ts";

const KINDS = ["project", "scene", "script", "log"] as const;
export type ResourceKind = (typeof KINDS)[number];
/** Before the addresses that the project's own code has made up. */
const CUSTOM = "custom://";

/** Stands for the instance that the session works on. */
export const CURRENT = "current";
export const INSTANCES_URI = "godot://instances";

/** What an address names. */
export type ResourceAddress =
  | { readonly kind: "instances" }
  | {
      readonly kind: ResourceKind;
      /** Undefined: the session's own. */
      readonly instance: string | undefined;
      /** File below the project's folder, as res://...; undefined: the current scene, or nothing. */
      readonly path: string | undefined;
      /** The same file with its `%41` left as they stand: by RFC 6570 an expansion of `{+path}` encodes none that a name has. */
      readonly spelled?: string | undefined;
    }
  | {
      readonly kind: "custom";
      readonly instance: undefined;
      /** The whole address, which only the project understands. */
      readonly path: string;
    };

/** The address of a file or a part of an instance. @param path A file, res://... */
export function resourceUri(instance: string, kind: ResourceKind, path?: string): string {
  const file = path
    ?.replace(/^res:\/\//, "")
    .split("/")
    .map(encodeURIComponent)
    .join("/");
  return `godot://${encodeURIComponent(instance)}/${kind}${file === undefined ? "" : `/${file}`}`;
}

/** Reads an address. A path may have `?` and `#` in it, as expansions of `{+path}` do: no query or fragment follows one. @throws {RequestError} for one that names nothing. */
export function parseResourceUri(uri: string): ResourceAddress {
  if (uri === INSTANCES_URI) return { kind: "instances" };
  if (uri.startsWith(CUSTOM)) return customAddress(uri);
  const [, instance, word, file] = /^godot:\/\/([^/?#]+)\/([a-z]+)(?:\/(.+))?$/s.exec(uri) ?? [];
  const kind = KINDS.find((each) => each === word);
  const takesPath = kind === "scene" || kind === "script";
  if (!instance || !kind || (kind === "script" && !file) || (file && !takesPath)) throw unknown(uri);
  const named = decoded(instance, uri);
  return { kind, instance: named === CURRENT ? undefined : named, path: undefined, ...(file && filePaths(file)) };
}

function filePaths(written: string): { path: string; spelled?: string } {
  const spelled = `res://${written.replace(/^res:\/\//, "")}`;
  try {
    const path = decodeURIComponent(spelled);
    return { path, ...(path !== spelled && { spelled }) };
  } catch {
    return { path: spelled };
  }
}

function customAddress(uri: string): ResourceAddress {
  if (uri.length <= CUSTOM_URI_LENGTH) return { kind: "custom", instance: undefined, path: uri };
  throw RequestError.resourceNotFound(
    uri,
    `An address has at most ${CUSTOM_URI_LENGTH} characters, not ${uri.length}.`,
  );
}

function decoded(part: string, uri: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw unknown(uri);
  }
}

function unknown(uri: string): RequestError {
  return RequestError.resourceNotFound(
    uri,
    `There is no resource '${uri}'. There are ${INSTANCES_URI} and godot://<instance>/project, /log, /scene/<path> and /script/<path>; '${CURRENT}' is your own instance. custom://... are the project's own.`,
  );
}
