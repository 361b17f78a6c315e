/** Asks the AI client's user which editor or game is meant, where several fit and the client can ask. */
import { z } from "zod";
import { CommandError } from "../../hub-client/client-errors.ts";
import type { InstanceInfo } from "../../protocol/hub-methods.ts";

/** A question to a user, who chooses one of several answers. */
export interface Question {
  readonly message: string;
  readonly choices: readonly string[];
  /** How long the answer is waited for. */
  readonly timeoutMs: number;
}

/** What the user has chosen, if anything; `later` when the answer will come with another call. */
export type Reply = { readonly chosen: string } | "none" | "later";

/** Puts a question to the user. Never rejects. */
export type AskUser = (question: Question) => Promise<Reply>;

/** Asks which instances there are. */
type ListInstances = () => Promise<readonly InstanceInfo[]>;

/** Nobody may be there: then the error has to come while somebody waits for it. */
const ANSWER_MS = 60_000;

const candidatesSchema = z.array(z.string()).min(2);

/** One for a session: calls side by side share a question, and one that was not answered is not asked again. */
export class WhichEditor {
  #asked: { readonly about: string; readonly answer: Promise<InstanceInfo | "later" | undefined> } | undefined;

  /** The instance that is meant after a call failed with `error`; undefined where that is no question, or has no answer. */
  async meant(error: unknown, ask: AskUser, list: ListInstances): Promise<InstanceInfo | undefined> {
    const candidates = candidatesOf(error);
    if (!candidates) return undefined;
    const about = candidates.join("\n");
    const isShared = this.#asked?.about === about;
    const asked = isShared && this.#asked ? this.#asked : { about, answer: this.#ask(candidates, ask, list) };
    this.#asked = asked;
    const answer = await asked.answer;
    if (answer !== "later") return answer;
    if (this.#asked === asked) this.#asked = undefined;
    // The answer will come with that call, and not with this one.
    return isShared ? this.meant(error, ask, list) : undefined;
  }

  async #ask(
    candidates: readonly string[],
    ask: AskUser,
    list: ListInstances,
  ): Promise<InstanceInfo | "later" | undefined> {
    const message = "Several of these fit what the AI wants to work on. Which one do you mean?";
    const reply = await ask({ message, choices: candidates, timeoutMs: ANSWER_MS });
    if (reply === "later") return reply;
    if (reply === "none") return undefined;
    // What was answered is not asked again by the call itself, but by another one that names nothing either.
    this.#asked = undefined;
    // A candidate is a name with more behind it.
    return (await list()).find(
      ({ name }) => reply.chosen === name || [" ", ","].some((end) => reply.chosen.startsWith(name + end)),
    );
  }
}

/** Those of which one has to be chosen, if that is what was wrong. */
function candidatesOf(error: unknown): readonly string[] | undefined {
  if (!(error instanceof CommandError) || error.kind !== "TARGET_AMBIGUOUS") return undefined;
  return candidatesSchema.safeParse(error.object.data?.candidates).data;
}
