/** What a token lets its bearer be and do. */
import { CommandRules, NO_RULES } from "./command-rules.ts";

/** Whom a token is for: `owner` is the state directory's own, which is for everybody on this account. */
export type PermitRole = "owner" | (typeof GRANTABLE_ROLES)[number];

/** Roles of further tokens: adapters and what only looks; only what looks; editors and games. */
export const GRANTABLE_ROLES = ["agent", "observer", "instance"] as const;

/** What was proved with a token. */
export interface Permit {
  /** Name of the token; `owner` for the state directory's own. */
  readonly name: string;
  readonly role: PermitRole;
  readonly rules: CommandRules;
}

/** The state directory's token. */
export const OWNER_PERMIT: Permit = { name: "owner", role: "owner", rules: new CommandRules(NO_RULES) };

/** A page whose person has logged in to the dashboard. */
export const DASHBOARD_PERMIT: Permit = { ...OWNER_PERMIT, name: "dashboard" };

/** Names of the permits that are the owner's: no further token has one of these. */
export const OWN_TOKENS: ReadonlySet<string> = new Set([OWNER_PERMIT.name, DASHBOARD_PERMIT.name]);
