/** An identified party, on whichever connection it is now. What stands here survives a reconnect within the grace period. */
import { encodeContext } from "../../protocol/codec.ts";
import type { ClientInfo } from "../../protocol/hub-methods.ts";
import type { Identify } from "../../protocol/messages.ts";
import type { Permission } from "../access/permission.ts";
import type { Connection, Frame } from "../connections/connection.ts";

/** What a session has bound with `hub.bind_target`: one instance, and its project for when the instance has gone. */
export interface Binding {
  readonly instanceId: string;
  readonly name: string;
  readonly projectPath: string | undefined;
}

/** One client, for as long as the hub knows it. */
export class Client {
  readonly id: string;
  readonly name: string;
  readonly clientType: string;
  /** Who asks, as its requests say it to instances: `context` as JSON. */
  readonly context: string;
  readonly connectedAt = new Date();
  /** The latest `identify`. */
  identify: Identify;
  /** Undefined while the client is away. */
  connection: Connection | undefined;
  /** What its latest connection has proved. */
  permission: Permission | undefined;
  binding: Binding | undefined;
  /** Requests of this client that have no answer yet. */
  pending = 0;
  #lastSeen = Date.now();

  constructor(id: string, name: string, identify: Identify) {
    this.id = id;
    this.name = name;
    this.context = encodeContext({ clientId: id, agent: name });
    this.clientType = identify.clientType;
    this.identify = identify;
  }

  /** It is on that connection now, and says this of itself. */
  attach(connection: Connection, identify: Identify): void {
    this.identify = identify;
    this.connection = connection;
    this.permission = connection.permission;
  }

  /** Sends to the client; dropped while it is away. */
  send(frame: Frame): void {
    this.connection?.send(frame);
  }

  /** When the last frame came in, by the wall clock. */
  get lastSeenAt(): Date {
    if (!this.connection) return new Date(this.#lastSeen);
    return new Date(Date.now() - (performance.now() - this.connection.lastSeenAt));
  }

  /** Its connection is gone. */
  detach(): void {
    this.#lastSeen = this.lastSeenAt.getTime();
    this.connection = undefined;
  }

  /** Path of the project that an adapter said it is bound to. */
  get projectPath(): string | undefined {
    return this.identify.project?.path;
  }

  /** How `hub.list_clients` shows it. */
  describe(): ClientInfo {
    return {
      id: this.id,
      name: this.name,
      clientType: this.clientType,
      agent: this.identify.agent ?? null,
      target: this.binding?.name ?? this.projectPath ?? null,
      connectedAt: this.connectedAt.toISOString(),
      lastSeenAt: this.lastSeenAt.toISOString(),
      pending: this.pending,
    };
  }
}
