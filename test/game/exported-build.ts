/** A game as its players get it: exported with the engine's templates, and run. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { godotBinary } from "../support/godot-editor.ts";

const run = promisify(execFile);

/** Which of the engine's templates: with or without what helps to find faults. */
export type BuildKind = "debug" | "release";

/** Name of the export preset of `exportPresets`. */
export const PRESET = "Linux";

/** Text of export_presets.cfg, with the templates that lie beside the binary, where there are any. */
export function exportPresets(): string {
  const options = (["debug", "release"] as const)
    .map((kind) => [kind, templateOf(kind)] as const)
    .filter(([, path]) => existsSync(path))
    .map(([kind, path]) => `custom_template/${kind}="${path}"\n`);
  const architecture = process.arch === "arm64" ? "arm64" : "x86_64";
  const head = `name="${PRESET}"\nplatform="Linux"\nrunnable=true\nexport_filter="all_resources"\n`;
  return `[preset.0]\n\n${head}include_filter=""\nexclude_filter=""\n\n[preset.0.options]\n\nbinary_format/architecture="${architecture}"\n${options.join("")}`;
}

/** Exports the project in `folder`. @returns the path of the program. */
export async function exportBuild(folder: string, kind: BuildKind): Promise<string> {
  const program = join(folder, `${kind}-build`);
  await run(godotBinary(), ["--headless", "--path", folder, `--export-${kind}`, PRESET, program]);
  if (existsSync(templateOf(kind))) await useLibrariesOfGodot(program);
  return program;
}

/** Runs an exported game for some frames. @returns all that it said. */
export async function runBuild(program: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout, stderr } = await run(program, ["--headless", "--quit-after", "10"], { env });
  return stdout + stderr;
}

function templateOf(kind: BuildKind): string {
  return join(dirname(godotBinary()), `godot-template-${kind}`);
}

/** Debian's templates need its newer suite's libraries, which are not installed but lie beside this Godot: `scripts/get-godot.mjs`. */
async function useLibrariesOfGodot(program: string): Promise<void> {
  const ask = async (what: string) => (await run("patchelf", [`--print-${what}`, godotBinary()])).stdout.trim();
  const [loader, searchPath] = [await ask("interpreter"), await ask("rpath")];
  await run("patchelf", ["--set-interpreter", loader, "--force-rpath", "--set-rpath", searchPath, program]);
}
