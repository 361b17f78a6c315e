/** The session's current scene in each editor, as far as answers have said: what a write that names no scene is about to change. */
import { z } from "zod";
import type { Patience } from "../../hub-client/pending-request.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";

/** Asks the editor behind a target for the session's current scene; null when none is open. */
export type AskCurrentScene = (target: string | undefined, patience: Patience) => Promise<string | null>;

type Params = Record<string, unknown>;

const sceneAnswer = z.looseObject({ scene: z.string().startsWith("res://") });

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
