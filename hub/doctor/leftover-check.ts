/** What processes that are gone have left in the state directory. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { removal } from "../cli/shell-words.ts";
import { type Check, note, ok } from "./finding.ts";

/** Drafts of files that are renamed when they are whole: `<file>.<pid>` or `<file>.<pid>.<random>`. */
const DRAFT =
  /^(?:token|tokens\.json|hub\.json|launched\.json|known-projects\.json)(?:\.lock)?\.(\d+)(?:\.[0-9a-f]{8})?$/;
/** Held for microseconds; the process is in the file. */
const LOCK = /\.lock$/;

/** Files without an owner. */
export const leftoverCheck: Check = {
  name: "leftovers",
  examine: ({ config, platform }) => {
    const left = namesIn(config.home)
      .filter((name) => isLeft(config.home, name))
      .map((name) => join(config.home, name));
    if (left.length === 0) return [ok("Nothing was left behind in the state directory.")];
    return [note(`Processes that are gone have left ${left.join(", ")}.`, removal(left, platform))];
  },
};

function isLeft(home: string, name: string): boolean {
  const draftOf = Number(DRAFT.exec(name)?.[1]);
  if (draftOf) return !isProcessAlive(draftOf);
  if (!LOCK.test(name)) return false;
  const holder = holderOf(join(home, name));
  return holder !== undefined && !isProcessAlive(holder);
}

function holderOf(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
