/** The flags of the command line, made from the table of options. */
import { type Command, Option } from "commander";
import { ConfigError, type HubConfig, loadConfig } from "../config.ts";
import { type ConfigOption, defaultText, flagName, OPTION_LIST, variableName } from "../config-options.ts";

/** Flags that every command understands: what is needed to reach a hub. The others are for those that start one. */
const GENERAL: ReadonlySet<string> = new Set(["tokenFile", "tlsCert", "tlsKey"]);

const PLACEHOLDERS = { integer: " <n>", text: " <text>", path: " <file>", list: " <a,b>", switch: "" } as const;

/** Adds `--home` and the flags that every command understands. */
export function addGeneralOptions(command: Command): Command {
  command.option("--home <dir>", "state directory (default: ~/.godot-hub, env: GODOT_HUB_HOME)");
  return addOptions(command, (name) => GENERAL.has(name));
}

/** Adds the flags of a hub that is to be started. */
export function addHubOptions(command: Command): Command {
  return addOptions(command, (name) => !GENERAL.has(name));
}

/** The arguments that say again what `flags` says, with paths that do not depend on the working directory. */
export function toArguments(flags: Record<string, unknown>, resolved: Record<string, unknown>): string[] {
  return OPTION_LIST.flatMap(([name, { kind }]) => {
    const value = kind === "path" ? resolved[name] : flags[name];
    if (value === undefined || value === false) return [];
    return kind === "switch" ? [`--${flagName(name)}`] : [`--${flagName(name)}`, String(value)];
  });
}

/** The configuration for one call of a command: its flags, else the environment, else config.json. */
export function configOf(command: Command): HubConfig {
  return loadConfig({ flags: command.optsWithGlobals() });
}

/** The number that was given for `flag`. @throws {ConfigError} when it is none. */
export function wholeNumber(flag: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ConfigError(`${flag} must be a whole number, but is ${JSON.stringify(text)}.`);
}

function addOptions(command: Command, isWanted: (name: string) => boolean): Command {
  for (const [name, option] of OPTION_LIST) {
    if (isWanted(name)) command.addOption(new Option(flags(name, option), describe(name, option)));
  }
  return command;
}

function flags(name: string, { kind }: ConfigOption<unknown>): string {
  return `--${flagName(name)}${PLACEHOLDERS[kind]}`;
}

function describe(name: string, option: ConfigOption<unknown>): string {
  return `${option.description} (default: ${defaultText(option)}, env: ${variableName(name)})`;
}
