/** What the doctor finds, and what it looks at. */

import type { HubFile } from "../../hub-client/state-dir.ts";
import type { InstanceInfo } from "../../protocol/hub-methods.ts";
import type { HubConfig } from "../config.ts";

/** `note`: worth knowing; `warning`: something may go wrong; `problem`: something does not work. */
export type Level = "ok" | "note" | "warning" | "problem";

/** One thing that was found. */
export interface Finding {
  level: Level;
  what: string;
  /** The command that mends it. */
  mend?: string;
}

/** The machine as the doctor found it. Nothing here is changed by looking. */
export interface Examination {
  config: HubConfig;
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  /** As `process.version` says it. */
  nodeVersion: string;
  /** Projects that were named, or that the working directory is in. */
  projects: readonly string[];
  /** Arguments of node that start this program. */
  self: readonly string[];
  /** The hub that runs, and text of a hub.json that a hub which is gone has left. */
  running: HubFile | undefined;
  stale: string | undefined;
  /** The process of the hub that runs lives, and does not answer. */
  isSilent?: boolean;
  /** Instances of the hub that runs; undefined when it could not be asked. */
  instances: readonly InstanceInfo[] | undefined;
  /** Why the hub that runs could not be asked. */
  refusal: string | undefined;
}

/** One thing to look at. */
export interface Check {
  name: string;
  examine(examination: Examination): Finding[] | Promise<Finding[]>;
}

/** All is well with it. */
export const ok = (what: string): Finding => ({ level: "ok", what });
/** Worth knowing. */
export const note = (what: string, mend?: string): Finding => finding("note", what, mend);
/** Something may go wrong. */
export const warning = (what: string, mend?: string): Finding => finding("warning", what, mend);
/** Something does not work. */
export const problem = (what: string, mend?: string): Finding => finding("problem", what, mend);

function finding(level: Level, what: string, mend: string | undefined): Finding {
  return mend === undefined ? { level, what } : { level, what, mend };
}
