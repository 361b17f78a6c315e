/** A class reference that can be searched and looked up: entries, and an index over them. */
import type MiniSearch from "minisearch";
import type { SearchResult } from "minisearch";
import type { DocEntry } from "./doc-entries.ts";

interface Indexed {
  readonly id: number;
  readonly name: string;
  readonly words: string;
  readonly text: string;
}

/** How much of a text is indexed, in characters: its first sentences say what a thing is for. */
const INDEXED_TEXT = 240;

const OPTIONS = {
  fields: ["name", "words", "text"],
  tokenize: (text: string) => text.split(/[^\p{L}\p{N}_]+/u).filter(Boolean),
};
const SEARCH = {
  boost: { name: 4, words: 3 },
  prefix: (term: string) => term.length > 2,
  // Numbers and short words have too many neighbours.
  fuzzy: (term: string) => (term.length > 4 ? 0.2 : false),
  combineWith: "AND" as const,
};
/** For words that nothing is like otherwise: two letters that changed places are two errors. */
const LENIENT = { fuzzy: (term: string) => (term.length > 3 ? 0.4 : false), combineWith: "OR" as const };
/** Classes are what one looks for first, constants last. */
const KIND_BOOST = { class: 1.6, property: 1.2, method: 1.2, signal: 1.1, function: 1.2, constant: 0.6 };

/** What is kept on disk. */
export interface StoredReference {
  readonly entries: readonly DocEntry[];
  readonly index: unknown;
}

export class ClassReference {
  readonly #entries: readonly DocEntry[];
  readonly #byName: ReadonlyMap<string, DocEntry>;
  readonly #index: MiniSearch<Indexed>;

  private constructor(entries: readonly DocEntry[], index: MiniSearch<Indexed>) {
    this.#entries = entries;
    this.#byName = new Map(entries.map((entry) => [entry.name.toLowerCase(), entry]));
    this.#index = index;
  }

  /** Indexes entries, in slices: others are served in between. */
  static async build(entries: readonly DocEntry[]): Promise<ClassReference> {
    const { default: Search } = await import("minisearch");
    const index = new Search<Indexed>(OPTIONS);
    await index.addAllAsync(entries.map(indexed), { chunkSize: 500 });
    return new ClassReference(entries, index);
  }

  /** Takes up what `stored` has given. */
  static async load({ entries, index }: StoredReference): Promise<ClassReference> {
    const { default: Search } = await import("minisearch");
    return new ClassReference(entries, Search.loadJS(index as never, OPTIONS));
  }

  get stored(): StoredReference {
    return { entries: this.#entries, index: this.#index.toJSON() };
  }

  /** What fits `query` best, best first; every word has to fit, unless nothing has them all, and then more errors are forgiven. */
  search(query: string, limit: number): DocEntry[] {
    const boostDocument = (id: number) => KIND_BOOST[this.#entries[id]?.kind ?? "constant"];
    const ways = [{}, { combineWith: "OR" as const }, LENIENT];
    const found = ways.reduce<SearchResult[]>(
      (fitting, way) =>
        fitting.length > 0 ? fitting : this.#index.search(query, { ...SEARCH, boostDocument, ...way }),
      [],
    );
    return found.slice(0, limit).flatMap(({ id }) => this.#entries[Number(id)] ?? []);
  }

  /** The entry of this name; a member also by a class that inherits it. */
  find(name: string): DocEntry | undefined {
    const own = this.#byName.get(name.toLowerCase());
    const dot = name.indexOf(".");
    if (own || dot < 0) return own;
    const parent = this.#byName.get(name.slice(0, dot).toLowerCase())?.signature;
    return parent ? this.find(`${parent}${name.slice(dot)}`) : undefined;
  }

  /** What a class has itself, without what it inherits. */
  membersOf(name: string): DocEntry[] {
    return this.#entries.filter((entry) => entry.name.startsWith(`${name}.`));
  }
}

function indexed({ name, text }: DocEntry, id: number): Indexed {
  return { id, name: name.replace(".", " "), words: wordsOf(name), text: text.slice(0, INDEXED_TEXT) };
}

/** "Sprite 2D" for `Sprite2D`, "add child" for `add_child`. */
function wordsOf(name: string): string {
  return name.replace(/([a-z])([A-Z0-9])/g, "$1 $2").replace(/[._]/g, " ");
}
