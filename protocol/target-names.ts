/** Resolves the names of editors and games: hub and adapter both look up targets by them. */

/** The names of an instance. */
export interface Named {
  /** Unique: `coin-runner@0286`, `coin-runner@0286.game`. */
  readonly name: string;
  /** Undefined for a game: a target means it only by its name. */
  readonly project: { readonly name?: string | undefined; readonly path?: string | undefined } | undefined;
}

/** A text as a part of a name: small letters, and `-` for other characters. Empty if none is left. */
export function slug(text: string): string {
  const clean = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._@-]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return clean.slice(0, 60);
}

/** The name without the part that differs between processes: `coin-runner` for `coin-runner@0286`, `coin-runner.game` for `coin-runner@0286.game`. */
export function shortName(name: string): string {
  return name.replace(/@[0-9a-f]{4,}(?=$|[.-])/, "");
}

/** True if `target` is the short name of an instance, or its project's name or folder in any spelling. */
export function isShortFor(target: string, { name, project }: Named): boolean {
  const spoken = slug(target);
  if (spoken === "") return false;
  const folder = project?.path?.replace(/[\\/]+$/, "").replace(/^.*[\\/]/, "");
  const names = [shortName(name), project?.name, folder];
  return names.some((each) => each !== undefined && slug(each) === spoken);
}
