/** Registers clients: connected, or away within the grace period, under unique names that people and models can type. */

import { basename } from "node:path";
import { EventEmitter } from "eventemitter3";
import { v5 as uuidOf } from "uuid";
import type { Identify } from "../../protocol/messages.ts";
import { slug } from "../../protocol/target-names.ts";
import { MAX_CONNECTIONS } from "../../protocol/timing.ts";
import type { Permission } from "../access/permission.ts";
import { isGuest } from "../access/quota.ts";
import { isInstanceType } from "../access/roles.ts";
import { BOUNDS } from "../bounds.ts";
import type { Connection } from "../connections/connection.ts";
import { Absences } from "./absences.ts";
import { Client } from "./client.ts";
import { CustomCommandRoom, Instance } from "./instance.ts";
import type { ResumeIdentity, ResumeTokens } from "./resume-token.ts";

/** Clients that are remembered as sent away. */
const MAX_BANISHED = 1_000;
/** Close codes by which a client says that it will not come back. */
const GOODBYE: ReadonlySet<number> = new Set([1000, 1005]);

/** A client is there for the first time, again as the same process, or as a new process in its predecessor's place. */
export type Arrival = "new" | "resumed" | "restarted";

/** What observers of the registry hear. */
interface RegistryEvents {
  arrived: (client: Client, how: Arrival) => void;
  /** Its connection is gone and its grace period runs. */
  away: (client: Client) => void;
  /** An instance that is away will not come back as the same process. */
  lost: (instance: Instance) => void;
  /** It is unregistered. */
  gone: (client: Client) => void;
}

/** What a registry needs to know. */
interface RegistryOptions {
  tokens: ResumeTokens;
  resumeGraceMs: number;
  maxConnections?: number;
}

/** Who is not known yet. */
interface Newcomer {
  readonly proved: ResumeIdentity | undefined;
  readonly identify: Identify;
  readonly freshId: string;
  readonly permission: Permission | undefined;
}

/** Clients by id, with their comings and goings as events. */
export class ClientRegistry extends EventEmitter<RegistryEvents> {
  readonly #options: RegistryOptions;
  readonly #clients = new Map<string, Client>();
  readonly #instances = new Map<string, Instance>();
  readonly #names = new Set<string>();
  readonly #absences: Absences;
  readonly #commandRoom = new CustomCommandRoom();
  /** Why, by the client's id. */
  readonly #banished = new Map<string, string>();

  constructor(options: RegistryOptions) {
    super();
    this.#options = options;
    this.#absences = new Absences({
      graceMs: options.resumeGraceMs,
      most: BOUNDS.awayPerConnection.most * (options.maxConnections ?? MAX_CONNECTIONS),
      onOver: (client) => this.unregister(client),
      onLost: (instance) => this.emit("lost", instance),
    });
  }

  /** Every instance, away or not. */
  get instances(): Instance[] {
    return [...this.#instances.values()];
  }

  /** Every client that is connected and executes no commands. */
  get clients(): Client[] {
    return [...this.#clients.values()].filter((client) => client.connection && !(client instanceof Instance));
  }

  /** The client of that id, connected or away. */
  get(id: string): Client | undefined {
    return this.#clients.get(id);
  }

  /** Number of clients with a connection, instances included. */
  get connectedCount(): number {
    let count = 0;
    for (const client of this.#clients.values()) if (client.connection) count += 1;
    return count;
  }

  /**
   * Registers the client that identified itself on `connection`, under the identity that its resume token proves, that of the
   * predecessor whose place it takes, or a new one with `freshId`.
   */
  register(connection: Connection, identify: Identify, freshId: string): { client: Client; how: Arrival } {
    const { permission } = connection;
    const proved = this.#provedBy(identify.resumeToken, permission);
    const known = this.#knownAs(proved, identify, permission) ?? this.#predecessor(identify, permission);
    const client = known ?? this.#create({ proved, identify, freshId, permission });
    const how: Arrival = known ? this.#howItReturned(known, identify) : "new";
    this.#absences.end(client);
    if (client.connection) client.connection.close("REPLACED", "A newer connection has taken this identity.");
    client.attach(connection, identify);
    if (client instanceof Instance) client.observeProcess(how === "resumed");
    this.emit("arrived", client, how);
    return { client, how };
  }

  /** The connection of a client is gone; `code` as the peer closed it. */
  disconnect(client: Client, connection: Connection, code: number): void {
    if (client.connection !== connection) return;
    const canReturn = !GOODBYE.has(code) && (!(client instanceof Instance) || client.canResume);
    client.detach();
    if (!canReturn) {
      this.unregister(client);
      return;
    }
    this.#absences.begin(client);
    this.emit("away", client);
    if (client instanceof Instance) this.#absences.watchProcess(client);
  }

  /** Ends the session of a client for good and closes its connection, after which it does not come back by itself. */
  expel(client: Client, reason: string): void {
    const { connection } = client;
    client.detach();
    this.unregister(client);
    connection?.close("FORBIDDEN", reason);
  }

  /** Expels a client, and does not let it come back. */
  banish(client: Client, reason: string): void {
    this.#banished.set(client.id, reason);
    const [first] = this.#banished.keys();
    if (this.#banished.size > MAX_BANISHED && first !== undefined) this.#banished.delete(first);
    this.expel(client, reason);
  }

  /** Why the client of an `identify` may not come back; undefined for all others. */
  banishedFor({ resumeToken }: Identify): string | undefined {
    const proved = resumeToken === undefined ? undefined : this.#options.tokens.read(resumeToken);
    return proved && this.#banished.get(proved.clientId);
  }

  /** Forgets a client for good. */
  unregister(client: Client): void {
    if (this.#clients.get(client.id) !== client) return;
    this.#absences.end(client);
    this.#clients.delete(client.id);
    this.#instances.delete(client.id);
    this.#names.delete(client.name);
    if (client instanceof Instance) client.dispose();
    this.emit("gone", client);
  }

  /** Ends every timer. */
  dispose(): void {
    this.#absences.dispose();
  }

  #provedBy(resumeToken: string | undefined, permission: Permission | undefined): ResumeIdentity | undefined {
    const proved = resumeToken === undefined ? undefined : this.#options.tokens.read(resumeToken);
    return proved?.permission === permission?.name ? proved : undefined;
  }

  #knownAs(
    proved: ResumeIdentity | undefined,
    identify: Identify,
    permission: Permission | undefined,
  ): Client | undefined {
    const byToken = proved && this.#clients.get(proved.clientId);
    const known = isOf(permission, byToken) ? byToken : this.#sameProcess(identify, permission);
    return known?.clientType === identify.clientType ? known : undefined;
  }

  /** The instance that is this very process, which has lost its resume token, or whose token was ended by a rotation. */
  #sameProcess({ instance }: Identify, permission: Permission | undefined): Instance | undefined {
    if (instance?.epoch === undefined) return undefined;
    return this.instances.find((each) => each.epoch === instance.epoch && isOf(permission, each));
  }

  /** An editor that ended, for a new process that has the same project open. */
  #predecessor(identify: Identify, permission: Permission | undefined): Instance | undefined {
    const path = identify.project?.path;
    if (identify.clientType !== "godot" || path === undefined || identify.instance?.epoch === undefined)
      return undefined;
    const isMeant = (each: Instance) => this.#absences.isLost(each) && each.hasOpen(path) && isOf(permission, each);
    return this.instances.findLast(isMeant);
  }

  #howItReturned(client: Client, identify: Identify): Arrival {
    if (!(client instanceof Instance)) return "resumed";
    return client.epoch === identify.instance?.epoch ? "resumed" : "restarted";
  }

  #create({ proved, identify, freshId, permission }: Newcomer): Client {
    const isTaken = (name: string) => this.#names.has(name);
    const wished = proved?.clientId ?? idOfProcess(identify, permission);
    const id = wished !== undefined && !this.#clients.has(wished) ? wished : freshId;
    const name = proved ? unique(proved.name, isTaken) : nameClient(id, identify, isTaken, permission);
    this.#names.add(name);
    if (isInstanceType(identify.clientType)) {
      const instance = new Instance(id, name, identify, this.#commandRoom);
      this.#instances.set(id, instance);
      this.#clients.set(id, instance);
      return instance;
    }
    const client = new Client(id, name, identify);
    this.#clients.set(id, client);
    return client;
  }
}

/** No client takes the place of one that came with another token, whatever it knows of it. */
function isOf(permission: Permission | undefined, client: Client | undefined): boolean {
  return client !== undefined && client.permission?.name === permission?.name;
}

/** Namespace of ids that are made from epochs (UUID version 5, RFC 9562). */
const EPOCH_NAMESPACE = "1c1b3e03-74f2-4d69-8e5b-6f3a0d9c2b71";

/**
 * A name for a new client: `<project>@<4 hex>` for an instance, else what it asked for, its agent's name or its client type.
 * That of a guest's instance begins with the name of its token: it is not to be taken for one of the owner's.
 */
function nameClient(
  id: string,
  identify: Identify,
  isTaken: (name: string) => boolean,
  permission?: Permission,
): string {
  const isInstance = isInstanceType(identify.clientType);
  const prefix = isInstance && isGuest(permission) ? `${permission.name}.` : "";
  if (isInstance && identify.name === undefined) return nameInstance(id, identify, isTaken, prefix);
  return unique(prefix + nameOf(identify.name ?? identify.agent?.name ?? identify.clientType), isTaken);
}

/** The id of an instance that has never had one: made from its epoch, so that every hub which meets this process gives it the same. */
function idOfProcess({ clientType, instance }: Identify, permission: Permission | undefined): string | undefined {
  if (!isInstanceType(clientType) || instance?.epoch === undefined) return undefined;
  // A guest that knows the epoch of an owner's editor does not get its id.
  return uuidOf(isGuest(permission) ? `${permission.name} ${instance.epoch}` : instance.epoch, EPOCH_NAMESPACE);
}

/** `wished`, or with the first free number behind it. */
function unique(wished: string, isTaken: (name: string) => boolean): string {
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

/** Calls back once no client has been connected for a while. */
export class IdleWatch {
  readonly #registry: ClientRegistry;
  readonly #idleMs: number;
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param idleMs Time without any connected client or instance after which `onIdle` is called. */
  constructor(registry: ClientRegistry, idleMs: number, onIdle: () => void) {
    this.#registry = registry;
    this.#idleMs = idleMs;
    this.#onIdle = onIdle;
    for (const event of ["arrived", "away", "gone"] as const) registry.on(event, this.#look);
    this.#look();
  }

  /** Ends the watch. */
  dispose(): void {
    for (const event of ["arrived", "away", "gone"] as const) this.#registry.off(event, this.#look);
    clearTimeout(this.#timer);
  }

  readonly #look = (): void => {
    clearTimeout(this.#timer);
    this.#timer = this.#registry.connectedCount === 0 ? setTimeout(this.#onIdle, this.#idleMs) : undefined;
    this.#timer?.unref();
  };
}
