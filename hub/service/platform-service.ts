/** Which service manager a platform has. */
import { userInfo } from "node:os";
import { userFolder } from "../../hub-client/state-dir.ts";
import { launchd } from "./launchd.ts";
import { type ServiceDefinition, ServiceError, type ServiceOwner, type SystemService } from "./system-service.ts";
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
