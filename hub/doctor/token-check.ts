/** Whether there is a token, and whether it can be one. */
import { lstatSync, readFileSync } from "node:fs";
import { codeOf } from "../../hub-client/node-errors.ts";
import { isToken, tokenPath } from "../../hub-client/state-dir.ts";
import { word } from "../cli/shell-words.ts";
import { type Check, type Finding, note, ok, problem } from "./finding.ts";

const ROTATE = "godot-hub token rotate";

/** The token of the state directory. */
export const tokenCheck: Check = {
  name: "token",
  examine: ({ config, running, platform }) => {
    if (config.token !== undefined) return [ok(`The token is given by ${config.tokenFile ?? "GODOT_HUB_TOKEN"}.`)];
    const path = tokenPath(config.home);
    try {
      return [judge(path, readFileSync(path, "utf8"))];
    } catch (error) {
      const code = codeOf(error);
      // What stands in the folder's place is the state's finding.
      if (code === "ENOTDIR") return [];
      if (code !== "ENOENT")
        return [problem(`The token ${path} can't be read (${code}).`, `chmod 600 ${word(path, platform)}`)];
      if (lstatSync(path, { throwIfNoEntry: false })) {
        return [problem(`The token ${path} is a link that leads nowhere.`, `rm ${word(path, platform)}`)];
      }
      if (running) return [problem(`The token ${path} is gone while a hub runs: nobody can connect.`, ROTATE)];
      return [note(`There is no token yet: the first hub makes one in ${path}.`)];
    }
  },
};

function judge(path: string, text: string): Finding {
  if (isToken(text.trim())) return ok(`The token in ${path} is one.`);
  return problem(`What is in ${path} is no token: 16 to 200 printable characters without spaces.`, ROTATE);
}
