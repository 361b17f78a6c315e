/** Whether this Node can run the product. */
import { isOlderVersion } from "../../hub-client/versions.ts";
import manifest from "../../package.json" with { type: "json" };
import { type Check, ok, problem } from "./finding.ts";

/** The version of Node. */
export const nodeCheck: Check = {
  name: "node",
  examine: ({ nodeVersion }) => {
    const needed = manifest.engines.node.replace(/^>=/, "");
    if (!isOlderVersion(nodeVersion, needed)) return [ok(`Node ${nodeVersion}.`)];
    const what = `Node ${nodeVersion} is too old: ${needed} or later is needed.`;
    return [problem(what, "npx -y n lts  # or from https://nodejs.org")];
  },
};
