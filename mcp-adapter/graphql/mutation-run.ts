/** A mutation while it is carried out: field by field, a batch when its first field's turn has come, and nothing after a failure. */
import type { GraphQLError } from "graphql";
import { BatchRun } from "./batch-run.ts";
import type { GraphqlContext, Turns } from "./command-call.ts";
import { listed, withMore } from "./field-error.ts";
import { isBatch, type PlannedStep } from "./mutation-plan.ts";
import { openTransaction } from "./transaction.ts";

export class MutationRun implements Turns {
  readonly #context: Pick<GraphqlContext, "call" | "beside">;
  readonly #batches = new Map<string, BatchRun>();
  readonly #notRun: string[] = [];
  #failed: { readonly key: string; readonly batch: BatchRun | undefined } | undefined;

  constructor(steps: readonly PlannedStep[], context: Pick<GraphqlContext, "call" | "beside">) {
    this.#context = context;
    for (const { fields, batch } of steps.filter(isBatch)) {
      const keys = fields.map(({ key }) => key);
      const run = new BatchRun(keys, batch, context);
      for (const key of keys) this.#batches.set(key, run);
    }
  }

  /** Answers a field whose turn has come: from its batch, or with `work`; null for what is not run after a failure. */
  async next(key: string, work: () => Promise<unknown>): Promise<unknown> {
    // What a transaction collects is carried out when it is committed.
    const batch = this.#isCollecting ? undefined : this.#batches.get(key);
    if (this.#failed) {
      if (!batch || batch !== this.#failed.batch) this.#notRun.push(key);
      return null;
    }
    try {
      return await (batch ? batch.answer(key) : work());
    } catch (error) {
      this.#failed = { key, batch };
      throw error;
    }
  }

  /** The error with what became of the rest of the mutation. */
  tellRest(error: GraphQLError): GraphQLError {
    if (error.path?.length !== 1 || error.path[0] !== this.#failed?.key) return error;
    const notRun = this.#notRun;
    const told = notRun.length > 0 ? withMore(error, `Not run after it: ${listed(notRun)}.`, { notRun }) : error;
    return this.#isCollecting ? withMore(told, "The transaction is still open.") : told;
  }

  get #isCollecting(): boolean {
    return openTransaction(this.#context.call.session) !== undefined;
  }
}
