/** `godot-hub service`: what its subcommands are called with. */
import type { Command } from "commander";
import { ownerOf, serviceOn } from "../service/platform-service.ts";
import { runProgram } from "../service/run-program.ts";
import { ServiceError } from "../service/system-service.ts";
import { CliError, EXIT_CODES } from "./exit-codes.ts";
import { addHubOptions, configOf } from "./options.ts";
import {
  describeInstallation,
  installService,
  type ServiceContext,
  serviceStatus,
  uninstallService,
} from "./service.ts";
import { requireInstallable, serviceDefinition } from "./service-definition.ts";
import type { Exit, Surroundings } from "./surroundings.ts";

interface InstallFlags {
  dryRun?: boolean;
  socketActivation?: boolean;
  /** `true` without folders. */
  confine?: string[] | true;
}

/** Adds the commands that make the hub a service. */
export function addService(program: Command, surroundings: Surroundings, exit: Exit): void {
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
        requireInstallable(surroundings.self);
        const context = contextOf(command, surroundings, flags);
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
        const context = contextOf(command, surroundings, {});
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
        exit.code = await serviceStatus(contextOf(command, surroundings, {}), json);
      }),
    );
}

function contextOf(command: Command, { self, terminal }: Surroundings, flags: InstallFlags): ServiceContext {
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
