/** Changes of nodes that are collected to be carried out as one edit.batch: one undo step, all or nothing. */
import type { FieldCall } from "./field-call.ts";

export class EditBatch {
  /** Name of the step in the undo history. */
  readonly label: string | undefined;
  readonly operations: object[] = [];
  #first: FieldCall | undefined;

  constructor(label?: string) {
    this.label = label;
  }

  /** The instance or project that is changed. */
  get target(): string | undefined {
    return this.#first?.target;
  }

  /** Params of edit.batch. */
  get params(): Record<string, unknown> {
    const { scene, ifRevision } = this.#first?.params ?? {};
    const members = { operations: this.operations, scene, label: this.label, ifRevision };
    return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  }

  /** Whether a change is one of the same scene of the same editor, wanted at the revision at which the batch begins, if at one at all. */
  takes({ target, params: { scene, ifRevision } }: FieldCall): boolean {
    if (!this.#first) return true;
    const { target: ownTarget, params } = this.#first;
    return target === ownTarget && scene === params.scene && (ifRevision ?? params.ifRevision) === params.ifRevision;
  }

  /** Adds a change that the batch takes. @param operation What `call` is in a batch. */
  add(operation: object, call: FieldCall): void {
    this.#first ??= call;
    this.operations.push(operation);
  }
}
