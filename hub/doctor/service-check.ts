/** Whether the hub is a service, and whether that service runs this very program. */
import { readFileSync } from "node:fs";
import { inspectService } from "../cli/service.ts";
import { serviceDefinition } from "../cli/service-definition.ts";
import { ownerOf, runProgram, serviceOn } from "../service/platform-service.ts";
import { ServiceError, type SystemService } from "../service/system-service.ts";
import { type Check, type Examination, type Finding, note, ok, problem, warning } from "./finding.ts";

const INSTALL = "godot-hub service install";

/** The service of the system. */
export const serviceCheck: Check = {
  name: "service",
  examine: async (examination) => {
    const service = systemServiceOf(examination);
    if (!service) return [note(`No service manager of ${examination.platform} is known.`)];
    const report = inspectService({ service, run: runProgram }, examination.running);
    if (!report.installed) return [ok("The hub is no service: the first AI client starts it.")];
    const findings: Finding[] = [];
    const [program] = examination.self.slice(-1);
    const texts = report.files.map((path) => readFileSync(path, "utf8")).join("\n");
    if (program !== undefined && examination.platform !== "win32" && !texts.includes(program)) {
      findings.push(problem(`The service runs another program than ${program}.`, INSTALL));
    }
    if (!report.enabled) findings.push(warning("The service is installed, but not enabled.", INSTALL));
    if (report.hub && !report.hub.isService)
      findings.push(note("A hub runs that is not the service's.", "godot-hub stop"));
    return findings.length > 0 ? findings : [ok(`The hub is a ${report.kind}.`)];
  },
};

function systemServiceOf({ config, self, env, platform }: Examination): SystemService | undefined {
  const choices = { socketActivation: false, writable: undefined };
  try {
    return serviceOn(platform, serviceDefinition(config, {}, self, choices, env), ownerOf(env));
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}
