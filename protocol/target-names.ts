/** Under which names an editor or a game may be asked for: both the hub and the adapter look for what is meant by them. */

/** What of an instance has a name. */
export interface Named {
  /** Unique: `coin-runner@0286`, `coin-runner@0286.game`. */
  readonly name: string;
  /** Undefined for a game: it is asked for by its own name alone. */
  readonly project: { readonly name?: string | undefined; readonly path?: string | undefined } | undefined;
}

/** A text as a part of a name: small letters, and `-` for what a name can't have. Empty where nothing is left. */
export function slug(text: string): string {
  const clean = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._@-]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return clean.slice(0, 60);
}

/** The name without what tells one process from another: `coin-runner` for `coin-runner@0286`, `coin-runner.game` for `coin-runner@0286.game`. */
export function shortName(name: string): string {
  return name.replace(/@[0-9a-f]{4,}(?=$|[.-])/, "");
}

/** True where `target` is the short name of an instance, or its project's name or folder but for spelling. */
export function isShortFor(target: string, { name, project }: Named): boolean {
  const spoken = slug(target);
  if (spoken === "") return false;
  const folder = project?.path?.replace(/[\\/]+$/, "").replace(/^.*[\\/]/, "");
  const names = [shortName(name), project?.name, folder];
  return names.some((each) => each !== undefined && slug(each) === spoken);
}
