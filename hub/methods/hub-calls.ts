/** Carries calls of the hub's own methods from their acceptance to their answer; some of them wait for an instance. */
import type { Logger } from "pino";
import { encodeError, encodeResult } from "../../protocol/codec.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import { type ErrorObject, toErrorObject, WireError } from "../../protocol/errors.ts";
import {
  HUB_METHODS,
  type HubMethod,
  type HubParams,
  type HubResult,
  isHubMethod,
} from "../../protocol/hub-methods.ts";
import type { RequestEnvelope } from "../../protocol/rpc.ts";
import { Quota } from "../access/quota.ts";
import { tooLarge, tooMuchUnderWay } from "../access/rejections.ts";
import { BOUNDS } from "../bounds.ts";
import type { Client } from "../clients/client.ts";
import type { Policy } from "../policy/policy.ts";
import type { HubEvents } from "../scheduling/hub-events.ts";

/** Handlers of the hub's own methods: they return values and never touch a socket. */
export type MethodHandlers = {
  [M in HubMethod]: (
    client: Client,
    params: HubParams<M>,
    request: RequestEnvelope,
  ) => HubResult<M> | Promise<HubResult<M>>;
};

/** Who answers, who decides, and who hears of it. */
interface HubCallsOptions {
  methods: MethodHandlers;
  policy: Policy;
  events: HubEvents;
  logger: Logger;
}

/** Calls of the hub's methods. */
export class HubCalls {
  readonly #options: HubCallsOptions;
  readonly #room = new Quota(BOUNDS.callsTogether.most);
  /** Calls that each session has under way. */
  readonly #counts = new Map<Client, number>();

  constructor(options: HubCallsOptions) {
    this.#options = options;
  }

  /** Answers one, at once or later. @throws {WireError} for one that is not begun. */
  receive(client: Client, request: RequestEnvelope, { params, frame }: Envelope): void {
    const { events, policy } = this.#options;
    const { method } = request;
    if (frame.length > BOUNDS.call.most) throw tooLarge(`A request of ${method}`, frame.length, BOUNDS.call.most);
    const value: Record<string, unknown> = params ? JSON.parse(frame.toString("utf8", params.start, params.end)) : {};
    policy.admitMethod(client, method, value);
    const leave = this.#enter(client, frame.length);
    const startedAt = performance.now();
    const end = (answer: string, error: ErrorObject | undefined): void => {
      leave();
      client.send(answer);
      events.emit("called", { client, method, params: value, durationMs: performance.now() - startedAt, error });
    };
    this.#call(client, request, value).then(
      (result) => end(encodeResult(request.id, result), undefined),
      (error: unknown) => {
        const object = this.#errorOf(error, method);
        end(encodeError(request.id, object), object);
      },
    );
  }

  /** @throws {WireError} METHOD_NOT_FOUND, INVALID_PARAMS naming the member, or what the method itself finds wrong. */
  async #call(client: Client, request: RequestEnvelope, params: unknown): Promise<unknown> {
    const { method } = request;
    if (isHubMethod(method)) return this.#callTyped(method, client, request, params);
    const candidates = Object.keys(HUB_METHODS);
    throw new WireError("METHOD_NOT_FOUND", `The hub has no method '${method}'.`, { candidates });
  }

  #callTyped<M extends HubMethod>(method: M, client: Client, request: RequestEnvelope, params: unknown) {
    const parsed = HUB_METHODS[method].params.safeParse(params);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new WireError("INVALID_PARAMS", `${method}: '${issue?.path.join(".")}': ${issue?.message}.`);
    }
    // The schema of this very method has just accepted them.
    return this.#options.methods[method](client, parsed.data as HubParams<M>, request);
  }

  /** Counts a call in. @returns what counts it out again. @throws {WireError} BUSY. */
  #enter(client: Client, bytes: number): () => void {
    const count = this.#counts.get(client) ?? 0;
    const { permission } = client;
    const shortage =
      count >= BOUNDS.callsOfSession.most
        ? { most: BOUNDS.callsOfSession.most, of: "in one session" }
        : this.#room.take(permission, bytes);
    if (shortage) throw tooMuchUnderWay("requests for the hub itself", shortage);
    this.#counts.set(client, count + 1);
    return () => {
      this.#room.give(permission, bytes);
      const left = (this.#counts.get(client) ?? 1) - 1;
      if (left > 0) this.#counts.set(client, left);
      else this.#counts.delete(client);
    };
  }

  #errorOf(error: unknown, method: string): ErrorObject {
    if (!(error instanceof WireError)) this.#options.logger.error({ err: error, method }, "hub method failed");
    return toErrorObject(error);
  }
}
