/**
 * Keeps the texts that scripts had before they were written to: a script has no undo history. Below the state directory, or
 * where that can't be written, as long as this process lives.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const FOLDER = "replaced";
/** How many are kept: the oldest give way. */
const KEPT = 200;
const KEPT_IN_MEMORY = 20;
const ID_LENGTH = 12;

const keptSchema = z.object({ path: z.string(), source: z.string() });
/** A text and the script that it was. */
export type ReplacedText = z.infer<typeof keptSchema>;

const unwritten = new Map<string, ReplacedText>();

/** Keeps a text. @returns its id. */
export function keepText(home: string, text: ReplacedText): string {
  const json = JSON.stringify(text);
  const id = createHash("sha256").update(json).digest("hex").slice(0, ID_LENGTH);
  const folder = join(home, FOLDER);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, `${id}.json`), json, { mode: 0o600 });
    forgetOldest(folder);
  } catch {
    unwritten.set(id, text);
    const [oldest] = unwritten.keys();
    if (unwritten.size > KEPT_IN_MEMORY && oldest !== undefined) unwritten.delete(oldest);
  }
  return id;
}

/** A text that was kept; undefined when it is not there any more, or never was. */
export function keptText(home: string, id: string): ReplacedText | undefined {
  if (!/^[0-9a-f]+$/.test(id)) return undefined;
  try {
    return keptSchema.parse(JSON.parse(readFileSync(join(home, FOLDER, `${id}.json`), "utf8")));
  } catch {
    return unwritten.get(id);
  }
}

/** Other adapters do the same: what is gone already is no failure. */
function forgetOldest(folder: string): void {
  const files = readdirSync(folder);
  if (files.length <= KEPT) return;
  const byAge = files.map((file) => ({
    file,
    at: statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }));
  const oldest = byAge.toSorted((a, b) => a.at - b.at).slice(0, files.length - KEPT);
  for (const { file } of oldest) rmSync(join(folder, file), { force: true });
}
