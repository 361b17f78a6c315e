/** `godot-hub token`: where the token is; `godot-hub token rotate`: a new one. The token itself is never printed. */
import { tokenPath } from "../../protocol/state-dir.ts";
import type { HubConfig } from "../config.ts";
import { ensureHome, ensureToken, rotateToken } from "../state-files.ts";
import { CliError, EXIT_CODES, usingState } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

/** Prints where the token is; the state directory's is made when there is none. @throws {CliError} STATE_UNUSABLE. */
export function showToken({ home, token, tokenFile }: HubConfig, terminal: Terminal): void {
  if (token === undefined) writing(home, ensureToken);
  terminal.out(token === undefined ? tokenPath(home) : (tokenFile ?? "GODOT_HUB_TOKEN"));
}

/** Makes a new token. @throws {CliError} STATE_UNUSABLE; USAGE when the token comes from elsewhere. */
export function rotate({ home, token, tokenFile }: HubConfig, terminal: Terminal): void {
  if (token !== undefined) {
    throw new CliError(`The token is given by ${tokenFile ?? "GODOT_HUB_TOKEN"}: change it there.`, EXIT_CODES.USAGE);
  }
  writing(home, rotateToken);
  terminal.out(
    `There is a new token in ${tokenPath(home)}. Who is connected stays so; who connects from now on needs it.`,
  );
}

function writing(home: string, write: (home: string) => void): void {
  usingState(home, () => {
    ensureHome(home);
    write(home);
  });
}
