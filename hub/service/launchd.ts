/** The hub as a user agent of launchd, macOS's service manager: launchd.plist(5). */
import { join } from "node:path";
import { build } from "plist";
import {
  type RunProgram,
  SERVICE_MARK,
  type ServiceDefinition,
  ServiceError,
  type ServiceOwner,
  type ServiceState,
  type SystemService,
} from "./system-service.ts";

const LABEL = "godot-mcp-hub";

/** The user agent, as `launchctl` manages it. @throws {ServiceError} for what only systemd can do. */
export function launchd(definition: ServiceDefinition, owner: ServiceOwner): SystemService {
  if (definition.sockets) throw new ServiceError("--socket-activation needs systemd: launchd passes no descriptors.");
  if (definition.writable) throw new ServiceError("--confine needs systemd: launchd confines no user agent.");
  const path = join(owner.homeFolder, "Library", "LaunchAgents", `${LABEL}.plist`);
  const domain = `gui/${owner.user}`;
  const target = `${domain}/${LABEL}`;
  const unload = { argv: ["launchctl", "bootout", target], mayFail: true };
  return {
    title: "launchd user agent",
    files: [{ path, text: propertyList(definition), encoding: "utf8" }],
    obsolete: [],
    installSteps: [
      unload,
      { argv: ["launchctl", "enable", target] },
      // The one before takes a moment to be gone, and until then this is refused.
      { argv: ["launchctl", "bootstrap", domain, path], patient: true },
    ],
    uninstallSteps: [unload],
    afterRemoval: [],
    stopsCleanly: true,
    hint: "It starts when you log in, and ends when you log out.",
    readState: (run) => readState(run, target),
  };
}

function readState(run: RunProgram, target: string): ServiceState {
  const { code, stdout } = run(["launchctl", "print", target]);
  const pid = Number(/^\s*pid = (\d+)/m.exec(stdout)?.[1]) || undefined;
  return { enabled: code === 0, running: pid !== undefined, pid };
}

function propertyList({ program, env, home, stopTimeoutMs }: ServiceDefinition): string {
  const text = build({
    Label: LABEL,
    ProgramArguments: [...program],
    WorkingDirectory: home,
    EnvironmentVariables: { ...env },
    RunAtLoad: true,
    // Started again after a crash, but not after `godot-hub stop`.
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 5,
    ExitTimeOut: Math.ceil(stopTimeoutMs / 1_000),
    // Editors that the hub has launched outlive it.
    AbandonProcessGroup: true,
    StandardOutPath: join(home, "service.log"),
    StandardErrorPath: join(home, "service.log"),
  });
  return `${text.replace("<plist ", `<!-- ${SERVICE_MARK}. -->\n<plist `)}\n`;
}
