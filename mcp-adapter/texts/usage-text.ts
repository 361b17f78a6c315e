/** What tools have cost each agent, a line each: with the tools that cost most, and on which instances. */
import type { HubResult } from "../../protocol/hub-methods.ts";

type Usage = Pick<HubResult<"hub.usage">, "rows" | "spared">;
type Row = Usage["rows"][number];

/** Agents and tools that are shown; `godot-hub usage` has them all. */
const AGENTS_SHOWN = 5;
const TOOLS_SHOWN = 4;

/** The lines; none when nothing has been counted. */
export function usageLines({ rows, spared }: Usage): string[] {
  if (rows.length === 0) return [];
  const agents = sums(rows, ({ agent }) => agent);
  const shown = agents.slice(0, AGENTS_SHOWN).map(([agent]) => agentLine(agent, rows) + sparedText(agent, spared));
  const left = agents.length - shown.length;
  return [
    "Tokens used by tools, estimated:",
    ...shown,
    ...(left > 0 ? [`- and ${left} more agents: \`godot-hub usage\` has them all`] : []),
  ];
}

function agentLine(agent: string, all: readonly Row[]): string {
  const rows = all.filter((row) => row.agent === agent);
  const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const tools = sums(rows, ({ tool }) => tool).slice(0, TOOLS_SHOWN);
  const most = tools.map(([tool, tokens]) => `${tool} ${tokens}`).join(", ");
  const instances = [...new Set(rows.flatMap(({ instance }) => instance ?? []))];
  const on = instances.length > 0 ? `; on ${instances.join(", ")}` : "";
  return `- ${agent}: ${sum(({ tokens }) => tokens)} in ${sum(({ calls }) => calls)} calls, ${sum(({ saved }) => saved)} saved: ${most}${on}`;
}

/** How often an agent had its answer without the editor; nothing when never. */
function sparedText(agent: string, spared: Usage["spared"]): string {
  const own = spared.filter((each) => each.agent === agent);
  const cached = own.reduce((total, each) => total + each.cached, 0);
  const coalesced = own.reduce((total, each) => total + each.coalesced, 0);
  if (cached + coalesced === 0) return "";
  return `; ${cached + coalesced} reads without the editor (${cached} kept, ${coalesced} shared)`;
}

/** Tokens by what `nameOf` says, most first. */
function sums(rows: readonly Row[], nameOf: (row: Row) => string): [string, number][] {
  const totals = new Map<string, number>();
  for (const row of rows) totals.set(nameOf(row), (totals.get(nameOf(row)) ?? 0) + row.tokens);
  return [...totals].toSorted(([, a], [, b]) => b - a);
}
