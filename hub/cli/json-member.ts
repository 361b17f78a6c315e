/** Puts one member into a file of JSON with comments, or takes it out, and leaves everything else as it is. */
import {
  applyEdits,
  createScanner,
  type Edit,
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { CliError } from "./exit-codes.ts";

/** A node and where it ends. */
interface Span {
  readonly offset: number;
  readonly end: number;
}

const COMMENTS_ON_THE_LINE = /^(?:[ \t]*(?:\/\*[^\r\n]*?\*\/|\/\/[^\r\n]*))*[ \t]*(?=\r?\n)/;

/**
 * The text with `value` at `path`, in place of what was there.
 * @param value Undefined: the member is taken out.
 * @throws {CliError} for a text that is no JSON, or where the path leads through what is no object.
 */
export function setJsonMember(text: string, path: readonly string[], value: object | undefined): string {
  const root = parseJson(text);
  const found = root && findNodeAtLocation(root, [...path]);
  if (value === undefined) return found?.parent ? applyEdits(text, removal(text, found.parent)) : text;
  const layout = layoutOf(text);
  if (!root)
    return [text.trimEnd(), layout.print(nested(path, value), "")].filter(Boolean).join(layout.eol) + layout.eol;
  const edits = found
    ? [replacement(found, layout.print(value, indentAt(text, found.offset)))]
    : insertion(text, ...deepestObject(root, path, value), layout);
  return applyEdits(text, edits);
}

/** The tree of a text; undefined for one that is blank or has only comments. @throws {CliError} for a text that is no JSON. */
export function parseJson(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [first] = errors;
  if (!first) return root;
  throw new CliError(`The file is no JSON: ${printParseErrorCode(first.error)} at character ${first.offset}.`);
}

interface Layout {
  readonly eol: string;
  readonly unit: string;
  /** A value whose lines begin with `indent`, but for the first. */
  readonly print: (value: object, indent: string) => string;
}

function layoutOf(text: string): Layout {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const unit = /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";
  return { eol, unit, print: (value, indent) => JSON.stringify(value, null, unit).replaceAll("\n", eol + indent) };
}

/** The object that is to get a member, its key and its value. */
function deepestObject(root: Node, path: readonly string[], value: object): [Node, string, object] {
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, depth));
    if (node?.type === "object") return [node, path[depth] ?? "", nested(path.slice(depth + 1), value)];
    if (node)
      throw new CliError(`The file has ${depth === 0 ? "no object" : `'${path[depth - 1]}' that is no object`}.`);
  }
  throw new CliError("The file has no object.");
}

function nested(path: readonly string[], value: object): object {
  return path.reduceRight<object>((inner, key) => ({ [key]: inner }), value);
}

/** After the last member, and what is said of that one on its line. */
function insertion(text: string, object: Node, key: string, value: object, { eol, unit, print }: Layout): Edit[] {
  const outer = indentAt(text, object.offset);
  const inner = outer + unit;
  const member = `${eol}${inner}${JSON.stringify(key)}: ${print(value, inner)}`;
  const last = object.children?.at(-1);
  const comma = last && commaFrom(text, endOf(last));
  const start = comma ? comma.end : last ? endOf(last) : object.offset + 1;
  const at = start + (COMMENTS_ON_THE_LINE.exec(text.slice(start))?.[0].length ?? 0);
  const closes = /^\s*\}/.exec(text.slice(at))?.[0] ?? "\n";
  const rest = (comma ? "," : "") + (closes.includes("\n") ? "" : eol + outer);
  const edits = [{ offset: at, length: 0, content: member + rest }];
  return last && !comma ? [{ offset: endOf(last), length: 0, content: "," }, ...edits] : edits;
}

function replacement({ offset, length }: Node, content: string): Edit {
  return { offset, length, content };
}

/** The member with one of its commas, and its lines where nothing else stands on them. */
function removal(text: string, member: Node): Edit[] {
  const siblings = member.parent?.children ?? [];
  const previous = siblings[siblings.indexOf(member) - 1];
  const following = commaFrom(text, endOf(member));
  const comma = following ?? (previous && commaFrom(text, endOf(previous)));
  const own = following && /^\s*$/.test(text.slice(endOf(member), following.offset)) ? following : undefined;
  const span = wholeLines(text, { offset: member.offset, end: own?.end ?? endOf(member) });
  const edits = [span, ...(comma && !own ? [comma] : [])];
  return edits.map(({ offset, end }) => ({ offset, length: end - offset, content: "" }));
}

function wholeLines(text: string, { offset, end }: Span): Span {
  const before = /(?:^|\n)([ \t]*)$/.exec(text.slice(0, offset));
  const after = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end));
  if (!before || !after) return { offset, end };
  return { offset: offset - (before[1]?.length ?? 0), end: end + after[0].length };
}

/** The comma that is the next thing from `start` but for blanks and comments. */
function commaFrom(text: string, start: number): Span | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(start);
  scanner.scan();
  const offset = scanner.getTokenOffset();
  return text[offset] === "," ? { offset, end: offset + 1 } : undefined;
}

/** Where a member's value ends: the parser lets the member itself go on to the comma. */
function endOf(member: Node): number {
  const { offset, length } = member.children?.[1] ?? member;
  return offset + length;
}

function indentAt(text: string, offset: number): string {
  return /(?:^|\n)([ \t]*)[^\n]*$/.exec(text.slice(0, offset))?.[1] ?? "";
}
