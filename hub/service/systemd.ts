/** The hub as a user service of systemd: its unit, and a socket unit where it is started at the first connection. */
import { join } from "node:path";
import {
  type RunProgram,
  SERVICE_MARK,
  type ServiceDefinition,
  type ServiceOwner,
  type ServiceState,
  type SystemService,
} from "./system-service.ts";

const SERVICE = "godot-mcp-hub.service";
const SOCKET = "godot-mcp-hub.socket";
/** Exit code for an option that is wrong: starting again would not mend it. */
const USAGE = 2;

/**
 * What never stands in the way of an editor that the hub launches, of the games that it plays and of what it exports.
 * Not here, because it would: MemoryDenyWriteExecute (V8 and .NET compile at run time), UMask (projects are shared),
 * RestrictNamespaces (Flatpak), SystemCallArchitectures (export tools of other architectures).
 */
const HARDENING = [
  "NoNewPrivileges=yes",
  "RestrictSUIDSGID=yes",
  "RestrictRealtime=yes",
  "LockPersonality=yes",
  "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
];

/** Folders in which every Godot editor keeps its settings and caches. */
const EDITOR_FOLDERS = ["%h/.config/godot", "%h/.cache/godot", "%h/.local/share/godot"];

/** The user service, as `systemctl --user` manages it. */
export function systemd(definition: ServiceDefinition, owner: ServiceOwner): SystemService {
  const folder = join(owner.env.XDG_CONFIG_HOME || join(owner.homeFolder, ".config"), "systemd", "user");
  const { sockets } = definition;
  const service = { path: join(folder, SERVICE), text: serviceUnit(definition), encoding: "utf8" as const };
  const socket = sockets && { path: join(folder, SOCKET), text: socketUnit(sockets), encoding: "utf8" as const };
  return {
    title: "systemd user service",
    files: socket ? [service, socket] : [service],
    obsolete: socket ? [] : [join(folder, SOCKET)],
    installSteps: installSteps(socket !== undefined),
    uninstallSteps: [
      { argv: systemctl("disable", "--now", SOCKET), mayFail: true },
      { argv: systemctl("disable", "--now", SERVICE), mayFail: true },
    ],
    afterRemoval: [{ argv: systemctl("daemon-reload"), mayFail: true }],
    stopsCleanly: true,
    hint: "It ends when you log out of your last session; `loginctl enable-linger` lets it run without one.",
    readState,
  };
}

function installSteps(isActivated: boolean) {
  const reload = { argv: systemctl("daemon-reload") };
  if (!isActivated) {
    return [
      { argv: systemctl("disable", "--now", SOCKET), mayFail: true },
      reload,
      { argv: systemctl("enable", SERVICE) },
      { argv: systemctl("restart", SERVICE) },
    ];
  }
  // The port must be free before the socket can have it.
  return [
    reload,
    { argv: systemctl("disable", "--now", SERVICE), mayFail: true },
    { argv: systemctl("enable", SOCKET) },
    { argv: systemctl("restart", SOCKET) },
  ];
}

function systemctl(...words: string[]): string[] {
  return ["systemctl", "--user", ...words];
}

function readState(run: RunProgram): ServiceState {
  const enabled = run(systemctl("is-enabled", SERVICE, SOCKET))
    .stdout.split("\n")
    .includes("enabled");
  const { stdout } = run(systemctl("show", SERVICE, "--property=ActiveState,MainPID"));
  const values = new Map(stdout.split("\n").map((line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)]));
  const running = values.get("ActiveState") === "active";
  return { enabled, running, pid: Number(values.get("MainPID")) || undefined };
}

function serviceUnit({ program, env, home, stopTimeoutMs, sockets, writable }: ServiceDefinition): string {
  const variables = Object.entries(env).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`);
  return lines([
    `# ${SERVICE_MARK}.`,
    "[Unit]",
    "Description=Godot MCP hub: AI clients share running Godot editors",
    "# A hub that was started by hand stands in the way for as long as it runs: no number of attempts is too many.",
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=exec",
    `ExecStart=${program.map((word, at) => quoted(at === 0 ? word : word.replaceAll("$", "$$$$"))).join(" ")}`,
    `WorkingDirectory=${escaped(home)}`,
    ...variables,
    "Restart=on-failure",
    "RestartSec=5",
    `RestartPreventExitStatus=${USAGE}`,
    `TimeoutStopSec=${Math.ceil(stopTimeoutMs / 1_000)}`,
    "# Editors that the hub has launched outlive it: what is not saved in them must not go with a hub that is updated.",
    "KillMode=process",
    ...HARDENING,
    ...(writable ? confinement(home, writable) : []),
    ...(sockets ? [] : ["", "[Install]", "WantedBy=default.target"]),
  ]);
}

/** A user's manager does this in a user namespace, which not every machine allows; so it is asked for, not given. */
function confinement(home: string, writable: readonly string[]): string[] {
  const folders = [home, ...writable].map(quoted);
  const ofEditors = EDITOR_FOLDERS.map((folder) => `"-${folder}"`);
  return [
    "PrivateUsers=yes",
    "ProtectSystem=strict",
    `ReadWritePaths=${[...folders, ...ofEditors].join(" ")}`,
    "PrivateTmp=yes",
    "ProtectControlGroups=yes",
    "ProtectKernelTunables=yes",
  ];
}

function socketUnit(sockets: readonly string[]): string {
  return lines([
    `# ${SERVICE_MARK}.`,
    "[Unit]",
    "Description=Godot MCP hub: started at the first connection",
    "",
    "[Socket]",
    ...sockets.map((address) => `ListenStream=${address}`),
    "NoDelay=yes",
    "",
    "[Install]",
    "WantedBy=sockets.target",
  ]);
}

/** One word, as systemd.syntax(7) quotes it, with `%` standing for itself. */
function quoted(word: string): string {
  return `"${escaped(word).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function escaped(text: string): string {
  return text.replaceAll("%", "%%");
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
