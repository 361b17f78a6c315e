/** Whether a hub runs and lets this user in; when none does, whether its port is free. */
import { probeHub } from "../../hub-client/probe.ts";
import { describeHub } from "../../hub-client/running-hub.ts";
import type { HubConfig } from "../config.ts";
import { endpointUrl } from "../endpoint-url.ts";
import { type Check, type Examination, type Finding, note, ok, problem, warning } from "./finding.ts";

/** The hub, or the port that it would listen on. */
export const hubCheck: Check = {
  name: "hub",
  examine: async (examination) => {
    const { running, stale, config } = examination;
    if (running) return ofRunning(examination);
    const port = await ofPort(config);
    if (stale === undefined) return [port];
    // Whatever the next hub needs in order to start.
    const start = port.mend ?? "godot-hub start";
    return [note("A hub that is gone has left its hub.json; the next one replaces it.", start), port];
  },
};

function ofRunning({ running, isSilent, refusal, config }: Examination): Finding[] {
  if (!running) return [];
  if (isSilent) {
    return [problem(`A hub runs and does not answer: ${describeHub(running)}.`, "godot-hub stop && godot-hub start")];
  }
  if (refusal !== undefined) return [problem(refusal, "godot-hub stop && godot-hub start")];
  const findings = [ok(`A hub runs: ${describeHub(running)}${running.service ? ", as a service" : ""}.`)];
  if (config.port !== 0 && config.port !== running.port) {
    findings.push(
      note(`It listens on port ${running.port}; here ${config.port} is configured, which the next one takes.`),
    );
  }
  return findings;
}

async function ofPort(config: HubConfig): Promise<Finding> {
  const { port } = config;
  if (port === 0) return note("No hub runs: the first AI client starts one.");
  const holder = await probeHub(endpointUrl(config, port));
  const elsewhere = "godot-hub start --port 0";
  if (holder === "nothing") return note(`No hub runs, and its port ${port} is free: the first AI client starts one.`);
  if (holder === "hub") return problem(`Port ${port} belongs to a hub with another state directory.`, elsewhere);
  if (holder === "foreign") return problem(`Port ${port} belongs to another program.`, elsewhere);
  return warning(`Something listens on port ${port} and says nothing: a hub that is starting, or no hub.`, elsewhere);
}
