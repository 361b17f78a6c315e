/** Further tokens of a hub, each with its own role and rules: tokens.json of the state directory. It keeps digests only. */
import { randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { replaceFile } from "../../hub-client/atomic-file.ts";
import { isMissing } from "../../hub-client/node-errors.ts";
import { tokenDigest } from "../../protocol/proof.ts";
import { CommandRules, GRANTABLE_ROLES, type Permission } from "./permission.ts";

const TOKEN_BYTES = 32;
/** Tokens that one book may hold. */
const MAX_TOKENS = 200;

const entrySchema = z.object({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/),
  /** SHA-256 of the token, in hexadecimal digits. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  role: z.enum(GRANTABLE_ROLES),
  readOnly: z.boolean(),
  allow: z.array(z.string().min(1).max(100)).max(100),
  deny: z.array(z.string().min(1).max(100)).max(100),
  createdAt: z.string(),
});

/** One token as the book keeps it. */
export type TokenEntry = z.infer<typeof entrySchema>;

const bookSchema = z.object({ tokens: z.array(entrySchema).max(MAX_TOKENS) });

/** Whom a further token is for. */
export type TokenRole = TokenEntry["role"];

/** What a new token is to be. */
export type TokenWish = Omit<TokenEntry, "digest" | "createdAt">;

/** The book can't be read, or does not take an entry: the message is one line that says why. */
export class TokenBookError extends Error {
  override readonly name = "TokenBookError";
}

/** Path of the book. */
function tokenBookPath(home: string): string {
  return join(home, "tokens.json");
}

/** Every entry. @throws {TokenBookError} when the file can't be read as a book: no client is let in by a guess. */
export function readTokenBook(home: string): TokenEntry[] {
  const path = tokenBookPath(home);
  try {
    return bookSchema.parse(JSON.parse(readFileSync(path, "utf8"))).tokens;
  } catch (error) {
    if (isMissing(error)) return [];
    throw new TokenBookError(`${path} can't be read as a list of tokens: mend or delete it.`);
  }
}

/** Adds a token and returns it: this is the only time that it can be seen. @throws {TokenBookError} for a name that is taken or unfit. */
export function createToken(home: string, wish: TokenWish): string {
  const entries = readTokenBook(home);
  if (entries.some(({ name }) => name === wish.name)) {
    throw new TokenBookError(`There is a token '${wish.name}' already: revoke it first, or choose another name.`);
  }
  const token = randomBytes(TOKEN_BYTES).toString("hex");
  const entry = { ...wish, digest: tokenDigest(token), createdAt: new Date().toISOString() };
  const book = bookSchema.safeParse({ tokens: [...entries, entry] });
  if (!book.success) {
    const [issue] = book.error.issues;
    throw new TokenBookError(
      `The token's '${issue?.path.slice(2).join(".") || "number"}' does not fit: ${issue?.message}.`,
    );
  }
  write(home, book.data.tokens);
  return token;
}

/** Removes a token. @returns false when there is none of that name. */
export function revokeToken(home: string, name: string): boolean {
  const entries = readTokenBook(home);
  const left = entries.filter((entry) => entry.name !== name);
  if (left.length === entries.length) return false;
  write(home, left);
  return true;
}

function write(home: string, tokens: readonly TokenEntry[]): void {
  replaceFile(tokenBookPath(home), `${JSON.stringify({ tokens }, null, 2)}\n`);
}

/** One entry as it is looked up. */
interface Grant {
  readonly digest: string;
  /** The entry as it stood in the file. */
  readonly text: string;
  readonly permission: Permission;
}

/** The book as a running hub reads it: a token that is added or revoked meanwhile counts at once. */
export class TokenBook {
  readonly #home: string;
  #version = "";
  #grants: readonly Grant[] = [];

  constructor(home: string) {
    this.#home = home;
  }

  /** The first token whose digest `isMeant`. Digests of random tokens: how long their comparison takes says nothing. */
  find(isMeant: (digest: string) => boolean): Grant | undefined {
    this.#refresh();
    return this.#grants.find(({ digest }) => isMeant(digest));
  }

  /** False once the token of a permission is revoked, or what it allows has been changed. */
  isValid(permission: Permission): boolean {
    this.#refresh();
    return this.#grants.some((each) => each.permission === permission);
  }

  #refresh(): void {
    const version = this.#versionOnDisk();
    if (version === this.#version) return;
    this.#version = version;
    const before = new Map(this.#grants.map((grant) => [grant.text, grant]));
    this.#grants = this.#read().map((entry) => before.get(JSON.stringify(entry)) ?? grantOf(entry));
  }

  /** A book that can't be read lets no client in. */
  #read(): TokenEntry[] {
    try {
      return readTokenBook(this.#home);
    } catch {
      return [];
    }
  }

  #versionOnDisk(): string {
    const stats = statSync(tokenBookPath(this.#home), { throwIfNoEntry: false, bigint: true });
    return stats ? `${stats.ino}:${stats.size}:${stats.mtimeNs}` : "";
  }
}

function grantOf(entry: TokenEntry): Grant {
  const { name, role, digest } = entry;
  return { digest, text: JSON.stringify(entry), permission: { name, role, rules: new CommandRules(entry) } };
}
