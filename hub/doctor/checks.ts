/** Everything that the doctor looks at, in the order in which it says so. */
import { messageOf } from "../../hub-client/node-errors.ts";
import { clientCheck } from "./client-check.ts";
import { environmentCheck } from "./environment-check.ts";
import { type Check, type Examination, type Finding, problem } from "./finding.ts";
import { godotCheck } from "./godot-check.ts";
import { hubCheck } from "./hub-check.ts";
import { leftoverCheck } from "./leftover-check.ts";
import { nodeCheck } from "./node-check.ts";
import { projectCheck } from "./project-check.ts";
import { roundTripCheck } from "./round-trip-check.ts";
import { serviceCheck } from "./service-check.ts";
import { stateCheck } from "./state-check.ts";
import { tokenCheck } from "./token-check.ts";
import { typedCommand } from "./typed-command.ts";
import { versionCheck } from "./version-check.ts";

const CHECKS: readonly Check[] = [
  nodeCheck,
  environmentCheck,
  stateCheck,
  tokenCheck,
  hubCheck,
  serviceCheck,
  versionCheck,
  godotCheck,
  projectCheck,
  clientCheck,
  leftoverCheck,
  roundTripCheck,
];

/** A finding with the check that made it. */
export type NamedFinding = Finding & { check: string };

/** Looks at everything. A check that fails is a finding itself, and keeps none of the others from being made. */
export async function examineAll(examination: Examination): Promise<NamedFinding[]> {
  const all: NamedFinding[] = [];
  for (const { name, examine } of CHECKS) {
    const findings = await attempt(() => examine(examination));
    for (const { mend, ...finding } of findings) {
      const typed = mend === undefined ? {} : { mend: typedCommand(mend, examination) };
      all.push({ check: name, ...finding, ...typed });
    }
  }
  return all;
}

async function attempt(examine: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await examine();
  } catch (error) {
    return [problem(`This could not be examined: ${messageOf(error)}.`)];
  }
}
