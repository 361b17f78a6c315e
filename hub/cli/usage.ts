/** `godot-hub usage`: what the tools of each agent have cost in tokens, and what was saved, and which reads editors were spared. */
import type { Command } from "commander";
import type { HubResult } from "../../protocol/hub-methods.ts";
import type { HubConfig } from "../config.ts";
import type { CliContext } from "./context.ts";
import { askHub, requireHub } from "./find-hub.ts";
import { configOf } from "./options.ts";
import { type Terminal, table } from "./terminal.ts";

/** Adds `godot-hub usage`. */
export function addUsage(program: Command, { terminal }: CliContext): void {
  program
    .command("usage")
    .description("show what the tools of each agent have cost in tokens")
    .option("--json", "print JSON")
    .action(({ json = false }: { json?: boolean }, command: Command) => usage(configOf(command), json, terminal));
}

/** @throws {CliError} when no hub runs. */
export async function usage(config: HubConfig, json: boolean, terminal: Terminal): Promise<void> {
  const hub = await requireHub(config.home, "No hub runs: it counts while it does.");
  const report = await askHub(config, hub, (client) => client.request("hub.usage", {}));
  terminal.out(json ? JSON.stringify(report, null, 2) : [describe(report), ...sparedLines(report)].join("\n"));
}

function describe({ since, rows }: HubResult<"hub.usage">): string {
  if (rows.length === 0) return `No tool was called since ${since}.`;
  const lines = rows.map(({ agent, tool, instance, calls, tokens, saved }) => [
    agent,
    tool,
    instance ?? "-",
    String(calls),
    String(tokens),
    String(saved),
  ]);
  const total = rows.reduce((sum, row) => ({ tokens: sum.tokens + row.tokens, saved: sum.saved + row.saved }), {
    tokens: 0,
    saved: 0,
  });
  return [
    `Since ${since}, in tokens, estimated:`,
    table([["AGENT", "TOOL", "INSTANCE", "CALLS", "TOKENS", "SAVED"], ...lines]),
    `All: ${total.tokens} tokens; as raw JSON it would have been ${total.tokens + total.saved}.`,
  ].join("\n");
}

/** Whose answers came without the editor, and of which instance: the model pays for these answers, the editor does not. */
function sparedLines({ spared }: HubResult<"hub.usage">): string[] {
  if (spared.length === 0) return [];
  const lines = spared.map(({ agent, instance, coalesced, cached }) => [
    agent,
    instance,
    String(cached),
    String(coalesced),
  ]);
  return [
    "Reads that no editor had to carry out, answered from memory or with an equal one in flight:",
    table([["AGENT", "INSTANCE", "FROM MEMORY", "SHARED"], ...lines]),
  ];
}
