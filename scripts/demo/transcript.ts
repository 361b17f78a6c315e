/** Records the calls of an AI client, their answers and their times. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";

/** The longest arguments and the longest answer in a line of the transcript, in characters. */
const SHOWN = 160;

/** A heading, the client's next step in words, or a call. */
type Entry =
  | { readonly kind: "section" | "thought"; readonly text: string }
  | {
      readonly kind: "call";
      readonly tool: string;
      readonly args: string;
      readonly answer: string;
      readonly ms: number;
    };

export class Transcript {
  readonly #client: Client;
  /** Where pictures are saved. */
  readonly #folder: string;
  readonly #entries: Entry[] = [];

  constructor(client: Client, folder: string) {
    this.#client = client;
    this.#folder = folder;
  }

  /** Begins a part of the transcript. */
  section(title: string): void {
    this.#entries.push({ kind: "section", text: title });
  }

  /** Says why the next calls are made. */
  say(text: string): void {
    this.#entries.push({ kind: "thought", text });
  }

  /** Calls a tool and gives the text of its answer. @throws when the tool says that it failed. */
  async call(tool: string, args: Record<string, unknown> = {}): Promise<string> {
    return (await this.#call(tool, args)).text;
  }

  /** Saves the picture that a call of `screenshot` gives, as `<name>.webp`. */
  async picture(name: string, args: Record<string, unknown>): Promise<void> {
    const { images } = await this.#call("screenshot", args);
    const [image] = images;
    if (!image) throw new Error("There is no picture in the answer.");
    writeFileSync(join(this.#folder, `${name}.webp`), Buffer.from(image, "base64"));
  }

  /** The transcript, as a document beside its pictures. @param words Replaces texts that belong to this machine only. */
  markdown(words: ReadonlyMap<string, string>): string {
    const calls = this.#entries.filter((entry) => entry.kind === "call");
    const times = calls.map(({ ms }) => ms).toSorted((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)] ?? 0;
    const characters = calls.reduce((sum, { answer }) => sum + answer.length, 0);
    return [
      `${calls.length} calls, half of them within ${median} ms; all answers together have ${characters} characters. Long ones are cut here.`,
      ...this.#entries.flatMap((entry) => linesOf(entry, words)),
    ]
      .join("\n")
      .replaceAll("\n\n\n", "\n\n");
  }

  async #call(tool: string, args: Record<string, unknown>): Promise<{ text: string; images: string[] }> {
    const startedAt = performance.now();
    const answer = CallToolResultSchema.parse(await this.#client.callTool({ name: tool, arguments: args }));
    const ms = Math.round(performance.now() - startedAt);
    const text = answer.content.map((part) => (part.type === "text" ? part.text : "")).join("");
    if (answer.isError) throw new Error(`${tool} ${JSON.stringify(args)}: ${text}`);
    this.#entries.push({ kind: "call", tool, args: JSON.stringify(args), answer: text, ms });
    return { text, images: answer.content.flatMap((part) => (part.type === "image" ? [part.data] : [])) };
  }
}

function linesOf(entry: Entry, words: ReadonlyMap<string, string>): string[] {
  if (entry.kind !== "call") return ["", entry.kind === "section" ? `## ${entry.text}` : `*${entry.text}*`, ""];
  const shown = (text: string): string => short([...words].reduce((all, [word, by]) => all.replaceAll(word, by), text));
  return [
    `- \`${entry.tool} ${shown(entry.args)}\` → \`${shown(entry.answer.replaceAll("\n", " / "))}\` (${entry.ms} ms)`,
  ];
}

function short(text: string): string {
  const cut = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return cut.replaceAll("`", "'");
}
