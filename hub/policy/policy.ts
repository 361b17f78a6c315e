/** What each client may do: its role, the rules of the hub and of its token, and how often. Asked once for every request. */

import { commandsOfBatch } from "../../protocol/commands/edit.ts";
import { COMMANDS, IMPLICIT_COMMANDS } from "../../protocol/commands/index.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import { WireError } from "../../protocol/errors.ts";
import { hubMethod, isHubMethod } from "../../protocol/hub-methods.ts";
import { CommandRules, type Objection, type RuleTexts } from "../access/command-rules.ts";
import { forbiddenByRole, forbiddenByRule, rateLimited } from "../access/rejections.ts";
import { kindOf, mayCall, type Role, roleOf } from "../access/roles.ts";
import type { Client } from "../clients/client.ts";
import { ClientBudgets, type RateLimits } from "./client-budgets.ts";

/** Rules for everybody who sends commands, and how many requests there may be in a minute. */
export interface PolicyOptions extends RuleTexts, RateLimits {}

/** Rules, and the name of the token whose they are; none for the hub's own. */
type OwnedRules = readonly [rules: CommandRules, token: string | undefined];
const NOTHING: readonly OwnedRules[] = [];

/** Decides about requests. */
export class Policy {
  readonly #options: PolicyOptions;
  readonly #rules: CommandRules;
  readonly #budgets: ClientBudgets;

  constructor(options: PolicyOptions) {
    this.#options = options;
    this.#rules = new CommandRules(options);
    this.#budgets = new ClientBudgets(options);
  }

  /**
   * Lets a command pass that is in the command table, and the name of any other: whether that one writes is known
   * when its instance is.
   * @throws {WireError} FORBIDDEN naming the rule, RATE_LIMITED, INVALID_PARAMS for a batch that can't be read.
   */
  admitCommand(client: Client, method: string, envelope: Envelope): void {
    if (roleOf(client.clientType, client.permit) !== "agent") throw forbiddenByRole(client.clientType, "send commands");
    for (const [rules, owner] of this.#rulesFor(client)) {
      const objection = isBatch(method) ? objectToBatch(rules, method, envelope) : rules.objectTo(method);
      if (objection) throw forbiddenByRule(objection, owner);
    }
    const known = COMMANDS.get(method);
    if (known) this.#admitUse(client, method, known.readOnly);
  }

  /**
   * What the params of a command that has passed may not mean: rules by name of the command whose effect it would be.
   * Undefined where nothing is withheld.
   */
  withheldFrom(client: Client, method: string): Readonly<Record<string, string>> | undefined {
    const withheld = this.#rulesFor(client).flatMap(([rules]) =>
      IMPLICIT_COMMANDS.flatMap((implied) => {
        const objection = isBatch(method) ? rules.objectToBatch(method, [implied]) : rules.objectTo(implied);
        return objection ? [[implied, objection.rule] as const] : [];
      }),
    );
    return withheld.length > 0 ? Object.fromEntries(withheld) : undefined;
  }

  /** Lets a command pass that is not in the command table, once its instance has said whether it only reads. @throws {WireError} as above. */
  admitCustom(client: Client, method: string, isReadOnly: boolean): void {
    if (!COMMANDS.has(method)) this.#admitUse(client, method, isReadOnly);
  }

  /** Lets a method of the hub pass. @throws {WireError} FORBIDDEN, RATE_LIMITED. */
  admitMethod(client: Client, method: string, params: Readonly<Record<string, unknown>>): void {
    // What there is not is for the table of methods to say.
    if (!isHubMethod(method)) {
      this.#spend(client, true);
      return;
    }
    const role = roleOf(client.clientType, client.permit);
    const kind = kindOf(method);
    if (!mayCall(role, kind) || !isWithin(role, method, params))
      throw forbiddenByRole(client.clientType, `call ${method}`);
    if (role === "owner") return;
    for (const [rules, owner] of this.#rulesFor(client)) {
      if (kind !== "control") continue;
      const objection = rules.objectTo(method) ?? rules.objectToWrite(method);
      if (objection) throw forbiddenByRule(objection, owner);
    }
    this.#spend(client, kind !== "control");
  }

  #admitUse(client: Client, method: string, isReadOnly: boolean): void {
    for (const [rules, owner] of isReadOnly ? [] : this.#rulesFor(client)) {
      const objection = rules.objectToWrite(method);
      if (objection) throw forbiddenByRule(objection, owner);
    }
    this.#spend(client, isReadOnly);
  }

  /** The hub's own rules, and those of the client's token: those that say anything. */
  #rulesFor({ permit }: Client): readonly OwnedRules[] {
    if (!this.#rules.areAny && !permit?.rules.areAny) return NOTHING;
    const all: OwnedRules[] = [[this.#rules, undefined]];
    if (permit) all.push([permit.rules, permit.name]);
    return all.filter(([rules]) => rules.areAny);
  }

  #spend(client: Client, isRead: boolean): void {
    const { reads, writes } = this.#budgets.of(client);
    const waitMs = (isRead ? reads : writes).take();
    if (waitMs === 0) return;
    const { readsPerMinute, writesPerMinute } = this.#options;
    throw isRead ? rateLimited("reads", readsPerMinute, waitMs) : rateLimited("writes", writesPerMinute, waitMs);
  }
}

/** True unless an agent calls a method without the params that it must have. */
function isWithin(role: Role, method: string, params: Readonly<Record<string, unknown>>): boolean {
  if (role !== "agent") return true;
  return Object.entries(hubMethod(method)?.agentsMust ?? {}).every(([name, value]) => params[name] === value);
}

/** True for a command whose params hold others. */
function isBatch(method: string): boolean {
  return COMMANDS.get(method)?.carriesOperations ?? false;
}

function objectToBatch(rules: CommandRules, method: string, { params, frame }: Envelope): Objection | undefined {
  const value: unknown = params ? JSON.parse(frame.toString("utf8", params.start, params.end)) : {};
  const operations = commandsOfBatch(value);
  if (operations) return rules.objectToBatch(method, operations);
  throw new WireError("INVALID_PARAMS", `${method}: 'operations' must be a list of objects with 'op'.`);
}
