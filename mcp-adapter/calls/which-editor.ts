/** Asks the AI client's user which editor or game is meant, where several fit and the client can ask. */
import { z } from "zod";
import type { InstanceInfo } from "../../protocol/hub-methods.ts";
import { CommandError } from "../adapter-error.ts";

/** A question to a user, who chooses one of several answers. */
export interface Question {
  readonly message: string;
  readonly choices: readonly string[];
  /** How long the answer is waited for. */
  readonly timeoutMs: number;
}

/** Puts a question to the user; undefined when they choose nothing. Never rejects. */
export type AskUser = (question: Question) => Promise<string | undefined>;

/** Asks which instances there are. */
type ListInstances = () => Promise<readonly InstanceInfo[]>;

/** Nobody may be there: then the error has to come while somebody waits for it. */
const ANSWER_MS = 60_000;

const candidatesSchema = z.array(z.string()).min(2);

/** One for a session: calls side by side share a question, and one that was not answered is not asked again. */
export class WhichEditor {
  #asked: { readonly about: string; readonly answer: Promise<InstanceInfo | undefined> } | undefined;

  /** The instance that is meant after a call failed with `error`; undefined where that is no question, or has no answer. */
  meant(error: unknown, ask: AskUser, list: ListInstances): Promise<InstanceInfo | undefined> {
    const candidates = candidatesOf(error);
    if (!candidates) return Promise.resolve(undefined);
    const about = candidates.join("\n");
    if (this.#asked?.about !== about) {
      this.#asked = { about, answer: this.#ask(candidates, ask, list) };
    }
    return this.#asked.answer;
  }

  async #ask(candidates: readonly string[], ask: AskUser, list: ListInstances): Promise<InstanceInfo | undefined> {
    const message = "Several of these fit what the AI wants to work on. Which one do you mean?";
    const chosen = await ask({ message, choices: candidates, timeoutMs: ANSWER_MS });
    if (chosen === undefined) return undefined;
    // What was answered is not asked again by the call itself, but by another one that names nothing either.
    this.#asked = undefined;
    // A candidate is a name with more behind it.
    return (await list()).find(
      ({ name }) => chosen === name || [" ", ","].some((end) => chosen.startsWith(name + end)),
    );
  }
}

/** Those of which one has to be chosen, if that is what was wrong. */
function candidatesOf(error: unknown): readonly string[] | undefined {
  if (!(error instanceof CommandError) || error.kind !== "TARGET_AMBIGUOUS") return undefined;
  return candidatesSchema.safeParse(error.object.data?.candidates).data;
}
