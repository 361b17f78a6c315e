/** A client of the hub for one command of the command line: connects, asks, leaves. */
import { CommandError, OpenError } from "../../hub-client/client-errors.ts";
import { errorText } from "../../hub-client/conversation.ts";
import { HubConnection, type Identity } from "../../hub-client/hub-connection.ts";
import type { HubEndpoint } from "../../hub-client/hub-endpoint.ts";
import { messageOf } from "../../hub-client/node-errors.ts";
import type { Answer, RequestContent } from "../../hub-client/pending-request.ts";
import { RpcClient } from "../../hub-client/rpc-client.ts";
import { WireError } from "../../protocol/errors.ts";
import { HUB_METHODS, type HubMethod, type HubParams, type HubResult } from "../../protocol/hub-methods.ts";
import type { EventParams } from "../../protocol/rpc.ts";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import { CliError } from "./exit-codes.ts";

/** As whom to connect, and how long to wait for answers. */
export interface HubClientOptions {
  /** For each request, ms. */
  readonly deadlineMs?: number;
  /** `mcp` may send commands to editors; any other asks the hub only. */
  readonly clientType?: "cli" | "mcp";
  /** Of an earlier connection, whose identity is taken again. */
  readonly resumeToken?: string | undefined;
}

const DEADLINE_MS = 5_000;
const AGENT = { name: "godot-hub", version: PRODUCT_VERSION };

/** What a connection hears. */
interface Heard {
  onEvent: (event: EventParams) => void;
  /** How it ended. */
  end: CliError | undefined;
}

/** One connection to a hub. */
export class HubClient {
  readonly #connection: HubConnection;
  readonly #rpc: RpcClient;
  readonly #heard: Heard;
  readonly #deadlineMs: number;
  #isLeaving = false;

  private constructor(connection: HubConnection, rpc: RpcClient, heard: Heard, deadlineMs: number) {
    this.#connection = connection;
    this.#rpc = rpc;
    this.#heard = heard;
    this.#deadlineMs = deadlineMs;
    rpc.attach(connection, () => {});
  }

  /** @throws {CliError} when nothing answers, or the hub refuses. */
  static async connect(endpoint: HubEndpoint, options: HubClientOptions): Promise<HubClient> {
    const { deadlineMs = DEADLINE_MS, clientType = "cli", resumeToken } = options;
    const identity: Identity = { clientType, agent: AGENT, ...(resumeToken !== undefined && { resumeToken }) };
    const heard: Heard = { onEvent: () => {}, end: undefined };
    const rpc = new RpcClient((event) => heard.onEvent(event));
    const onClose = (code: number, reason: string) => {
      heard.end = new CliError(`The hub has closed the connection (${code} ${reason}).`);
      rpc.detach(heard.end);
      rpc.failAll(heard.end);
    };
    const events = { onMessage: (message: unknown, size: number) => rpc.receive(message, size), onClose };
    const connection = await HubConnection.open(endpoint, identity, events).catch(rethrow);
    return new HubClient(connection, rpc, heard, deadlineMs);
  }

  /** Under which the hub knows this connection. */
  get id(): string {
    return this.#connection.identified.clientId;
  }

  /** Proves this identity to the hub when a later connection takes it again. */
  get resumeToken(): string {
    return this.#connection.identified.resumeToken;
  }

  /** Asks the hub. @throws {CliError} with the hub's own message when it answers with an error. */
  async request<M extends HubMethod>(method: M, params: HubParams<M>): Promise<HubResult<M>> {
    const { result } = await this.ask({ method, params }).catch((error: unknown) => {
      throw error instanceof CommandError ? new CliError(`The hub answers: ${errorText(error.object)}`) : error;
    });
    // The schema that is looked up by M parses to M's result.
    return HUB_METHODS[method].result.parse(result) as HubResult<M>;
  }

  /** Sends a request. @throws {CommandError} for an error that was answered, {CliError} when no answer comes. */
  ask(content: RequestContent, deadlineMs = this.#deadlineMs): Promise<Answer> {
    return this.#rpc.request(content, { deadlineAt: performance.now() + deadlineMs }).catch(rethrow);
  }

  /** Hears events until the connection closes. @throws {CliError} when this side has not closed it. */
  async listen(onEvent: (event: string, data: unknown) => void): Promise<void> {
    this.#heard.onEvent = ({ event, data }) => onEvent(event, data);
    await this.#connection.closed;
    if (!this.#isLeaving && this.#heard.end) throw this.#heard.end;
  }

  /** Says goodbye, so that the hub keeps nothing for a client that will not come back. */
  async close(): Promise<void> {
    this.#isLeaving = true;
    this.#connection.close();
    await this.#connection.closed;
  }
}

/** Errors of the floor below, as the command line ends with them. */
function rethrow(error: unknown): never {
  if (error instanceof OpenError) throw new CliError(`${error.message} ${error.hint}`);
  if (error instanceof WireError) throw new CliError(errorText(error.toErrorObject()));
  throw error instanceof CommandError || error instanceof CliError ? error : new CliError(messageOf(error));
}
