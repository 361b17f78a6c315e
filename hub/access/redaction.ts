/** Takes secrets and length out of what is written down: params of commands, messages of errors. */

/** What stands where a secret stood. */
const REDACTED = "[redacted]";

/** Longest text that is kept, in characters. */
const MAX_TEXT = 200;
/** How much of a long text is searched: a secret that begins within what is kept ends within this. */
const SEARCHED_TEXT = 2_000;
const MAX_MEMBERS = 40;
const MAX_DEPTH = 6;

/** Names of members and settings whose values are nobody's business. The addon has the same, and the same looks: texts/secrets.gd. */
export const SECRET_NAME =
  /pass(word|wd|phrase|code)|(?<![a-z])pwd(?![a-z])|secret|token|authori[sz]ation|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key|encryption[-_ ]?key|credential|cookie|bearer|keystore\/.*user/i;
/** Members that say which setting or property a `value` beside them is for. */
const NAMING_MEMBERS = ["name", "key", "setting", "property", "path"];
/** Members whose long hexadecimal values are digests of files, which the next command may have to name. */
const DIGEST_NAME = /hash|digest|revision/i;

/** A name that says so, and the sign that gives it a value. The type between them is GDScript's. */
const ASSIGNMENT = String.raw`(?:pass(?:word|wd|phrase)|(?<![a-z])pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|encryption[-_]?key|credential|keystore/\w{0,20}user)\w{0,40}["']?\s*(?::\s*\w+\s*)?(?::?=|:)\s*`;

/** Secrets by their own looks. */
export const LOOKS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  [/\b(Bearer|Basic|Proof)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/(:\/\/)[^\s/:@]*:[^\s/@]+@/g, `$1${REDACTED}@`],
  [/\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?/g, REDACTED],
  [/\b(sk|pk|rk|gh[oprsu]|github_pat|glpat|xox[abeprs]|npm|hf|dop_v1|whsec)[-_][\w-]{16,}/g, REDACTED],
  [/\b(AKIA|ASIA)[0-9A-Z]{16}\b/g, REDACTED],
  [/\bAIza[\w-]{30,}/g, REDACTED],
  [/\bSG\.[\w-]{16,}\.[\w-]{16,}/g, REDACTED],
  // What is assigned to a name that says so, as in scripts, settings and addresses: the whole of a quoted text, spaces and all.
  [new RegExp(`(${ASSIGNMENT})(["'])(?:(?!\\2|\\n).)+`, "gi"), `$1$2${REDACTED}`],
  [new RegExp(`(${ASSIGNMENT})(?!\\[redacted)[^\\s"'&,;)}\\]]{4,}`, "gi"), `$1${REDACTED}`],
];
/** What each of them has: most texts have none of it, and need no further look. */
export const MAY_BE_SECRET =
  /pass|pwd|secret|token|key|cred|bearer|basic|proof|:\/\/|eyj|aiza|sg\.|a[ks]ia|[a-z\d][-_][\w-]{16}/i;
/** Digits of a hub's token. */
const TOKEN_LENGTH = 64;
/** The looks of a hub's own tokens: those of other hubs, and those that were valid once, too. */
const HUB_TOKEN = /\b[0-9a-f]{64}\b/gi;

/** Shorter secrets are taken out of a sentence only where they are quoted: they stand in other words, too. */
const LEAST_SECRET = 4;
/** So many first characters of a secret are taken for it: errors quote long values cut. */
const SECRET_HEAD = 8;

/** Redacts, knowing the secrets that are valid now. */
export class Redactor {
  readonly #secrets: () => readonly string[];

  /** @param secrets Texts that must never be seen, whatever they look like. */
  constructor(secrets: () => readonly string[] = () => []) {
    this.#secrets = secrets;
  }

  /**
   * A text without secrets, cut where it is long: then it says how much is missing.
   * @param quotable Secrets that it may quote: see `secretsIn`.
   */
  text(text: string, name = "", quotable: readonly string[] = []): string {
    let safe = text.length > SEARCHED_TEXT ? text.slice(0, SEARCHED_TEXT) : text;
    for (const secret of quotable) safe = withoutSecret(safe, secret);
    for (const secret of this.#secrets()) if (secret) safe = safe.replaceAll(secret, REDACTED);
    if (MAY_BE_SECRET.test(safe)) for (const [looks, instead] of LOOKS) safe = safe.replace(looks, instead);
    if (safe.length >= TOKEN_LENGTH && !DIGEST_NAME.test(name)) safe = safe.replace(HUB_TOKEN, REDACTED);
    if (safe.length <= MAX_TEXT && text.length <= SEARCHED_TEXT) return safe;
    return `${safe.slice(0, MAX_TEXT)}… (${text.length} characters)`;
  }

  /** A JSON value without secrets, its long texts, long lists and deep insides cut. */
  value(value: unknown, name = "", depth = 0): unknown {
    if (value === null || typeof value === "boolean" || value === undefined) return value;
    if (SECRET_NAME.test(name)) return REDACTED;
    if (typeof value === "string") return this.text(value, name);
    if (typeof value !== "object") return value;
    if (depth >= MAX_DEPTH) return Array.isArray(value) ? "[…]" : "{…}";
    if (Array.isArray(value)) return this.#list(value, name, depth);
    return this.#members(value, depth);
  }

  #list(list: readonly unknown[], name: string, depth: number): unknown[] {
    const kept = list.slice(0, MAX_MEMBERS).map((item) => this.value(item, name, depth + 1));
    return list.length > MAX_MEMBERS ? [...kept, `… (${list.length} items)`] : kept;
  }

  #members(members: object, depth: number): Record<string, unknown> {
    const entries = Object.entries(members);
    const subject = subjectOf(entries);
    const kept = entries
      .slice(0, MAX_MEMBERS)
      .map(([key, value]) => [this.text(key), this.value(value, key === "value" ? (subject ?? key) : key, depth + 1)]);
    if (entries.length > MAX_MEMBERS) kept.push(["…", `(${entries.length} members)`]);
    return Object.fromEntries(kept);
  }
}

/** Everything in params that is a secret, by the name that it stands under or by its looks: errors quote what they were given. */
export function secretsIn(value: unknown): string[] {
  const found = new Set<string>();
  collect(value, "", found);
  // A secret that is a part of another one goes last.
  return [...found].sort((a, b) => b.length - a.length);
}

function collect(value: unknown, name: string, found: Set<string>): void {
  if (typeof value === "object" && value !== null) collectMembers(value, name, found);
  else if (value === null || typeof value === "boolean" || value === undefined || value === "") return;
  else if (SECRET_NAME.test(name)) found.add(String(value));
  else if (typeof value === "string" && MAY_BE_SECRET.test(value))
    for (const part of secretParts(value)) found.add(part);
}

function collectMembers(members: object, name: string, found: Set<string>): void {
  const isSecret = SECRET_NAME.test(name);
  const subject = Array.isArray(members) ? undefined : subjectOf(Object.entries(members));
  for (const [key, value] of Object.entries(members)) {
    const own = key === "value" ? (subject ?? key) : key;
    collect(value, isSecret || Array.isArray(members) ? name : own, found);
  }
}

/** What the looks of secrets take out of a text. */
function* secretParts(text: string): Iterable<string> {
  for (const [looks, instead] of LOOKS) {
    for (const [whole] of text.matchAll(looks)) {
      const [before = "", after = ""] = whole.replace(looks, instead).split(REDACTED);
      const part = whole.slice(before.length, whole.length - after.length);
      if (part !== "") yield part;
    }
  }
}

function withoutSecret(text: string, secret: string): string {
  if (secret.length < LEAST_SECRET) {
    return ['"', "'", "`"].reduce(
      (rest, quote) => rest.replaceAll(`${quote}${secret}${quote}`, quote + REDACTED + quote),
      text,
    );
  }
  // As it is, and as JSON writes it.
  const forms = [secret, JSON.stringify(secret).slice(1, -1)];
  const heads = new Set(forms.map((form) => form.slice(0, SECRET_HEAD)));
  return [...heads].reduce((rest, head) => withoutForms(rest, head, forms), text);
}

function withoutForms(text: string, head: string, forms: readonly string[]): string {
  let rest = text;
  for (let at = rest.indexOf(head); at >= 0; at = rest.indexOf(head, at + REDACTED.length)) {
    const length = Math.max(...forms.map((form) => sharedLength(rest, at, form)));
    rest = rest.slice(0, at) + REDACTED + rest.slice(at + length);
  }
  return rest;
}

/** How many first characters of `form` stand at `at`. */
function sharedLength(text: string, at: number, form: string): number {
  let length = 0;
  while (length < form.length && text[at + length] === form[length]) length += 1;
  return length;
}

/** What a `value` among these members is for, where that is a secret. */
function subjectOf(entries: readonly (readonly [string, unknown])[]): string | undefined {
  return NAMING_MEMBERS.map((name) => entries.find(([key]) => key === name)?.[1]).find(isSecretName);
}

function isSecretName(value: unknown): value is string {
  return typeof value === "string" && SECRET_NAME.test(value);
}
