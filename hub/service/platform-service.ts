/** Which service manager a platform has. */

import { spawnSync } from "node:child_process";
import { userInfo } from "node:os";
import { userFolder } from "../../hub-client/state-dir.ts";
import { launchd } from "./launchd.ts";
import {
  type ProgramOutcome,
  type ServiceDefinition,
  ServiceError,
  type ServiceOwner,
  type SystemService,
} from "./system-service.ts";
import { systemd } from "./systemd.ts";
import { taskScheduler } from "./task-scheduler.ts";

const SYSTEMS: Partial<Record<NodeJS.Platform, (definition: ServiceDefinition, owner: ServiceOwner) => SystemService>> =
  { linux: systemd, darwin: launchd, win32: taskScheduler };

/** The service as `platform` has it, with what is to be done for `definition`. @throws {ServiceError} where there is none. */
export function serviceOn(
  platform: NodeJS.Platform,
  definition: ServiceDefinition,
  owner: ServiceOwner,
): SystemService {
  const create = SYSTEMS[platform];
  if (create) return create(definition, owner);
  throw new ServiceError(
    `godot-hub knows no service manager of ${platform}: have yours run \`godot-hub run --service\`.`,
  );
}

/** The user of this process. */
export function ownerOf(env: NodeJS.ProcessEnv): ServiceOwner {
  const { uid, username } = userInfo();
  const domain = env.USERDOMAIN ? `${env.USERDOMAIN}\\` : "";
  return { homeFolder: userFolder(env), user: uid >= 0 ? String(uid) : `${domain}${username}`, env };
}

/** A service manager that hangs is not waited for longer. */
const TIMEOUT_MS = 30_000;

/** Runs `argv` and waits for its end. Its failure is an outcome, not an error. */
export function runProgram(argv: readonly string[]): ProgramOutcome {
  const [program = "", ...args] = argv;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    timeout: TIMEOUT_MS,
    windowsHide: true,
  });
  if (error) return { code: undefined, stdout: stdout ?? "", stderr: error.message };
  return { code: status ?? undefined, stdout, stderr };
}
