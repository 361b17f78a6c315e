/** `godot-hub token`: where the token is, a new one, and further ones with a role and rules of their own. The state directory's is never printed. */
import { type Command, Option } from "commander";
import { tokenPath } from "../../hub-client/state-dir.ts";
import { ensureHome, ensureToken, rotateToken } from "../../hub-client/state-files.ts";
import { GRANTABLE_ROLES } from "../access/permission.ts";
import {
  createToken,
  readTokenBook,
  revokeToken,
  TokenBookError,
  type TokenEntry,
  type TokenRole,
  type TokenWish,
} from "../access/token-book.ts";
import type { HubConfig } from "../config.ts";
import type { CliContext } from "./context.ts";
import { CliError, EXIT_CODES, usingState } from "./exit-codes.ts";
import { configOf } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/** Adds `godot-hub token` and its subcommands. */
export function addToken(program: Command, { terminal }: CliContext): void {
  const token = program
    .command("token")
    .description("show where the token is")
    .action((_options, command: Command) => showToken(configOf(command), terminal));
  token
    .command("rotate")
    .description("make a new token; a hub that runs takes it at once")
    .action((_options, command: Command) => rotate(configOf(command), terminal));
  token
    .command("create")
    .description("make a further token with less rights, and print it this once")
    .requiredOption("--name <name>", "what to call it")
    .addOption(
      new Option("--role <role>", "adapters, only looking, or editors").choices(GRANTABLE_ROLES).default("agent"),
    )
    .option("--read-only", "only commands that read")
    .option("--allow <a,b>", "the only commands that it is good for, such as scene.*")
    .option("--deny <a,b>", "commands that it is not good for")
    .action((_options, command: Command) => create(configOf(command), wishOf(command.opts()), terminal));
  token
    .command("list")
    .description("show the further tokens: name, role and rules")
    .option("--json", "print JSON")
    .action(({ json = false }: { json?: boolean }, command: Command) => list(configOf(command), json, terminal));
  token
    .command("revoke")
    .description("end a further token; who came with it is cut off")
    .argument("<name>", "its name")
    .action((name: string, _options, command: Command) => revoke(configOf(command), name, terminal));
}

function wishOf(options: {
  name: string;
  role: TokenRole;
  readOnly?: boolean;
  allow?: string;
  deny?: string;
}): TokenWish {
  const { name, role, readOnly = false, allow, deny } = options;
  return { name, role, readOnly, allow: namesIn(allow), deny: namesIn(deny) };
}

function namesIn(text = ""): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}

/** Prints where the token is; the state directory's is made when there is none. @throws {CliError} STATE_UNUSABLE. */
function showToken({ home, token, tokenFile }: HubConfig, terminal: Terminal): void {
  if (token === undefined) writing(home, ensureToken);
  terminal.out(token === undefined ? tokenPath(home) : (tokenFile ?? "GODOT_HUB_TOKEN"));
}

/** Makes a new token. @throws {CliError} STATE_UNUSABLE; USAGE when the token comes from elsewhere. */
function rotate({ home, token, tokenFile }: HubConfig, terminal: Terminal): void {
  if (token !== undefined) {
    throw new CliError(`The token is given by ${tokenFile ?? "GODOT_HUB_TOKEN"}: change it there.`, EXIT_CODES.USAGE);
  }
  writing(home, rotateToken);
  terminal.out(
    `There is a new token in ${tokenPath(home)}. Who is connected stays so; who connects from now on needs it.`,
  );
}

/**
 * Makes a further token and prints it, alone on its line: nobody can see it again. A hub that runs takes it at once.
 * @throws {CliError} STATE_UNUSABLE; USAGE for a name that is taken or unfit.
 */
export function create({ home }: HubConfig, wish: TokenWish, terminal: Terminal): void {
  terminal.out(writing(home, (state) => createToken(state, wish)));
  terminal.err(`That is the token '${wish.name}': give it to its client as GODOT_HUB_TOKEN. It is not shown again.`);
}

/** Prints the further tokens: what each is for, never the token. @throws {CliError} STATE_UNUSABLE. */
function list({ home }: HubConfig, json: boolean, terminal: Terminal): void {
  const tokens = writing(home, readTokenBook).map(({ digest: _, ...shown }) => shown);
  if (json) terminal.out(JSON.stringify(tokens));
  else for (const line of tokens.map(describe)) terminal.out(line);
  if (!json && tokens.length === 0)
    terminal.out("There are no further tokens: `godot-hub token create --name ci` makes one.");
}

function describe({ name, role, readOnly, allow, deny, createdAt }: Omit<TokenEntry, "digest">): string {
  const rules = [
    ...(readOnly ? ["read-only"] : []),
    ...(allow.length > 0 ? [`allow ${allow.join(",")}`] : []),
    ...(deny.length > 0 ? [`deny ${deny.join(",")}`] : []),
  ];
  return [name, role, ...rules, `since ${createdAt}`].join(", ");
}

/** Revokes a further token: whoever came with it is cut off. @throws {CliError} when there is none of that name. */
function revoke({ home }: HubConfig, name: string, terminal: Terminal): void {
  if (!writing(home, (state) => revokeToken(state, name))) {
    throw new CliError(`There is no token '${name}': see \`godot-hub token list\`.`, EXIT_CODES.USAGE);
  }
  terminal.out(`The token '${name}' is revoked.`);
}

function writing<T>(home: string, write: (home: string) => T): T {
  return usingState(home, () => {
    ensureHome(home);
    try {
      return write(home);
    } catch (error) {
      throw error instanceof TokenBookError ? new CliError(error.message, EXIT_CODES.USAGE) : error;
    }
  });
}
