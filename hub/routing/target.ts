/** Which instance a request is meant for. Never guesses: several matches are an error, and so is none. */
import { isGameCommand } from "../../protocol/commands/game.ts";
import { WireError } from "../../protocol/errors.ts";
import { isShortFor, type Named, shortName } from "../../protocol/target-names.ts";
import { isGuest, isSameToken } from "../access/quota.ts";
import type { Binding, Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";

/** Instances that an error's text names; its `candidates` are all of them. */
const LISTED = 12;

/** How the instance was named. */
export interface TargetQuery {
  /** `target` of the request. */
  readonly target?: string | undefined;
  /** Any instance of the named project will do. */
  readonly anyOf?: boolean | undefined;
  /** The command that is to be carried out; a game's goes to the game of the editor that was meant. */
  readonly method?: string | undefined;
}

/**
 * The instance that a request of `client` goes to.
 *
 * The request's own target; else what the session bound; else the project that its adapter is bound to; else the only
 * instance there is. Instances that are away count: a command waits for them. Where a name, a project or nothing at all
 * fits several, those that came with the asker's own token count first, then the owner's: a guest's gets in no one's way.
 * @throws {WireError} NO_INSTANCE, TARGET_NOT_FOUND or TARGET_AMBIGUOUS, with the candidates.
 */
export function resolveTarget(instances: readonly Instance[], client: Client, query: TargetQuery): Instance {
  const meant = meantBy(instances, client, query);
  return isGameCommand(query.method ?? "") && meant.isEditor ? gameOf(instances, meant) : meant;
}

/** The instance that commands of `client` reach when they name no target; undefined where that would be an error. */
export function drivenBy(client: Client, instances: readonly Instance[]): Instance | undefined {
  try {
    return resolveTarget(instances, client, {});
  } catch {
    return undefined;
  }
}

function meantBy(instances: readonly Instance[], client: Client, query: TargetQuery): Instance {
  if (query.target !== undefined) return named(instances, client, query.target, query.anyOf ?? false);
  if (client.binding) return bound(instances, client);
  if (client.projectPath !== undefined) return ofProject(instances, client, client.projectPath);
  return theOnlyOne(instances, client);
}

/** The first that any fit, of instances with the asker's own token, with the owner's, and of all. */
function firstTrusted(
  instances: readonly Instance[],
  { permission }: Client,
  match: (among: readonly Instance[]) => Instance[],
): Instance[] {
  const own = match(instances.filter((instance) => isSameToken(instance.permission, permission)));
  if (own.length > 0) return own;
  const owners = isGuest(permission) ? match(instances.filter((instance) => !isGuest(instance.permission))) : [];
  return owners.length > 0 ? owners : match(instances);
}

/** The instances that `spec` names, by the first of these that any has: name, project path, project name, short name. */
function matchName(instances: readonly Instance[], spec: string): Instance[] {
  const levels: ((instance: Instance) => boolean)[] = [
    (instance) => instance.name === spec,
    (instance) => instance.hasOpen(spec),
    (instance) => instance.isEditor && instance.identify.project?.name === spec,
    (instance) => isShortFor(spec, namesOf(instance)),
  ];
  for (const matches of levels) {
    const found = instances.filter(matches);
    if (found.length > 0) return found;
  }
  return [];
}

function namesOf({ name, isEditor, identify }: Instance): Named {
  return { name, project: isEditor ? identify.project : undefined };
}

function named(instances: readonly Instance[], client: Client, spec: string, anyOf: boolean): Instance {
  const byId = instances.find((instance) => instance.id === spec);
  const found = byId ? [byId] : firstTrusted(instances, client, (among) => matchName(among, spec));
  if (anyOf) return leastLoaded(found) ?? unknown(spec, instances);
  const [first, second] = found;
  if (!first) return unknown(spec, instances);
  if (second) return ambiguous(`'${spec}' names ${found.length} instances.`, found);
  return first;
}

/** What a session keeps that is bound to an instance. */
export function bindingTo({ id, name, projectPath }: Instance): Binding {
  return { instanceId: id, name, projectPath };
}

function leastLoaded(instances: readonly Instance[]): Instance | undefined {
  const present = instances.filter((instance) => instance.connection !== undefined);
  return (present.length > 0 ? present : instances).toSorted((a, b) => a.load - b.load)[0];
}

function bound(instances: readonly Instance[], client: Client): Instance {
  const { binding } = client;
  const byId = instances.find((instance) => instance.id === binding?.instanceId);
  if (byId) return byId;
  if (binding?.projectPath !== undefined) {
    const next = ofProject(instances, client, binding.projectPath);
    client.binding = bindingTo(next);
    return next;
  }
  return notFound(`This session is bound to '${binding?.name}', which is not connected.`, instances);
}

function ofProject(instances: readonly Instance[], client: Client, path: string): Instance {
  const found = firstTrusted(instances, client, (among) => among.filter((instance) => instance.hasOpen(path)));
  const [first, second] = found;
  if (second) return ambiguous(`${found.length} editors have the project ${path} open.`, found);
  return (
    first ?? notFound(`This session is bound to the project ${path}, which no connected editor has open.`, instances)
  );
}

function theOnlyOne(instances: readonly Instance[], client: Client): Instance {
  const editors = firstTrusted(instances, client, (among) => among.filter((instance) => instance.isEditor));
  const [first, second] = editors;
  if (!first) {
    throw new WireError("NO_INSTANCE", "No Godot editor is connected.", {
      hint: "Open the project in Godot with the addon 'godot_mcp_hub' enabled (`godot-hub install <project>` puts it there), or start a headless editor on it with instance.launch.",
    });
  }
  if (second) return ambiguous(`${editors.length} editors are connected and this request names none.`, editors);
  return first;
}

/** The game that `editor` plays; never guessed among several. */
function gameOf(instances: readonly Instance[], editor: Instance): Instance {
  const games = instances.filter((instance) => instance.isPlayedBy(editor));
  const [first, second] = games;
  if (second) return ambiguous(`${editor.name} plays ${games.length} games.`, games);
  if (first) return first;
  throw new WireError("NO_INSTANCE", `${editor.name} plays no game that can be reached.`, {
    hint: "Start it with run.play; run.status says what became of the last one, and whether it hangs before its first frame.",
  });
}

function unknown(spec: string, instances: readonly Instance[]): never {
  if (/[\\/]/.test(spec)) return notFound(`No connected editor has the project ${spec} open.`, instances);
  // The process has ended, and another one is there under its own name.
  const near = instances.filter(({ name }) => shortName(name) === shortName(spec)).map(({ label }) => label);
  const meant = near.length > 0 ? ` Did you mean ${near.join(", or ")}?` : "";
  return notFound(`Unknown target '${spec}'.${meant}`, instances);
}

function notFound(cause: string, instances: readonly Instance[]): never {
  const candidates = instances.map((instance) => instance.label);
  const connected = candidates.length > 0 ? ` Connected: ${listed(candidates)}.` : " No Godot editor is connected.";
  throw new WireError("TARGET_NOT_FOUND", cause + connected, {
    candidates,
    hint: "Open that project in Godot, or start a headless editor on it with instance.launch, or name a connected instance as target (hub_use binds the session to one).",
  });
}

function ambiguous(cause: string, found: readonly Instance[]): never {
  const candidates = found.map((instance) => instance.label);
  throw new WireError("TARGET_AMBIGUOUS", `${cause} Candidates: ${listed(candidates)}.`, {
    candidates,
    hint: "Name one of the candidates as target, or bind the session to one with hub_use.",
  });
}

function listed(labels: readonly string[]): string {
  const more = labels.length - LISTED;
  return labels.slice(0, LISTED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
