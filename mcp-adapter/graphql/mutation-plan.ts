/** What a mutation comes to before anything of it is done: its fields in order, and which of them are one batch. */
import { EditBatch } from "./edit-batch.ts";
import type { FieldCall } from "./field-call.ts";

/** A command that a mutation would run. */
export interface PlannedCommand {
  readonly command: string;
  readonly params: Record<string, unknown>;
}

/** One field of a mutation. */
export interface PlannedField {
  /** Name under which its answer is asked for. */
  readonly key: string;
  /** What it would run by itself: nothing when it is about transactions, several when it is a mutation within. */
  readonly commands: readonly PlannedCommand[];
  /** What a batch can carry of it. */
  readonly change?: { readonly operation: object; readonly call: FieldCall } | undefined;
}

/** Neighbouring fields that are one batch, or a single field. */
export interface PlannedStep {
  readonly fields: PlannedField[];
  /** Its changes as a batch, when it is made of what batches carry. */
  readonly batch: EditBatch | undefined;
}

/** The steps of a mutation, in order. @param label Name of each batch in the undo history. */
export function stepsOf(fields: readonly PlannedField[], label?: string): PlannedStep[] {
  const steps: PlannedStep[] = [];
  for (const field of fields) {
    const { change } = field;
    const last = steps.at(-1);
    const joined = change && last?.batch?.takes(change.call) ? last : undefined;
    const step = joined ?? { fields: [], batch: change && new EditBatch(label) };
    step.fields.push(field);
    if (change) step.batch?.add(change.operation, change.call);
    if (!joined) steps.push(step);
  }
  return steps;
}

/** Whether a step is run as one command for all of its fields. */
export function isBatch(step: PlannedStep): step is PlannedStep & { readonly batch: EditBatch } {
  return step.fields.length > 1;
}

/** What a step would run. */
export function commandsOf(step: PlannedStep): PlannedCommand[] {
  if (isBatch(step)) return [{ command: "edit.batch", params: step.batch.params }];
  return step.fields.flatMap(({ commands }) => commands);
}
