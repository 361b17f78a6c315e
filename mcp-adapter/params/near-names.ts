/** Names that are the same but for their style, and names that are like a mistyped one. */

/** A name without its case and what stands between its words: `scene-tree`, `sceneTree` and `scene_tree` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** The names of `known` that are most like `name`, best first; none that has little in common with it. */
export function nearNames(name: string, known: readonly string[], limit: number): string[] {
  return known
    .map((candidate) => ({ candidate, likeness: likeness(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter((each) => each.likeness >= 0.35)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** Dice's coefficient of the pairs of neighbouring characters: 0 nothing in common, 1 the same. */
function likeness(a: string, b: string): number {
  if (a === b) return 1;
  const left = pairsOf(a);
  const right = pairsOf(b);
  const shared = [...left].filter((pair) => right.has(pair)).length;
  return (2 * shared) / Math.max(1, left.size + right.size);
}

function pairsOf(word: string): Set<string> {
  const padded = ` ${word} `;
  return new Set(Array.from({ length: padded.length - 1 }, (_, at) => padded.slice(at, at + 2)));
}
