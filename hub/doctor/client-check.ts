/** What the AI clients on this machine are configured with. */
import { existsSync, readFileSync } from "node:fs";
import { basename, isAbsolute } from "node:path";
import { stateDirectory } from "../../hub-client/state-dir.ts";
import { CLIENT_CONFIGS, type ClientConfig } from "../cli/client-configs.ts";
import { CliError } from "../cli/exit-codes.ts";
import { type AdapterCommand, adapterCommand } from "../cli/package-root.ts";
import { type Check, type Examination, type Finding, note, ok, problem, warning } from "./finding.ts";
import { isOnPath } from "./typed-command.ts";

/** The program, or the package that runs it through npx. */
const ADAPTER = /godot-mcp-adapter(\.js)?$|^godot-mcp-hub(@\S+)?$/;

/** The AI clients of this machine. */
export const clientCheck: Check = {
  name: "clients",
  examine: (examination) => {
    const findings = Object.entries(CLIENT_CONFIGS).flatMap(([word, client]) => examine(word, client, examination));
    if (findings.length > 0) return findings;
    return [
      note(
        "No AI client that `godot-hub connect` knows has a configuration here.",
        "godot-hub connect --client claude",
      ),
    ];
  },
};

function examine(name: string, client: ClientConfig, examination: Examination): Finding[] {
  const path = client.path(examination.env, examination.platform);
  const connect = `godot-hub connect --client ${name}`;
  const text = readIfPresent(path);
  if (text === undefined) return [];
  try {
    const own = Object.entries(client.servers(text)).filter(([, entry]) => isAdapter(entry));
    if (own.length === 0) return [note(`${client.title} is not connected (${path}).`, connect)];
    return own.map(([server, entry]) => judge(`${client.title}, '${server}' in ${path}`, entry, connect, examination));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [
      problem(`${client.title} can't be examined: ${path}: ${error.message} Mend it by hand, then run \`${connect}\`.`),
    ];
  }
}

function isAdapter({ command, args }: AdapterCommand): boolean {
  return [command, ...args].some((word) => ADAPTER.test(word));
}

function judge(where: string, entry: AdapterCommand, connect: string, { config, env, platform }: Examination): Finding {
  const { command, args } = entry;
  const shown = [command, ...args].join(" ");
  if (!isFound(command, env, platform)) return problem(`${where}: there is no program ${command}.`, connect);
  if (platform === "win32" && command === "npx") {
    return problem(`${where}: Windows starts npx, a batch file, only through cmd /c.`, connect);
  }
  const file = [command, ...args].find((word) => ADAPTER.test(word) && isAbsolute(word));
  if (file !== undefined && !existsSync(file)) return problem(`${where}: ${file} is gone.`, connect);
  const home = entry.env.GODOT_HUB_HOME ?? stateDirectory({ HOME: env.HOME, USERPROFILE: env.USERPROFILE }, platform);
  if (home !== config.home) {
    return warning(`${where} uses the state directory ${home}, not ${config.home}: it reaches another hub.`, connect);
  }
  const ours = adapterCommand(config.home).args;
  if (file !== undefined && !ours.includes(file)) return note(`${where} runs another installation: ${shown}.`, connect);
  return ok(`${where} runs ${shown}.`);
}

function isFound(program: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (isAbsolute(program)) return existsSync(program);
  return program !== basename(program) || isOnPath(program, env, platform);
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch {
    return undefined;
  }
}
