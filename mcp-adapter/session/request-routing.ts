/** What the hub is told of a command, so that it need not read its params: target's epoch, locks, and whether equal reads may share an answer. */
import { z } from "zod";
import type { Patience } from "../../hub-client/pending-request.ts";
import { COMMANDS, type CommandDefinition } from "../../protocol/commands/index.ts";
import type { InstanceInfo } from "../../protocol/hub-methods.ts";

/** Finds the instance behind a target; undefined stands for what the session is bound to. */
export type ResolveTarget = (target: string | undefined, patience: Patience) => Promise<InstanceInfo>;

interface Known {
  readonly generation: number;
  readonly epoch: string | undefined;
}

/** The epoch of each target that was asked for: it tells, when a request is sent again, whether its editor has restarted. */
export class TargetEpochs {
  readonly #resolve: ResolveTarget;
  readonly #known = new Map<string, Known>();
  /** Requests that wait for the same answer keep their order behind it. */
  readonly #asking = new Map<string, Promise<string | undefined>>();

  constructor(resolve: ResolveTarget) {
    this.#resolve = resolve;
  }

  /**
   * The epoch of `target`, asked for once per connection.
   * @throws what a command to that target would be answered with.
   */
  async of(target: string | undefined, generation: number, patience: Patience): Promise<string | undefined> {
    const key = target ?? "";
    const known = this.#known.get(key);
    if (known?.generation === generation && generation > 0) return known.epoch;
    return this.#asking.get(key) ?? this.#ask(key, target, generation, patience);
  }

  /** The epoch of `target` as far as an answer has named it, without asking. */
  known(target: string | undefined, generation: number): string | undefined {
    const known = this.#known.get(target ?? "");
    return known?.generation === generation ? known.epoch : undefined;
  }

  /** Takes note of the epoch that an answer named. */
  learn(target: string | undefined, epoch: string | undefined, generation: number): void {
    if (epoch !== undefined) this.#known.set(target ?? "", { epoch, generation });
  }

  #ask(key: string, target: string | undefined, generation: number, patience: Patience): Promise<string | undefined> {
    // Others may be waiting for this answer: one asker's cancelling does not end it.
    const asking = this.#resolve(target, { deadlineAt: patience.deadlineAt })
      .then(({ epoch }) => {
        // The first question opens the first connection.
        this.#known.set(key, { epoch: epoch ?? undefined, generation: Math.max(1, generation) });
        return epoch ?? undefined;
      })
      .finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }
}

/** Asks the editor behind a target for the session's current scene; null when none is open. */
export type AskCurrentScene = (target: string | undefined, patience: Patience) => Promise<string | null>;

type Params = Record<string, unknown>;

const sceneAnswer = z.looseObject({ scene: z.string().startsWith("res://") });

/** The session's current scene in each editor, as far as answers have said: a write that names no scene is about to change it. */
export class CurrentScenes {
  readonly #ask: AskCurrentScene;
  /** By target; null: none was open when it was asked for. */
  readonly #known = new Map<string, string | null>();

  constructor(ask: AskCurrentScene) {
    this.#ask = ask;
  }

  /** The current scene there, asked for once when no answer has said it yet; undefined when there is none, or nobody says. */
  async of(target: string | undefined, patience: Patience): Promise<string | undefined> {
    const key = keyOf(target);
    // If it can't be asked for, the write itself is answered with what is wrong.
    if (!this.#known.has(key)) this.#known.set(key, await this.#ask(target, patience).catch(() => null));
    return this.#known.get(key) ?? undefined;
  }

  /** Takes note of a command that is about to be sent: what comes after it goes to the scene that it opens. */
  expect(target: string | undefined, method: string, { path }: Params): void {
    if (!isChoosing(method)) return;
    if (typeof path === "string" && path.startsWith("res://")) this.#known.set(keyOf(target), path);
    else this.#known.delete(keyOf(target));
  }

  /** Takes note of an answer: one that was asked for without a scene names the current one. */
  learn(target: string | undefined, method: string, params: Params, result: unknown): void {
    if (params.scene !== undefined && !isChoosing(method)) return;
    const answer = sceneAnswer.safeParse(result).data;
    if (answer) this.#known.set(keyOf(target), answer.scene);
  }

  /** Takes note of a failure: what was to be opened may not be, or what was open is not any more. */
  doubt(target: string | undefined, method: string, kind: string): void {
    if (isChoosing(method) || kind === "NO_SCENE_OPEN") this.#known.delete(keyOf(target));
  }
}

/** True for a command that makes the scene which it names the current one. */
function isChoosing(method: string): boolean {
  return COMMANDS.get(method)?.setsCurrentScene ?? false;
}

function keyOf(target: string | undefined): string {
  return target ?? "";
}

/** True when a call of a read depends on nothing but its params: not on the session that asks, nor on its current scene. */
export function isShareable(command: CommandDefinition, params: Record<string, unknown>): boolean {
  if (!command.readOnly) return false;
  return "scene" in command.params.shape ? typeof params.scene === "string" : command.scope === "params";
}

/** Keeps the commands for one target in the order in which they were asked, while one of them has to find something out first. */
export class SendingOrder {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Calls `send` once the commands before it are sent.
   * @param send Fulfilled with the way to the answer as soon as the command is sent: the answer itself holds nobody up.
   */
  async take<T>(target: string, send: () => Promise<() => Promise<T>>): Promise<T> {
    const before = this.#last.get(target);
    const sent = before ? before.then(send) : send();
    const done = sent.then(nothing, nothing);
    this.#last.set(target, done);
    try {
      return await (await sent)();
    } finally {
      if (this.#last.get(target) === done) this.#last.delete(target);
    }
  }
}

function nothing(): void {}
