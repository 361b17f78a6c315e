/** Serves a connection: the handshake gets its frames first, then the router. */
import { encodeError, encodeMessage } from "../../protocol/codec.ts";
import type { Identify } from "../../protocol/messages.ts";
import type { Client } from "../clients/client.ts";
import type { Arrival, ClientRegistry } from "../clients/client-registry.ts";
import { Instance } from "../clients/instance.ts";
import type { ResumeTokens } from "../clients/resume-token.ts";
import type { Connection } from "../connections/connection.ts";
import { Handshake, type HandshakeOptions } from "../connections/handshake.ts";
import type { Heartbeat } from "../connections/heartbeat.ts";
import type { ConnectionHandlers } from "../connections/listener.ts";
import type { OpenConnections } from "../connections/open-connections.ts";

/** Collaborators of the handshake server. */
interface HandshakeServerOptions extends Omit<HandshakeOptions, "onIdentified"> {
  registry: ClientRegistry;
  tokens: ResumeTokens;
  heartbeat: Heartbeat;
  connections: OpenConnections;
  /** Handles the frames of an identified client. */
  router: { receive(client: Client, frame: Buffer, binary: boolean): void };
  /** Instances hear that agents may run code in them. */
  enableExec: boolean;
  /** Folders outside of projects to which links inside of them may lead. */
  allowLinks: readonly string[];
  /** Hears of a client that is identified. */
  presence: { onArrived(client: Client, how: Arrival): void };
}

/** Serves the handshake of connections. */
export class HandshakeServer {
  readonly #options: HandshakeServerOptions;

  constructor(options: HandshakeServerOptions) {
    this.#options = options;
  }

  /** Looks after one connection from here to its end. */
  receive(connection: Connection): ConnectionHandlers {
    const { connections, heartbeat, registry, router } = this.#options;
    let client: Client | undefined;
    connections.add(connection);
    const handshake = new Handshake(connection, {
      ...this.#options,
      onIdentified: (identify, freshId) => {
        const reason = registry.banishedFor(identify);
        if (reason !== undefined) connection.close("FORBIDDEN", reason);
        else client = this.#register(connection, identify, freshId);
      },
    });
    return {
      onFrame: (frame, binary) => {
        connection.receivedBytes += frame.length;
        // What came before the client's own goodbye is still handled.
        if (connection.closedAs !== undefined) return;
        if (!client) void handshake.receive(frame, binary);
        else if (client.connection === connection) router.receive(client, frame, binary);
      },
      onControl: () => {
        if (!client) handshake.count();
      },
      onClose: (code) => {
        handshake.dispose();
        heartbeat.forget(connection);
        connections.delete(connection);
        if (client) registry.disconnect(client, connection, code);
      },
    };
  }

  #register(connection: Connection, identify: Identify, freshId: string): Client {
    const { registry, tokens, heartbeat, presence } = this.#options;
    const { client, how } = registry.register(connection, identify, freshId);
    const { id, name } = client;
    const resumeToken = tokens.issue({ clientId: id, name, permission: client.permission?.name });
    const resumed = how === "resumed";
    const grant = client instanceof Instance ? this.#grant() : {};
    connection.send(encodeMessage({ type: "identified", clientId: id, resumeToken, resumed, name, ...grant }));
    const objection = client instanceof Instance ? client.objection : undefined;
    if (objection) connection.send(encodeError(null, objection.toErrorObject()));
    heartbeat.watch(connection);
    // The client has got `identified`: what waits for it may be sent.
    presence.onArrived(client, how);
    return client;
  }

  /** What the person who runs the hub allows in every editor. */
  #grant() {
    const { enableExec, allowLinks } = this.#options;
    return {
      ...(enableExec && { mayRunCode: true }),
      ...(allowLinks.length > 0 && { mayFollowLinksTo: [...allowLinks] }),
    };
  }
}
