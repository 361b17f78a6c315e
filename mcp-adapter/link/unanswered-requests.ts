/** The table of what was asked and not answered: one way in, one way out, in the order of asking. */
import { randomBytes } from "node:crypto";
import { type Answer, type Patience, PendingRequest, type RequestContent } from "./pending-request.ts";

export class UnansweredRequests {
  readonly #byId = new Map<string, PendingRequest>();
  /** With the counter behind it an id never comes again, in this process or another. */
  readonly #prefix = randomBytes(6).toString("base64url");
  #count = 0;

  /** @param giveUp Called when nobody waits any longer for a request that is in the table. */
  open(
    content: RequestContent,
    patience: Patience,
    giveUp: (request: PendingRequest, why: "TIMEOUT" | "CANCELLED") => void,
  ): PendingRequest {
    this.#count += 1;
    const id = `${this.#prefix}-${this.#count}`;
    const request = new PendingRequest(id, content, patience, (why) => giveUp(request, why));
    this.#byId.set(id, request);
    return request;
  }

  get(id: unknown): PendingRequest | undefined {
    return typeof id === "string" ? this.#byId.get(id) : undefined;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** All of them, in the order in which they were asked. */
  inOrder(): PendingRequest[] {
    return [...this.#byId.values()];
  }

  succeed(request: PendingRequest, answer: Answer): void {
    if (this.#byId.delete(request.id)) request.succeed(answer);
  }

  fail(request: PendingRequest, error: Error): void {
    if (this.#byId.delete(request.id)) request.fail(error);
  }

  /** Ends every request that `which` is true of. */
  failAll(error: Error, which: (request: PendingRequest) => boolean = () => true): void {
    for (const request of this.inOrder()) if (which(request)) this.fail(request, request.ended(error));
  }
}
