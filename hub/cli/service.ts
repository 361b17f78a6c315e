/** `godot-hub service`: has the system's service manager start the hub, and says whether it does. */

import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import type { HubFile } from "../../hub-client/state-dir.ts";
import { ensureHome } from "../../hub-client/state-files.ts";
import type { HubConfig } from "../config.ts";
import { ownerOf, runProgram, serviceOn } from "../service/platform-service.ts";
import {
  isOwnFile,
  type RunProgram,
  removeOwnFile,
  ServiceError,
  type Step,
  type SystemService,
  writeOwnFile,
} from "../service/system-service.ts";
import type { CliContext } from "./context.ts";
import { CliError, EXIT_CODES, usingState } from "./exit-codes.ts";
import { describeHub, findHub } from "./find-hub.ts";
import { addHubOptions, configOf } from "./options.ts";
import { requireInstallable, serviceDefinition } from "./service-definition.ts";
import { word } from "./shell-words.ts";
import { stop } from "./stop.ts";
import type { Terminal } from "./terminal.ts";

/** Adds `godot-hub service` and its subcommands. */
export function addService(program: Command, cli: CliContext): void {
  const service = program
    .command("service")
    .description("have the system start the hub: systemd, launchd or the Windows Task Scheduler");
  addHubOptions(service.command("install"))
    .description("start the hub at each login, and again after a failure; repeat it to change options")
    .option("--socket-activation", "systemd listens, and starts the hub at the first connection")
    .option("--confine [folders...]", "systemd lets the hub and its editors write to these folders and its state only")
    .option("--dry-run", "only show the files and commands")
    .action((flags: InstallFlags, command: Command) =>
      saying(async () => {
        requireInstallable(cli.self);
        const context = contextOf(command, cli, flags);
        if (flags.dryRun) describeInstallation(context, false);
        else await installService(context);
      }),
    );
  service
    .command("uninstall")
    .description("end the service and remove its files")
    .option("--dry-run", "only show the files and commands")
    .action(({ dryRun = false }: { dryRun?: boolean }, command: Command) =>
      saying(async () => {
        const context = contextOf(command, cli, {});
        if (dryRun) describeInstallation(context, true);
        else await uninstallService(context);
      }),
    );
  service
    .command("status")
    .description("whether the service is installed, enabled and running, and whether the running hub is its")
    .option("--json", "print JSON")
    .action(({ json = false }: { json?: boolean }, command: Command) =>
      saying(async () => {
        cli.exitCode = await serviceStatus(contextOf(command, cli, {}), json);
      }),
    );
}

interface InstallFlags {
  dryRun?: boolean;
  socketActivation?: boolean;
  /** `true` without folders. */
  confine?: string[] | true;
}

function contextOf(command: Command, { self, terminal }: CliContext, flags: InstallFlags): ServiceContext {
  const config = configOf(command);
  const { socketActivation = false, confine } = flags;
  const writable = confine === true ? [] : confine;
  const definition = serviceDefinition(config, command.optsWithGlobals(), self, { socketActivation, writable });
  const service = serviceOn(process.platform, definition, ownerOf(process.env));
  return { config, service, run: runProgram, terminal };
}

async function saying(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ServiceError) throw new CliError(error.message, EXIT_CODES.USAGE);
    throw error;
  }
}

/** What the subcommands work with. */
interface ServiceContext {
  config: HubConfig;
  service: SystemService;
  run: RunProgram;
  terminal: Terminal;
}

const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 250;

/** Writes the service's files and starts it; a hub of the same service makes room. @throws {CliError} with what failed. */
async function installService({ config, service, run, terminal }: ServiceContext): Promise<void> {
  usingState(config.home, () => ensureHome(config.home));
  const { running } = await findHub(config.home);
  if (running?.service && !service.stopsCleanly) await stop(config, terminal);
  for (const path of service.obsolete) if (removeOwnFile(path)) terminal.out(`Removed ${path}.`);
  for (const file of service.files) {
    writeOwnFile(file);
    terminal.out(`Wrote ${file.path}.`);
  }
  for (const step of service.installSteps) await carryOut(step, run);
  terminal.out(`The hub is a ${service.title} now. ${service.hint}`);
  if (running && !running.service && !running.autoStarted) {
    terminal.out(
      `A hub that was started by hand still runs (${describeHub(running)}): \`godot-hub stop\` lets the service follow it.`,
    );
  }
}

/** Ends the service and removes its files, and only those. @throws {CliError} with what failed. */
async function uninstallService({ config, service, run, terminal }: ServiceContext): Promise<void> {
  const paths = pathsOf(service).filter(isOwnFile);
  if (paths.length === 0) {
    terminal.out("The hub is no service: there is nothing to remove.");
    return;
  }
  const { running } = await findHub(config.home);
  if (running?.service && !service.stopsCleanly) await stop(config, terminal);
  for (const step of service.uninstallSteps) await carryOut(step, run);
  for (const path of paths) {
    removeOwnFile(path);
    terminal.out(`Removed ${path}.`);
  }
  for (const step of service.afterRemoval) await carryOut(step, run);
  terminal.out("The hub is no service any more.");
}

/** Prints what an installation or removal would do, in its order. */
function describeInstallation({ service, terminal }: ServiceContext, isRemoval: boolean): void {
  terminal.out("Dry run: nothing is changed.");
  if (isRemoval) {
    for (const step of service.uninstallSteps) terminal.out(`would run: ${shown(step)}`);
    for (const path of pathsOf(service)) if (isOwnFile(path)) terminal.out(`would remove ${path}`);
    for (const step of service.afterRemoval) terminal.out(`would run: ${shown(step)}`);
    return;
  }
  for (const path of service.obsolete) if (isOwnFile(path)) terminal.out(`would remove ${path}`);
  for (const { path, text } of service.files) {
    terminal.out(
      `would write ${path}:\n${text
        .replace(/^\uFEFF/, "")
        .trimEnd()
        .replace(/^/gm, "  ")}`,
    );
  }
  for (const step of service.installSteps) terminal.out(`would run: ${shown(step)}`);
}

/** What `service status --json` prints. */
interface ServiceReport {
  /** Kind of service. */
  kind: string;
  installed: boolean;
  enabled: boolean;
  running: boolean;
  files: string[];
  /** The hub of this state directory; `isService`: it is the service's. */
  hub: (HubFile & { isService: boolean }) | null;
}

/** Looks at files and service manager, beside the hub that runs; changes nothing. */
export function inspectService(
  { service, run }: Pick<ServiceContext, "service" | "run">,
  running: HubFile | undefined,
): ServiceReport {
  const files = pathsOf(service).filter(isOwnFile);
  const state = files.length > 0 ? service.readState(run) : { enabled: false, running: false, pid: undefined };
  const isService = running?.service === true && (state.pid === undefined || state.pid === running.pid);
  return {
    kind: service.title,
    installed: files.length > 0,
    enabled: state.enabled,
    running: state.running,
    files,
    hub: running ? { ...running, isService } : null,
  };
}

/** @returns the exit code: OK when the service is installed and enabled, and no other hub stands in its place. */
async function serviceStatus(context: ServiceContext, json: boolean): Promise<number> {
  const { running } = await findHub(context.config.home);
  const report = inspectService(context, running);
  context.terminal.out(json ? JSON.stringify(report, null, 2) : describe(report));
  const isWell = report.installed && report.enabled && (report.hub === null || report.hub.isService);
  return isWell ? EXIT_CODES.OK : EXIT_CODES.FAILED;
}

function describe({ kind, installed, enabled, running, files, hub }: ServiceReport): string {
  const service = installed
    ? `${kind}: installed (${files.join(", ")}), ${enabled ? "enabled" : "not enabled"}, ${running ? "running" : "not running"}.`
    : `${kind}: not installed. \`godot-hub service install\` does that.`;
  return `${service}\n${describeHolder(hub)}`;
}

function describeHolder(hub: ServiceReport["hub"]): string {
  if (!hub) return "No hub runs.";
  if (hub.isService) return `The hub that runs is the service's: ${describeHub(hub)}.`;
  return `The hub that runs is not the service's: ${describeHub(hub)}.`;
}

function pathsOf(service: SystemService): string[] {
  return [...service.files.map(({ path }) => path), ...service.obsolete];
}

async function carryOut(step: Step, run: RunProgram): Promise<void> {
  const deadline = performance.now() + (step.patient ? PATIENCE_MS : 0);
  for (;;) {
    const { code, stdout, stderr } = run(step.argv);
    if (code === 0 || step.mayFail) return;
    if (performance.now() >= deadline) {
      const said = (stderr.trim() || stdout.trim()).replace(/\s*\n\s*/g, " ").replace(/\.$/, "");
      throw new CliError(
        `\`${shown(step)}\` failed${code === undefined ? "" : ` with ${code}`}: ${said || "it said nothing"}. What was done until then stays; \`godot-hub service uninstall\` takes it back.`,
      );
    }
    await delay(LOOK_AGAIN_MS);
  }
}

function shown({ argv }: Step): string {
  return argv.map((each) => word(each, process.platform)).join(" ");
}
