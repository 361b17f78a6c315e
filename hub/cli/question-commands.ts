/** `godot-hub status`, `logs`, `usage`, `audit` and `version`: what they are called with. */
import type { Command } from "commander";
import { PRODUCT_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import { homeDirectory } from "../config.ts";
import { type AuditOptions, audit } from "./audit.ts";
import { logs } from "./logs.ts";
import { configOf, wholeNumber } from "./options.ts";
import { status } from "./status.ts";
import type { Exit, Surroundings } from "./surroundings.ts";
import { usage } from "./usage.ts";

/** Adds the commands that only look. */
export function addQuestions(program: Command, surroundings: Surroundings, exit: Exit): void {
  const { terminal } = surroundings;
  program
    .command("status")
    .description("show the hub, its instances and clients; exit code 1 when no hub runs")
    .option("--json", "print JSON")
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      exit.code = await status(configOf(command), json, terminal);
    });
  addRecords(program, surroundings);
  program
    .command("usage")
    .description("show what the tools of each agent have cost in tokens")
    .option("--json", "print JSON")
    .action(({ json = false }: { json?: boolean }, command: Command) => usage(configOf(command), json, terminal));
  program
    .command("version")
    .description("show the version of hub, protocol and node")
    .action(() =>
      terminal.out(`godot-mcp-hub ${PRODUCT_VERSION}, protocol ${PROTOCOL_VERSION}, node ${process.version}`),
    );
}

/** What the hub has written down. */
function addRecords(program: Command, { terminal }: Surroundings): void {
  program
    .command("logs")
    .description("show the hub's log")
    .option("-f, --follow", "go on with new lines")
    .option("-n, --lines <n>", "lines to begin with", "50")
    .option("--json", "lines as they are in hub.log")
    .action((options: { follow?: boolean; lines: string; json?: boolean }, command: Command) => {
      const { follow = false, json = false } = options;
      const home = homeDirectory(command.optsWithGlobals());
      return logs(
        home,
        { follow, json, lines: wholeNumber("--lines", options.lines) },
        terminal,
        new AbortController().signal,
      );
    });
  program
    .command("audit")
    .description("show who has changed what, and who was refused; no hub need run")
    .option("--since <time>", "from a duration ago (90s, 30m, 1h, 2d) or a point in time (ISO 8601) on")
    .option("--agent <name>", "of this client or AI client, or part of its name")
    .option("--instance <name>", "on this instance or project")
    .option("--command <name>", "this command or method; * for any characters")
    .option("--outcome <outcome>", "ok, error, or the kind of an error such as FORBIDDEN")
    .option("-n, --limit <n>", "how many of the latest", "50")
    .option("-f, --follow", "go on with new entries")
    .option("--json", "one JSON object a line")
    .action((options: Omit<AuditOptions, "limit"> & { limit: string }, command: Command) => {
      const { follow = false, json = false } = options;
      const home = homeDirectory(command.optsWithGlobals());
      const limit = wholeNumber("--limit", options.limit);
      return audit(home, { ...options, follow, json, limit }, terminal, new AbortController().signal);
    });
}
