/** A class reference that can be searched and looked up: entries, and an index over them. */
import type MiniSearch from "minisearch";
import type { AsPlainObject, SearchOptions } from "minisearch";
import { nearNames } from "../params/near-names.ts";
import { FILLERS } from "../texts/filler-words.ts";
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
/** How much of a word may be wrong; numbers and short words have too many neighbours. */
const fuzzyFrom = (length: number, share: number) => (term: string) => (term.length >= length ? share : false);
/** Classes are what one looks for first, constants last. */
const KIND_BOOST = { class: 1.6, property: 1.2, method: 1.2, signal: 1.1, function: 1.2, constant: 0.6 };
/** For a kind that the question names. */
const NAMED_KIND = 4;
/** Where so many entries have every word, those that have only some of them are left out. */
const ENOUGH = 8;

/** What is kept on disk. */
export interface StoredReference {
  readonly entries: readonly DocEntry[];
  readonly index: AsPlainObject;
}

export class ClassReference {
  readonly #entries: readonly DocEntry[];
  readonly #byName: ReadonlyMap<string, DocEntry>;
  /** By what a member is called in its class. */
  readonly #byMember: ReadonlyMap<string, readonly DocEntry[]>;
  readonly #index: MiniSearch<Indexed>;
  readonly #ways: readonly WayToSearch[];

  private constructor(entries: readonly DocEntry[], index: MiniSearch<Indexed>, words: ReadonlySet<string>) {
    this.#entries = entries;
    this.#byName = new Map(entries.map((entry) => [entry.name.toLowerCase(), entry]));
    this.#byMember = groupedByMember(entries);
    this.#index = index;
    this.#ways = waysToSearch(words);
  }

  /** Indexes entries, in slices: others are served in between. */
  static async build(entries: readonly DocEntry[]): Promise<ClassReference> {
    const { default: Search } = await import("minisearch");
    const index = new Search<Indexed>(OPTIONS);
    await index.addAllAsync(entries.map(indexed), { chunkSize: 500 });
    return new ClassReference(entries, index, wordsIn(index.toJSON()));
  }

  /** Takes up what `stored` has given. */
  static async load({ entries, index }: StoredReference): Promise<ClassReference> {
    const { default: Search } = await import("minisearch");
    return new ClassReference(entries, Search.loadJS<Indexed>(index, OPTIONS), wordsIn(index));
  }

  get stored(): StoredReference {
    return { entries: this.#entries, index: this.#index.toJSON() };
  }

  /**
   * What fits `query` best, best first: members of just that name, what has every word, then what has some of them. A word such as
   * "signal" says which kind is meant.
   */
  search(query: string, limit: number): DocEntry[] {
    const { words, kinds } = askedFor(query);
    const boostDocument = (id: number) => {
      const kind = this.#entries[id]?.kind ?? "constant";
      return KIND_BOOST[kind] * (kinds.has(kind) ? NAMED_KIND : 1);
    };
    const spelled = [query, words].map((each) => each.trim().toLowerCase().replaceAll(/\s+/g, "_"));
    const found = new Set(spelled.flatMap((member) => this.#byMember.get(member) ?? []));
    for (const [way, enough] of this.#ways) {
      if (found.size >= enough) continue;
      for (const { id } of this.#index.search(words, { ...way, boostDocument })) {
        const entry = this.#entries[Number(id)];
        if (entry) found.add(entry);
      }
    }
    return [...found].slice(0, limit);
  }

  /** The entry of this name; a member also by a class that inherits it. */
  find(name: string): DocEntry | undefined {
    const own = this.#byName.get(name.toLowerCase());
    const dot = name.indexOf(".");
    if (own || dot < 0) return own;
    const parent = this.#byName.get(name.slice(0, dot).toLowerCase())?.signature;
    return parent ? this.find(`${parent}${name.slice(dot)}`) : undefined;
  }

  /** Names that are like one that there is not. */
  near(name: string, limit: number): string[] {
    const dot = name.indexOf(".");
    const owner = dot < 0 ? undefined : this.find(name.slice(0, dot));
    if (!owner) return this.search(name, limit).map((entry) => entry.name);
    const members = this.#lineOf(owner).flatMap(({ name: each }) => this.membersOf(each));
    return nearNames(name.slice(dot + 1), [...new Set(members.map((each) => memberOf(each.name)))], limit).map(
      (member) => `${owner.name}.${member}`,
    );
  }

  /** A class and those that it inherits. */
  #lineOf(entry: DocEntry): DocEntry[] {
    const parent = this.#byName.get(entry.signature.toLowerCase());
    return parent ? [entry, ...this.#lineOf(parent)] : [entry];
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

/** How to search, unless so many have been found before. */
type WayToSearch = readonly [options: SearchOptions, enough: number];

/** One after the other: every word has to fit; then some of them; then, when nothing has fitted, more errors are forgiven. */
function waysToSearch(known: ReadonlySet<string>): WayToSearch[] {
  const common = {
    boost: { name: 4, words: 3 },
    processTerm: (term: string) => (FILLERS.has(term.toLowerCase()) ? null : term.toLowerCase()),
  };
  const unless =
    <T>(choose: (term: string) => T) =>
    (term: string) =>
      known.has(term) ? false : choose(term);
  // A short word that there is begins thousands of others: "get", "set".
  const prefix = (term: string) => term.length > 3 || (term.length > 2 && !known.has(term));
  const begun = unless((term) => term.length > 2);
  const fuzzy = unless(fuzzyFrom(5, 0.2));
  return [
    [{ ...common, prefix, fuzzy, combineWith: "AND" }, ENOUGH],
    [{ ...common, prefix: begun, fuzzy, combineWith: "OR" }, ENOUGH],
    [{ ...common, prefix: begun, fuzzy: unless(fuzzyFrom(4, 0.4)), combineWith: "OR" }, 1],
  ];
}

function wordsIn({ index }: AsPlainObject): ReadonlySet<string> {
  return new Set(index.map(([word]) => word));
}

const KIND_WORDS: ReadonlyMap<string, DocEntry["kind"]> = new Map([
  ["class", "class"],
  ["property", "property"],
  ["method", "method"],
  ["signal", "signal"],
  ["constant", "constant"],
  ["function", "function"],
]);

/** A question without the words that say which kind is meant, unless it has no others. */
function askedFor(query: string): { words: string; kinds: ReadonlySet<DocEntry["kind"]> } {
  const given = query.split(/\s+/).filter(Boolean);
  const rest = given.filter((word) => !KIND_WORDS.has(word.toLowerCase()));
  if (rest.length === 0) return { words: query, kinds: new Set() };
  return { words: rest.join(" "), kinds: new Set(given.flatMap((word) => KIND_WORDS.get(word.toLowerCase()) ?? [])) };
}

function groupedByMember(entries: readonly DocEntry[]): ReadonlyMap<string, DocEntry[]> {
  const groups = new Map<string, DocEntry[]>();
  for (const entry of entries) {
    const member = memberOf(entry.name);
    const group = groups.get(member);
    if (group) group.push(entry);
    else groups.set(member, [entry]);
  }
  return groups;
}

function memberOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}
