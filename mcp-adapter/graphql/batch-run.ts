/** A batch of a mutation's fields: run once, when the first of them is asked for, and answered to each. */
import { z } from "zod";
import { ask, type GraphqlContext } from "./command-call.ts";
import type { EditBatch } from "./edit-batch.ts";
import { failedOperation, graphqlError, listed, withMore } from "./field-error.ts";

const batchAnswer = z.looseObject({
  scene: z.string(),
  revision: z.number(),
  results: z.array(z.record(z.string(), z.unknown())),
});

interface Failure {
  readonly key: string | undefined;
  readonly error: unknown;
}

/** Each field's own result, or which of them has failed. */
interface Outcome {
  readonly answers: ReadonlyMap<string, unknown>;
  readonly failure?: Failure;
}

export class BatchRun {
  readonly #keys: readonly string[];
  readonly #batch: EditBatch;
  readonly #context: Pick<GraphqlContext, "call" | "beside">;
  #outcome: Promise<Outcome> | undefined;

  /** @param keys Names under which the answers are asked for, in the order of the operations. */
  constructor(keys: readonly string[], batch: EditBatch, context: Pick<GraphqlContext, "call" | "beside">) {
    this.#keys = keys;
    this.#batch = batch;
    this.#context = context;
  }

  /** The answer of one field; null when another one has failed. @throws {GraphQLError} for the one that has. */
  async answer(key: string): Promise<unknown> {
    this.#outcome ??= this.#run();
    const { answers, failure } = await this.#outcome;
    if (failure?.key === key) throw failure.error;
    return answers.get(key) ?? null;
  }

  async #run(): Promise<Outcome> {
    try {
      const done = await ask(this.#context, "edit.batch", this.#batch.params, this.#batch.target);
      const { scene, revision, results } = batchAnswer.parse(done);
      return { answers: new Map(this.#keys.map((key, at) => [key, { scene, revision, ...results[at] }])) };
    } catch (error) {
      return { answers: new Map(), failure: this.#failureOf(error) };
    }
  }

  #failureOf(thrown: unknown): Failure {
    const batch = [...this.#keys];
    const failed = failedOperation(thrown);
    // Whoever carries it out names the operation only when it has taken back those before it.
    if (!failed) return { key: batch[0], error: withMore(graphqlError(thrown), "", { batch }) };
    const sentence = `Nothing of its batch was done: ${listed(batch)}.`;
    return { key: batch[failed.at], error: withMore(graphqlError(failed.error), sentence, { batch }) };
  }
}
