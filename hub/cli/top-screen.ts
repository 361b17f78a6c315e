/** What `godot-hub top` shows, as lines that fit a terminal. */

import { milliseconds, span } from "../../hub-client/durations.ts";
import type { CommandRow } from "../../protocol/activity.ts";
import { count, perSecond, timeOfDay } from "../dashboard/page/format.ts";
import { type KnownInstance, type Model, stateOf } from "../dashboard/page/model.ts";
import { cut, table } from "./terminal.ts";

/** Room on the terminal, in characters; unlimited where a file takes the text. */
interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** One table: as many of its rows are shown as there is room for. */
interface Section {
  readonly heading: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Lines of a section beside its rows: its heading, and the empty one above. */
const SECTION_LINES = 2;
/** Rows of the table of commands that are worth having: the others only get what is there. */
const MAX_COMMANDS = 12;
const BARS = "▁▂▃▄▅▆▇█";
const BAR_COUNT = 20;

/** The whole screen, from top to bottom. `foot` is its last line. */
export function screenLines(model: Model, size: ScreenSize, foot = ""): string[] {
  const head = headLines(model);
  const sections = [instances(model), clients(model), leases(model), commands(model)].filter(({ rows }) => rows.length);
  const footLines = foot === "" ? [] : [foot];
  const free = size.rows - head.length - footLines.length - sections.length * SECTION_LINES;
  const room = shareOut(
    sections.map(({ rows }) => rows.length),
    Math.max(0, free),
  );
  const body = sections.flatMap((section, index) => sectionLines(section, room[index] ?? 0));
  const lines = [...head, ...body].slice(0, size.rows - footLines.length);
  const blank = Number.isFinite(size.rows) ? size.rows - lines.length - footLines.length : 0;
  return [...lines, ...Array.from({ length: blank }, () => ""), ...footLines].map((line) => cut(line, size.columns));
}

/** Divides `free` lines among those who need some: nobody gets more than asked, and what one leaves goes to the others. */
export function shareOut(needs: readonly number[], free: number): number[] {
  const given = needs.map(() => 0);
  let left = free;
  for (let hungry = needs.length; left > 0 && hungry > 0; ) {
    hungry = 0;
    for (const [index, need] of needs.entries()) {
      if (left === 0 || (given[index] ?? 0) >= need) continue;
      given[index] = (given[index] ?? 0) + 1;
      left -= 1;
      hungry += 1;
    }
  }
  return given;
}

function headLines(model: Model): string[] {
  const { latest } = model;
  if (!latest) return ["godot-hub: waiting for the first report"];
  const { hub, rate, periodMs, at } = latest;
  const { inFlight, queued } = model.load;
  const agents = [...model.clients.values()].filter(({ clientType }) => clientType === "mcp").length;
  return [
    `godot-hub ${hub.version}, pid ${hub.pid}, up ${span(Date.parse(at) - Date.parse(hub.startedAt))}, ${timeOfDay(at)}`,
    `${count(model.instances.size, "instance")}, ${count(model.clients.size, "client")} (${count(agents, "agent")}), ${count(hub.counters.answered, "command")} in all`,
    `${perSecond(rate.answered, periodMs)}/s ${bars(model.rate.values)}  p50 ${milliseconds(rate.p50Ms)}  p95 ${milliseconds(rate.p95Ms)}  ${inFlight} running  ${queued} waiting  ${rate.failed} failed`,
  ];
}

function instances(model: Model): Section {
  const busiest = [...model.instances.values()].toSorted((a, b) => loadOf(b) - loadOf(a) || byName(a, b));
  return {
    heading: ["INSTANCE", "STATE", "RUN/WAIT", "PER S", "LATENCY", "DRIVEN BY"],
    rows: busiest.map((instance) => rowOf(model, instance)),
  };
}

function rowOf(model: Model, instance: KnownInstance): string[] {
  const { row, load, lastMs } = instance;
  return [
    row.name,
    stateOf(instance),
    `${load.inFlight}/${load.queued}`,
    perSecond(load.answered, model.latest?.periodMs ?? 0),
    milliseconds(lastMs),
    model.agentsOf(row.id).join(", ") || "-",
  ];
}

function clients(model: Model): Section {
  const all = [...model.clients.values()].toSorted((a, b) => b.pending - a.pending || a.name.localeCompare(b.name));
  return {
    heading: ["CLIENT", "TYPE", "DRIVES", "PENDING"],
    rows: all.map(({ name, clientType, drives, target, pending }) => [
      name,
      clientType,
      (drives === null ? undefined : model.instances.get(drives)?.row.name) ?? target ?? "-",
      String(pending),
    ]),
  };
}

function leases(model: Model): Section {
  return {
    heading: ["LEASE", "INSTANCE", "HELD BY", "LAPSES IN"],
    rows: model.leases.map(({ resource, instanceId, holder, until }) => [
      resource,
      model.instances.get(instanceId)?.row.name ?? "-",
      holder,
      span(Date.parse(until) - Date.now()),
    ]),
  };
}

function commands(model: Model): Section {
  return {
    heading: ["TIME", "COMMAND", "AGENT", "INSTANCE", "TOOK", "OUTCOME"],
    rows: model.commands.slice(0, MAX_COMMANDS).map(commandCells),
  };
}

function commandCells({ at, command, client, instance, durationMs, outcome, message }: CommandRow): string[] {
  const end = message === undefined ? outcome : `${outcome}: ${message}`;
  return [timeOfDay(at), command, client, instance ?? "-", milliseconds(durationMs), end];
}

function sectionLines({ heading, rows }: Section, room: number): string[] {
  if (room === 0) return [];
  // The last line says how many more there are.
  const shown = rows.length <= room ? rows : rows.slice(0, Math.max(0, room - 1));
  const more = rows.length - shown.length;
  const cells = [heading, ...shown].map((row) => row.map(plain));
  return ["", ...table(cells).split("\n"), ...(more > 0 ? [`... and ${more} more`] : [])];
}

/** Names come from strangers: nothing in them may steer the terminal. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
}

function bars(values: readonly number[]): string {
  const shown = values.slice(-BAR_COUNT);
  const top = Math.max(1, ...shown);
  return shown.map((value) => BARS[Math.round((value / top) * (BARS.length - 1))]).join("");
}

function loadOf({ load }: KnownInstance): number {
  return load.inFlight + load.queued;
}

function byName(a: KnownInstance, b: KnownInstance): number {
  return a.row.name.localeCompare(b.row.name);
}
