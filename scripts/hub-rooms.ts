/** The rooms of the hub in the order of their imports, and the diagram of them in docs/architecture.md. */
import { type SourceFile, sourceFiles } from "../test/architecture/source-files.ts";

/** One room: a folder of the hub, or files at its root. */
export interface Room {
  readonly name: string;
  /** Files of the hub's root that stand for it; absent for a folder of that name. */
  readonly files?: readonly string[];
  /** Only watches: no other room knows it but those that compose or show the hub. */
  readonly isObserver?: true;
}

/** From left to right: each room imports only itself and rooms before it. */
export const ROOMS: readonly Room[] = [
  {
    name: "configuration",
    files: [
      "bounds.ts",
      "config.ts",
      "config-options.ts",
      "endpoint-url.ts",
      "hub-options.ts",
      "logger.ts",
      "with-timeout.ts",
    ],
  },
  { name: "access" },
  { name: "connections" },
  { name: "clients" },
  { name: "policy" },
  { name: "scheduling" },
  { name: "routing" },
  { name: "launching" },
  { name: "methods" },
  { name: "audit", isObserver: true },
  { name: "events", isObserver: true },
  { name: "watching", isObserver: true },
  { name: "dashboard", isObserver: true },
  { name: "hub.ts", files: ["hub.ts"] },
  { name: "install" },
  { name: "service" },
  { name: "doctor" },
  { name: "cli" },
  { name: "main.ts", files: ["main.ts"] },
];

/** Rooms that may know an observer: they compose the hub, or show what it has written. */
export const READERS_OF_OBSERVERS: ReadonlySet<string> = new Set(["hub.ts", "cli"]);

/** An import that leads from one room into another. */
export interface Crossing {
  readonly from: Room;
  readonly to: Room;
  /** `<file> imports <file>`. */
  readonly text: string;
}

const [BEGIN, END] = ["<!-- hub rooms: npm run generate -->", "<!-- /hub rooms -->"];

/** The room of a file of the hub; undefined for files outside it. */
export function roomOf(path: string): Room | undefined {
  const [floor, first = "", ...rest] = path.split("/");
  if (floor !== "hub") return undefined;
  return ROOMS.find(({ name, files }) => (rest.length === 0 ? files?.includes(first) : !files && name === first));
}

/** Every import between two rooms of the hub. */
export function crossings(files: readonly SourceFile[] = sourceFiles("hub")): Crossing[] {
  return files.flatMap(({ path, ownImports }) =>
    ownImports.flatMap((imported) => {
      const [from, to] = [roomOf(path), roomOf(imported)];
      return from && to && from !== to ? [{ from, to, text: `${path} imports ${imported}` }] : [];
    }),
  );
}

/** `document` with its diagram as the imports have it. @throws when it has no place for one. */
export function withRooms(document: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new RangeError(`There is no '${BEGIN}' before a '${END}'.`);
  return `${document.slice(0, begin + BEGIN.length)}\n${diagram()}\n${document.slice(end)}`;
}

/** A flowchart in which an arrow means "imports". An import that longer ways imply is left out. */
function diagram(): string {
  const imports = new Map(ROOMS.map((room) => [room.name, new Set<string>()]));
  for (const { from, to } of crossings()) imports.get(from.name)?.add(to.name);
  const lines = ROOMS.flatMap(({ name }) => {
    const direct = [...(imports.get(name) ?? [])];
    const implied = new Set(direct.flatMap((each) => [...reached(each, imports)]));
    return direct.filter((each) => !implied.has(each)).map((each) => `  ${label(name)} --> ${label(each)}`);
  });
  return ["```mermaid", "flowchart RL", ...lines.toReversed(), "```"].join("\n");
}

/** All rooms that `name` imports by way of others. */
function reached(name: string, imports: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const all = new Set<string>();
  const visit = (each: string): void => {
    for (const next of imports.get(each) ?? []) {
      if (all.has(next)) continue;
      all.add(next);
      visit(next);
    }
  };
  visit(name);
  return all;
}

function label(name: string): string {
  const id = name.replace(/\W/g, "_");
  return ROOMS.find((room) => room.name === name)?.isObserver ? `${id}([${name}])` : `${id}[${name}]`;
}
