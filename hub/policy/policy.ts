/** Decides what each client may do: by its role, by the rules of the hub and of its token, and how often. Asked once for every request. */
import { commandsOfBatch } from "../../protocol/commands/edit.ts";
import { COMMANDS, IMPLICIT_COMMANDS } from "../../protocol/commands/index.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import { WireError } from "../../protocol/errors.ts";
import { hubMethod, isHubMethod } from "../../protocol/hub-methods.ts";
import type { DashboardSessions } from "../access/dashboard-sessions.ts";
import { CommandRules, type Objection, type RuleTexts } from "../access/permission.ts";
import { isGuest } from "../access/quota.ts";
import { RateBudget } from "../access/rate-budget.ts";
import { forbiddenByRole, forbiddenByRule, notAllowed, rateLimited } from "../access/rejections.ts";
import { kindOf, mayCall, type Role, roleOf } from "../access/roles.ts";
import type { Client } from "../clients/client.ts";

/** Rules for everybody who sends commands, and how many requests there may be in a minute. */
interface PolicyOptions extends RuleTexts, RateLimits {}

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
    if (roleOf(client.clientType, client.permission) !== "agent")
      throw forbiddenByRole(client.clientType, "send commands");
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
    const role = roleOf(client.clientType, client.permission);
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
  #rulesFor({ permission }: Client): readonly OwnedRules[] {
    if (!this.#rules.areAny && !permission?.rules.areAny) return NOTHING;
    const all: OwnedRules[] = [[this.#rules, undefined]];
    if (permission) all.push([permission.rules, permission.name]);
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

/** How many requests there may be in a minute; 0: no limit. */
interface RateLimits {
  readonly readsPerMinute: number;
  readonly writesPerMinute: number;
}

/** What may still be asked. */
class Budgets {
  readonly reads: RateBudget;
  readonly writes: RateBudget;

  constructor({ readsPerMinute, writesPerMinute }: RateLimits) {
    this.reads = new RateBudget(readsPerMinute);
    this.writes = new RateBudget(writesPerMinute);
  }

  /** From 0, when nothing is left, to 2, when all is. */
  get left(): number {
    return this.reads.share + this.writes.share;
  }

  /** True when nothing is spent: one that is made anew is as good. */
  get isFull(): boolean {
    return this.left === 2;
  }
}

/** The budgets of all clients. */
class ClientBudgets {
  readonly #limits: RateLimits;
  readonly #byClient = new WeakMap<Client, Budgets>();
  readonly #byToken = new Map<string, Budgets>();
  /** Of the owner's sessions, with the latest that has it. */
  readonly #bySession = new Map<Budgets, Client>();

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** Those of `client`. */
  of(client: Client): Budgets {
    const known = this.#byClient.get(client);
    if (known) return known;
    const budgets = isGuest(client.permission) ? this.#ofToken(client.permission.name) : this.#ofSession(client);
    this.#byClient.set(client, budgets);
    return budgets;
  }

  #ofToken(name: string): Budgets {
    const known = this.#byToken.get(name) ?? new Budgets(this.#limits);
    this.#byToken.set(name, known);
    return known;
  }

  #ofSession(client: Client): Budgets {
    let spent: Budgets | undefined;
    for (const [budgets, { connection }] of this.#bySession) {
      if (connection?.isOpen) continue;
      if (budgets.isFull) this.#bySession.delete(budgets);
      else if (!spent || budgets.left < spent.left) spent = budgets;
    }
    const budgets = spent ?? new Budgets(this.#limits);
    this.#bySession.set(budgets, client);
    return budgets;
  }
}

/** True for a client whose connection has proved the hub's own token, or comes from the dashboard, and that is no agent's. */
export function isOwner({ clientType, permission }: Client): boolean {
  return roleOf(clientType, permission) === "owner";
}

/** @throws {WireError} FORBIDDEN for every client but the owner's, and where a page's session has ended since it connected. */
export function requireOwner(client: Client, what: string, sessions: DashboardSessions): void {
  const session = client.connection?.origin.session;
  if (session !== undefined && !sessions.isOpen(session)) throw notAllowed("This session has ended.");
  if (isOwner(client)) return;
  throw notAllowed(`Only the owner of this hub may ${what}: see 'godot-hub dashboard'.`);
}
