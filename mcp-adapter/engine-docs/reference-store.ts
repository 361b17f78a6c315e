/** Class references by engine: in memory, else from disk, else made by the engine itself. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { AsPlainObject } from "minisearch";
import { z } from "zod";
import { replaceFile } from "../../hub-client/atomic-file.ts";
import { WireError } from "../../protocol/errors.ts";
import { dumpApi } from "./api-dump.ts";
import { ClassReference } from "./class-reference.ts";
import { type DocEntry, docEntries } from "./doc-entries.ts";

/** Changes with what is written: files of another form are made anew. */
const FORMAT = 1;

const storedSchema = z.object({ entries: z.array(z.custom<DocEntry>()), index: z.custom<AsPlainObject>() });

/** Which engine is meant. */
export interface Engine {
  readonly version: string | null;
  /** Its program. */
  readonly executable: string | undefined;
}

const loaded = new Map<string, Promise<ClassReference>>();

/**
 * The class reference of an engine.
 * @param home State directory: references are kept in its folder `docs`.
 * @param engine Undefined: any that is kept, since no editor says which.
 * @throws {WireError} NOT_FOUND when there is none and none can be made.
 */
export async function classReference(home: string, engine: Engine | undefined): Promise<ClassReference> {
  const folder = join(home, "docs");
  const file =
    engine?.executable === undefined ? await newest(folder) : await fileFor(engine.executable, engine.version);
  const known = loaded.get(file);
  if (known) return known;
  const loading = loadOrMake(folder, file, engine?.executable);
  loaded.set(file, loading);
  loading.catch(() => loaded.delete(file));
  return loading;
}

async function loadOrMake(folder: string, file: string, executable: string | undefined): Promise<ClassReference> {
  const path = join(folder, file);
  const kept = await readFile(path, "utf8").catch(() => undefined);
  const stored = kept === undefined ? undefined : storedSchema.safeParse(parse(kept)).data;
  if (stored) return ClassReference.load(stored);
  if (executable === undefined) throw noEngine();
  const reference = await ClassReference.build(docEntries(await dumpApi(executable)));
  // Several adapters may do this at once: each writes a whole file.
  await mkdir(folder, { recursive: true, mode: 0o700 });
  replaceFile(path, JSON.stringify(reference.stored));
  return reference;
}

/** An engine that was replaced by another build of the same version has other documentation. */
async function fileFor(executable: string, version: string | null): Promise<string> {
  const { size, mtimeMs } = await stat(executable).catch(() => ({ size: 0, mtimeMs: 0 }));
  const build = createHash("sha256").update(`${executable} ${size} ${mtimeMs}`).digest("hex").slice(0, 8);
  const label = (version ?? "unknown").replace(/[^\w.-]/g, "_");
  return `${label}-${build}-${FORMAT}.json`;
}

async function newest(folder: string): Promise<string> {
  const files = await readdir(folder).catch(() => []);
  const own = files
    .filter((file) => file.endsWith(`-${FORMAT}.json`))
    .toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const last = own.at(-1);
  if (last === undefined) throw noEngine();
  return last;
}

function noEngine(): WireError {
  return new WireError(
    "NOT_FOUND",
    "There is no class reference yet: it comes from the engine of a connected editor.",
    {
      hint: "Open the project in Godot, or hub_use with launch, then ask again.",
    },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
