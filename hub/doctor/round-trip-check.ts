/** Whether a call of an AI client gets through: adapter, hub, answer. */
import { existsSync } from "node:fs";
import { messageOf } from "../../hub-client/node-errors.ts";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import { adapterPath } from "../cli/package-root.ts";
import { callThroughAdapter } from "./adapter-call.ts";
import { type Check, note, ok, problem, warning } from "./finding.ts";

const DEADLINE_MS = 20_000;
const REINSTALL = "npm install -g godot-mcp-hub@latest";

/** A call through a real adapter. */
export const roundTripCheck: Check = {
  name: "round trip",
  examine: async ({ running, config, env }) => {
    const program = adapterPath();
    if (!existsSync(program)) return [problem(`The adapter ${program} is missing.`, REINSTALL)];
    if (!running) return [note("No call was tried, since no hub runs.", "godot-hub doctor --start")];
    const startedAt = performance.now();
    try {
      const { version, text, isError } = await callThroughAdapter(
        program,
        { ...env, GODOT_HUB_HOME: config.home },
        DEADLINE_MS,
      );
      const [firstLine = ""] = text.split("\n");
      if (isError)
        return [problem(`A call through the adapter fails: ${text.replaceAll("\n", " ")}`, "godot-hub status")];
      if (version !== PRODUCT_VERSION)
        return [warning(`The adapter is of version ${version}, this is ${PRODUCT_VERSION}.`, REINSTALL)];
      return [ok(`A call through the adapter took ${Math.round(performance.now() - startedAt)} ms: ${firstLine}`)];
    } catch (error) {
      const cause = messageOf(error);
      return [problem(`A call through the adapter does not come back: ${cause}`, "godot-hub logs")];
    }
  },
};
