/** `godot-hub doctor`: looks at everything between an AI client and an editor, and says what is wrong and what mends it. */

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { styleText } from "node:util";
import type { Command } from "commander";
import { messageOf } from "../../hub-client/node-errors.ts";
import { lookForHub } from "../../hub-client/running-hub.ts";
import type { HubFile } from "../../hub-client/state-dir.ts";
import { ConfigError, type HubConfig } from "../config.ts";
import { examineAll, type NamedFinding } from "../doctor/checks.ts";
import type { Examination, Level } from "../doctor/finding.ts";
import type { CliContext } from "./context.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { askHub, requireTrusted } from "./find-hub.ts";
import { configOf } from "./options.ts";
import { start } from "./start.ts";
import type { Terminal } from "./terminal.ts";

/** Adds `godot-hub doctor`. */
export function addDoctor(program: Command, context: CliContext): void {
  const { terminal, self } = context;
  program
    .command("doctor")
    .description("find what is wrong between AI clients, hub and editors, and what mends it; exit code 1 for a problem")
    .argument("[projects...]", "folders with project.godot; default: the one around this folder")
    .option("--start", "start a hub first when none runs; without it nothing is changed")
    .option("--json", "print JSON")
    .action(async (projects: string[], flags: { start?: boolean; json?: boolean }, command: Command) => {
      const readConfig = () => configOf(command);
      const { json = false } = flags;
      if (flags.start) {
        const config = readConfig();
        const quiet = { ...terminal, out: json ? () => {} : terminal.out };
        await start(config, [...self, "run", "--home", config.home, "--quiet"], quiet);
      }
      context.exitCode = await doctor(readConfig, { projects, cwd: process.cwd(), self, json }, terminal);
    });
}

/** What to look at. */
interface DoctorOptions {
  /** Projects that were named; none: the one that `cwd` is in. */
  projects: readonly string[];
  cwd: string;
  self: readonly string[];
  json: boolean;
}

const COLORS = { ok: "green", note: "blue", warning: "yellow", problem: "red" } as const;

/**
 * Changes nothing. @param readConfig Reads the configuration; that it can't be read is a finding, too.
 * @returns the exit code: FAILED when there is a problem.
 */
export async function doctor(readConfig: () => HubConfig, options: DoctorOptions, terminal: Terminal): Promise<number> {
  const findings = await examine(readConfig, options);
  terminal.out(options.json ? JSON.stringify({ findings }, null, 2) : describe(findings, terminal.color));
  return findings.some(({ level }) => level === "problem") ? EXIT_CODES.FAILED : EXIT_CODES.OK;
}

async function examine(readConfig: () => HubConfig, options: DoctorOptions): Promise<NamedFinding[]> {
  try {
    return await examineAll(await look(readConfig(), options));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [{ check: "configuration", level: "problem", what: `${error.message} Nothing else was examined.` }];
  }
}

async function look(config: HubConfig, { projects, cwd, self }: DoctorOptions): Promise<Examination> {
  const nothing = { running: undefined, isSilent: false, stale: undefined };
  const { running, isSilent, stale } = await lookForHub(config.home).catch(() => nothing);
  const near = projectAbove(cwd);
  return {
    config,
    env: process.env,
    platform: process.platform,
    nodeVersion: process.version,
    projects: projects.length > 0 ? projects.map((path) => resolve(cwd, path)) : near ? [near] : [],
    self,
    running,
    isSilent,
    stale,
    ...(running ? await ask(config, running) : { instances: undefined, refusal: undefined }),
  };
}

async function ask(config: HubConfig, running: HubFile): Promise<Pick<Examination, "instances" | "refusal">> {
  try {
    requireTrusted(config.home);
    const { instances } = await askHub(config, running, (client) => client.request("hub.list_instances", {}));
    return { instances, refusal: undefined };
  } catch (error) {
    return { instances: undefined, refusal: messageOf(error) };
  }
}

function projectAbove(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "project.godot"))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function describe(findings: readonly NamedFinding[], color: boolean): string {
  const lines = findings.map(({ level, what, mend }) => {
    const label = level.padEnd("problem".length);
    const shown = color ? styleText(COLORS[level], label) : label;
    return `${shown}  ${what}${mend === undefined ? "" : `\n${" ".repeat(label.length)}  mend: ${mend}`}`;
  });
  return [...lines, summary(findings)].join("\n");
}

function summary(findings: readonly NamedFinding[]): string {
  const count = (wanted: Level) => findings.filter(({ level }) => level === wanted).length;
  const [problems, warnings] = [count("problem"), count("warning")];
  if (problems + warnings === 0) return "All is well.";
  return `${problems} ${problems === 1 ? "problem" : "problems"}, ${warnings} ${warnings === 1 ? "warning" : "warnings"}.`;
}
