/** Which commands may be sent: reading only, and lists of names that are let through or held back. */
import { nameMatcher } from "./name-pattern.ts";

/** What rules are written as, in the configuration of the hub or with a token. Names may have `*`. */
export interface RuleTexts {
  readonly readOnly: boolean;
  /** Empty: every command. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** Lets everything through. */
export const NO_RULES: RuleTexts = { readOnly: false, allow: [], deny: [] };

/** Why a command is refused: the rule as it is written, and in words. */
export interface Objection {
  readonly rule: string;
  readonly reason: string;
}

/** Decides about names of commands. Whatever `deny` names is refused, whatever else is said. */
export class CommandRules {
  /** False when every command passes: then nothing need be looked at. */
  readonly areAny: boolean;
  readonly #texts: RuleTexts;
  readonly #isAllowed: (name: string) => boolean;
  readonly #denials: readonly { readonly rule: string; readonly matches: (name: string) => boolean }[];

  constructor(texts: RuleTexts) {
    this.#texts = texts;
    this.areAny = texts.readOnly || texts.allow.length > 0 || texts.deny.length > 0;
    this.#isAllowed = texts.allow.length > 0 ? nameMatcher(texts.allow) : () => true;
    this.#denials = texts.deny.map((pattern) => ({ rule: `deny ${pattern}`, matches: nameMatcher([pattern]) }));
  }

  /** Only what changes nothing may be sent. */
  get readOnly(): boolean {
    return this.#texts.readOnly;
  }

  /** Objects to a command by its name alone. */
  objectTo(name: string): Objection | undefined {
    const denial = this.#denials.find(({ matches }) => matches(name));
    if (denial) return { rule: denial.rule, reason: `'${name}' is denied` };
    if (this.#isAllowed(name)) return undefined;
    return { rule: `allow ${this.#texts.allow.join(",")}`, reason: `'${name}' is not among what is allowed` };
  }

  /** Objects to a command that changes something. */
  objectToWrite(name: string): Objection | undefined {
    if (!this.readOnly) return undefined;
    return { rule: "read-only", reason: `'${name}' changes something, and only reading is allowed` };
  }

  /**
   * Objects to a batch for what is in it. A batch is let through for its own name, or for those of all its operations;
   * one of them that is denied is one too many.
   */
  objectToBatch(name: string, operations: readonly string[]): Objection | undefined {
    const isAllowedItself = this.#isAllowed(name);
    const denial = [name, ...operations].map((each) => this.#denialOf(each)).find((each) => each !== undefined);
    if (denial) return denial;
    const left = operations.find((operation) => !this.#isAllowed(operation));
    return isAllowedItself || left === undefined ? undefined : this.objectTo(left);
  }

  #denialOf(name: string): Objection | undefined {
    return this.#denials.some(({ matches }) => matches(name)) ? this.objectTo(name) : undefined;
  }
}
