/** Programs that need a newer Node than the project does: fetched together with one. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const NODE = "node@24";
const FETCH_TIMEOUT_MS = 170_000;

/** @returns the path of the newer Node, and of a command of a package that is fetched beside it. */
export async function withNewerNode(pack?: string, command?: string): Promise<{ node: string; program: string }> {
  const packages = [NODE, ...(pack === undefined ? [] : [pack])].flatMap((name) => ["-p", name]);
  const where = ["node", ...(command === undefined ? [] : [command])].map((name) => `command -v ${name}`).join(" && ");
  const { stdout } = await promisify(execFile)("npx", ["-y", ...packages, "-c", where], { timeout: FETCH_TIMEOUT_MS });
  const [node, program = ""] = stdout
    .trim()
    .split("\n")
    .slice(command === undefined ? -1 : -2);
  if (!node) throw new Error(`npx has not said where ${NODE} is: ${stdout}`);
  return { node, program };
}
