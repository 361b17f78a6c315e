/** Whether this Node can run the product. */
import manifest from "../../package.json" with { type: "json" };
import { type Check, ok, problem } from "./finding.ts";

/** The version of Node. */
export const nodeCheck: Check = {
  name: "node",
  examine: ({ nodeVersion }) => {
    const needed = manifest.engines.node.replace(/^>=/, "");
    if (!isOlder(nodeVersion.replace(/^v/, ""), needed)) return [ok(`Node ${nodeVersion}.`)];
    const what = `Node ${nodeVersion} is too old: ${needed} or later is needed.`;
    return [problem(what, "npx -y n lts  # or from https://nodejs.org")];
  },
};

/** True when version `a` comes before version `b`, number by number. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0));
  for (let at = 0; at < 3; at += 1) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
