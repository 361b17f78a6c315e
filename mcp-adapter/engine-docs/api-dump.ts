/** The engine's own class reference, as the engine itself writes it down. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { messageOf } from "../../hub-client/node-errors.ts";
import { WireError } from "../../protocol/errors.ts";

const DUMP_TIMEOUT_MS = 60_000;

const argument = z.object({ name: z.string(), type: z.string(), default_value: z.string().optional() });
const member = z.object({ name: z.string(), description: z.string().default("") });
const typed = member.extend({ type: z.string().default("") });
const valued = member.extend({ value: z.union([z.string(), z.number()]).optional() });
const callable = member.extend({
  arguments: z.array(argument).default([]),
  return_type: z.string().optional(),
  return_value: z.object({ type: z.string() }).optional(),
});
const enumeration = z.object({ name: z.string(), values: z.array(valued).default([]) });

const classSchema = z.object({
  name: z.string(),
  inherits: z.string().optional(),
  brief_description: z.string().default(""),
  description: z.string().default(""),
  properties: z.array(typed).default([]),
  members: z.array(typed).default([]),
  methods: z.array(callable).default([]),
  signals: z.array(callable).default([]),
  constants: z.array(valued).default([]),
  enums: z.array(enumeration).default([]),
});

const dumpSchema = z.object({
  classes: z.array(classSchema),
  builtin_classes: z.array(classSchema).default([]),
  utility_functions: z.array(callable).default([]),
  global_enums: z.array(enumeration).default([]),
});

export type DumpedClass = z.infer<typeof classSchema>;
export type DumpedCallable = z.infer<typeof callable>;
export type ApiDump = z.infer<typeof dumpSchema>;

/**
 * Has an engine write its class reference down.
 * @param executable Program of the editor.
 * @throws {WireError} NOT_FOUND when it can't be started here, INTERNAL_ERROR when it writes nothing.
 */
export async function dumpApi(executable: string): Promise<ApiDump> {
  const folder = await mkdtemp(join(tmpdir(), "godot-api-"));
  try {
    await run(executable, folder);
    return dumpSchema.parse(JSON.parse(await readFile(join(folder, "extension_api.json"), "utf8")));
  } catch (error) {
    if (error instanceof WireError) throw error;
    const cause = messageOf(error);
    throw new WireError("INTERNAL_ERROR", `${executable} has not written its class reference: ${cause}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(executable: string, folder: string): Promise<void> {
  const child = spawn(executable, ["--headless", "--dump-extension-api-with-docs"], {
    cwd: folder,
    stdio: "ignore",
    windowsHide: true,
    timeout: DUMP_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  return new Promise((resolve, reject) => {
    // What counts is the file, whatever the exit code of the engine's version is.
    child.once("exit", () => resolve());
    child.once("error", ({ message }) => {
      reject(
        new WireError("NOT_FOUND", `The editor's program can't be started here: ${message}`, {
          hint: "The class reference comes from the editor's own program, which must be on this machine.",
        }),
      );
    });
  });
}
