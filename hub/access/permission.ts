/** What a token lets its bearer be and do: its role, and the rules for the commands that it may send. */
import type { ProofDemand } from "../../protocol/proof.ts";

/**
 * True for a name that one of `patterns` matches.
 *
 * Takes time in proportion to pattern and name: patterns come from clients, and a regular expression with several
 * `.*` can be made to backtrack for hours.
 */
export function nameMatcher(patterns: readonly string[]): (name: string) => boolean {
  const split = patterns.map((pattern) => pattern.split("*"));
  return (name) => split.some((pieces) => fits(name, pieces));
}

/** The first and last piece are anchored; each between them is taken at its first place, which leaves the most for the rest. */
function fits(name: string, pieces: readonly string[]): boolean {
  const [first = "", ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

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
   * Objects to a batch for its operations. A batch is let through for its own name, or for those of all its operations;
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

/** Whom a token is for: `owner` is the state directory's own, which is for everybody on this account. */
type PermissionRole = "owner" | (typeof GRANTABLE_ROLES)[number];

/** Roles of further tokens: adapters and what only looks; only what looks; editors and games. */
export const GRANTABLE_ROLES = ["agent", "observer", "instance"] as const;

/** What was proved with a token. */
export interface Permission {
  /** Name of the token; `owner` for the state directory's own. */
  readonly name: string;
  readonly role: PermissionRole;
  readonly rules: CommandRules;
}

/** The state directory's token. */
export const OWNER_PERMISSION: Permission = { name: "owner", role: "owner", rules: new CommandRules(NO_RULES) };

/** A page whose person has logged in to the dashboard. */
export const DASHBOARD_PERMISSION: Permission = { ...OWNER_PERMISSION, name: "dashboard" };

/** Names of the permissions that are the owner's: no further token has one of these. */
export const OWN_TOKENS: ReadonlySet<string> = new Set([OWNER_PERMISSION.name, DASHBOARD_PERMISSION.name]);

/** A proof that a client still owes, and what it is then worth. */
export interface OwedProof {
  /** Where the client has dialed this hub. */
  readonly address: string;
  readonly demand: ProofDemand;
  readonly permission: Permission;
}
