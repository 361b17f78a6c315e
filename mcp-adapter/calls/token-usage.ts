/** Counts what tool calls cost a model, tells the hub, and keeps to a budget. Tokens are estimated: counting them takes a vocabulary of megabytes. */
import type { HubParams } from "../../protocol/hub-methods.ts";
import type { ShownResult } from "./shown-result.ts";
import { bounded } from "./tool-result.ts";

/** Characters of a token, on average, in what tools answer (measured with o200k by `npm run bench`). */
const CHARACTERS_PER_TOKEN = 3.5;
/** Where a budget begins to warn and to trim. */
const WARN_AT = 0.8;
/** Longest text of an answer, in characters, once most of the budget is used. */
const TIGHT_LIMIT = 4_000;
/** Reports are collected for this long, ms. */
const REPORT_AFTER_MS = 2_000;
const MAX_ENTRIES = 200;

type Entry = HubParams<"hub.report_usage">["entries"][number];

/** What a call was. */
export interface CountedCall {
  readonly tool: string;
  readonly args: Record<string, unknown>;
  readonly result: ShownResult;
  /** Name of the instance that answered. */
  readonly instance: string | undefined;
  /** Length of the commands' results as JSON, in bytes. */
  readonly rawLength: number;
}

export class TokenUsage {
  readonly #budget: number | undefined;
  readonly #report: (entries: Entry[]) => void;
  readonly #unreported = new Map<string, Entry>();
  #total = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param budget Tokens that this session should do with; undefined: no limit.
   * @param report Tells the hub.
   */
  constructor(budget: number | undefined, report: (entries: Entry[]) => void) {
    this.#budget = budget;
    this.#report = report;
  }

  /** Counts a call and gives its answer: shorter, and with a warning, when the budget nears its end. */
  count(call: CountedCall): ShownResult {
    const result = this.#fit(call.result);
    const tokens = tokensOf(result.text) + tokensOf(JSON.stringify(call.args));
    const saved = result.images?.length
      ? 0
      : Math.max(0, Math.ceil(call.rawLength / CHARACTERS_PER_TOKEN) - tokensOf(result.text));
    this.#total += tokens;
    this.#note({ tool: call.tool, instance: call.instance ?? null, calls: 1, tokens, saved });
    return result;
  }

  /** Reports what is not reported yet. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#unreported.size === 0) return;
    const entries = [...this.#unreported.values()].slice(0, MAX_ENTRIES);
    this.#unreported.clear();
    this.#report(entries);
  }

  #fit(result: ShownResult): ShownResult {
    const budget = this.#budget;
    // Who asks for data asks for all of it.
    const isData = result.structured !== undefined && !result.isError;
    if (budget === undefined || isData || this.#total < WARN_AT * budget) return result;
    const used = Math.round((100 * this.#total) / budget);
    const text = bounded(result.text, "Answers are short because the token budget is nearly used.", TIGHT_LIMIT);
    return {
      ...result,
      text: `${text}\n(${used} % of the budget of ${budget} tokens used: ask for little at a time.)`,
    };
  }

  #note(entry: Entry): void {
    const key = `${entry.tool} ${entry.instance}`;
    const known = this.#unreported.get(key);
    const { calls = 0, tokens = 0, saved = 0 } = known ?? {};
    this.#unreported.set(key, {
      ...entry,
      calls: calls + entry.calls,
      tokens: tokens + entry.tokens,
      saved: saved + entry.saved,
    });
    this.#timer ??= setTimeout(() => this.flush(), REPORT_AFTER_MS).unref();
  }
}

/** About how many tokens `text` is. */
export function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}
