/** Models the hub: registry, routing and the rules of at most once, as a plain state machine without a socket or a clock. */
import type { ErrorKind } from "../../protocol/errors.ts";

/** Projects that the editors of each slot have open: two of them have the same. */
export const EDITOR_PROJECTS = ["a", "b", "b"] as const;
/** Projects that the adapters of each slot say they are bound to. */
export const ADAPTER_PROJECTS = [undefined, "a", "b"] as const;

/** One registered instance. An editor that is killed leaves it to the next one of its project. */
export interface Entry {
  readonly id: string;
  readonly project: string;
  presence: "present" | "away" | "lost";
  epoch: string;
}

/** The running process of an editor slot. */
export interface EditorProcess {
  readonly epoch: string;
  readonly entry: Entry;
}

/** One adapter slot. `gone`: it said goodbye, and has its resume token still. */
export interface AdapterState {
  presence: "absent" | "connected" | "away" | "gone";
  readonly project: string | undefined;
  binding: { entryId: string; project: string } | undefined;
}

/** What a request may end with. */
export type Outcome = "result" | ErrorKind;

/** One request from its first send to its one answer. */
export interface Ask {
  readonly id: string;
  readonly adapter: number;
  readonly isRead: boolean;
  readonly target: string | undefined;
  /** Epoch of the instance that it was meant for at the first send, where the sender says so. */
  readonly epoch: string | undefined;
  attempts: number;
  /** Where it waits, or undefined when that is not known for sure: it was sent again. */
  entry: Entry | undefined;
  /** Epochs of the processes that were seen to have begun it. */
  readonly begunBy: Set<string>;
  readonly allowed: Set<Outcome>;
  isAnswered: boolean;
}

export function pathOf(project: string): string {
  return `/projects/${project}`;
}

export class HubModel {
  /** Registered instances in the order of registration. */
  entries: Entry[] = [];
  readonly editors: (EditorProcess | undefined)[] = EDITOR_PROJECTS.map(() => undefined);
  readonly adapters: AdapterState[] = ADAPTER_PROJECTS.map((project) => ({
    presence: "absent",
    project,
    binding: undefined,
  }));
  readonly asks: Ask[] = [];

  /** Unanswered requests of an adapter, oldest first. */
  unanswered(adapter: number): Ask[] {
    return this.asks.filter((ask) => ask.adapter === adapter && !ask.isAnswered);
  }

  /** The instance that a request of `adapter` reaches, or why it reaches none. */
  resolve(adapter: number, target: string | undefined): Entry | ErrorKind {
    const { binding, project } = this.#adapter(adapter);
    if (target !== undefined) return this.#named(target);
    if (binding) return this.entries.find(({ id }) => id === binding.entryId) ?? this.#ofProject(binding.project);
    if (project !== undefined) return this.#ofProject(project);
    return this.entries.length === 0 ? "NO_INSTANCE" : one(this.entries);
  }

  /** The registered instance whose place a new editor takes. */
  predecessor(project: string): Entry | undefined {
    return this.entries.findLast((entry) => entry.project === project && entry.presence === "lost");
  }

  editorOpened(slot: number, entry: Entry, epoch: string): void {
    if (!this.entries.includes(entry)) this.entries.push(entry);
    entry.presence = "present";
    entry.epoch = epoch;
    this.editors[slot] = { epoch, entry };
  }

  /** The process of an editor has ended: what it had begun is unknown, what waits goes to a successor. */
  editorKilled(slot: number): void {
    const { entry, epoch } = this.editorIn(slot);
    entry.presence = "lost";
    this.editors[slot] = undefined;
    for (const ask of this.#unansweredAt(entry))
      if (!ask.isRead && ask.begunBy.has(epoch)) ask.allowed.add("OUTCOME_UNKNOWN");
  }

  /** An editor has said goodbye: nothing waits for it. */
  editorClosed(slot: number): void {
    const { entry } = this.editorIn(slot);
    this.entries = this.entries.filter((other) => other !== entry);
    this.editors[slot] = undefined;
    for (const ask of this.#unansweredAt(entry)) {
      ask.allowed.add(!ask.isRead && ask.begunBy.size > 0 ? "OUTCOME_UNKNOWN" : "INSTANCE_DISCONNECTED");
      if (ask.attempts > 1) ask.allowed.add("INSTANCE_DISCONNECTED");
    }
  }

  /** The hub has died and another has taken its place: it knows no client until the clients come back. */
  hubDied(): void {
    this.entries = [];
    for (const editor of this.editors) if (editor) editor.entry.presence = "away";
    for (const adapter of this.adapters) {
      if (adapter.presence === "connected") adapter.presence = "away";
      adapter.binding = undefined;
    }
    for (const ask of this.asks) ask.entry = undefined;
  }

  /** An adapter has said goodbye: what was not sent for it is taken back. */
  adapterClosed(slot: number): void {
    const adapter = this.#adapter(slot);
    adapter.presence = "gone";
    adapter.binding = undefined;
    for (const ask of this.unanswered(slot)) ask.allowed.add("CANCELLED");
  }

  /** A request is sent for the first time: it waits at an instance, or fails as the model says. */
  asked(ask: Omit<Ask, "attempts" | "entry" | "begunBy" | "allowed" | "isAnswered">): Ask {
    const found = this.resolve(ask.adapter, ask.target);
    const isError = typeof found === "string";
    const made: Ask = {
      ...ask,
      attempts: 1,
      entry: isError ? undefined : found,
      begunBy: new Set(),
      allowed: new Set<Outcome>([isError ? found : "result"]),
      isAnswered: false,
    };
    this.asks.push(made);
    return made;
  }

  /** A request is sent again: it may have been anywhere meanwhile, and its target may be another one now. */
  askedAgain(ask: Ask): void {
    ask.attempts += 1;
    ask.entry = undefined;
    ask.allowed.add("result");
    ask.allowed.add("TARGET_AMBIGUOUS");
  }

  /** Whether `outcome`, from an instance with `epoch` if one is named, is an answer that the request may have. */
  mayEnd(ask: Ask, outcome: Outcome, epoch: string | undefined): boolean {
    const { allowed, begunBy, isRead } = ask;
    if (outcome === "result") return allowed.has("result") && begunBy.size > 0;
    if (outcome === "OUTCOME_UNKNOWN") return allowed.has(outcome) || (!isRead && mayBeUnsettled(ask, epoch));
    // No answer says that nothing was done when the write has begun in an instance.
    return allowed.has(outcome) && (isRead || begunBy.size === 0);
  }

  editorIn(slot: number): EditorProcess {
    const editor = this.editors[slot];
    if (!editor) throw new Error(`No editor runs in slot ${slot}.`);
    return editor;
  }

  #adapter(slot: number): AdapterState {
    const adapter = this.adapters[slot];
    if (!adapter) throw new Error(`There is no adapter slot ${slot}.`);
    return adapter;
  }

  #unansweredAt(entry: Entry): Ask[] {
    return this.asks.filter((ask) => !ask.isAnswered && (ask.entry === entry || (ask.attempts > 1 && !ask.entry)));
  }

  #named(target: string): Entry | ErrorKind {
    const byId = this.entries.find(({ id }) => id === target);
    if (byId) return byId;
    const byPath = this.entries.filter(({ project }) => pathOf(project) === target);
    return one(byPath.length > 0 ? byPath : this.entries.filter(({ project }) => project === target));
  }

  #ofProject(project: string): Entry | ErrorKind {
    return one(this.entries.filter((entry) => entry.project === project));
  }
}

/** A write that was sent again may be kept from its answer: its target is gone, its journal has forgotten it or never knew it. */
function mayBeUnsettled({ attempts, allowed, begunBy, epoch: meant }: Ask, epoch: string | undefined): boolean {
  const isKeptBack = [...allowed].some((outcome) => outcome !== "result");
  return attempts > 1 && (isKeptBack || begunBy.size > 0 || meant === undefined || meant !== epoch);
}

/** Never guessed: one, or none, or too many. */
function one(entries: readonly Entry[]): Entry | ErrorKind {
  const [first, second] = entries;
  if (second) return "TARGET_AMBIGUOUS";
  return first ?? "TARGET_NOT_FOUND";
}
