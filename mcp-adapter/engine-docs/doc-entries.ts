/** The class reference as a flat list: one entry for a class and for each thing in it that is described. */
import type { ApiDump, DumpedCallable, DumpedClass } from "./api-dump.ts";

/** One thing that the class reference describes. */
export interface DocEntry {
  /** `Sprite2D`, `Sprite2D.texture`, `sin`. */
  readonly name: string;
  readonly kind: "class" | "property" | "method" | "signal" | "constant" | "function";
  /** `texture: Texture2D`, `add_child(node: Node, ...) -> void`, or the class that a class inherits. */
  readonly signature: string;
  readonly text: string;
}

/** Every entry, classes first. */
export function docEntries({ classes, builtin_classes, utility_functions, global_enums }: ApiDump): DocEntry[] {
  const all = [...classes, ...builtin_classes];
  return [
    ...all.map(classEntry),
    ...all.flatMap(memberEntries),
    ...utility_functions.map((each) => callableEntry(each, "function", "")),
    ...global_enums.flatMap(({ values }) => values.map((each) => constantEntry(each, ""))),
  ];
}

function classEntry({ name, inherits, brief_description, description }: DumpedClass): DocEntry {
  const text = plainText([brief_description, description].filter(Boolean).join("\n"));
  return { name, kind: "class", signature: inherits ?? "", text };
}

function memberEntries({ name, properties, members, methods, signals, constants, enums }: DumpedClass): DocEntry[] {
  const owner = `${name}.`;
  const values = [...constants, ...enums.flatMap((each) => each.values)];
  return [
    ...[...properties, ...members].map((each) => ({
      name: owner + each.name,
      kind: "property" as const,
      signature: `${each.name}: ${each.type}`,
      text: plainText(each.description),
    })),
    // Getters and setters of properties have no description of their own: the property has it.
    ...methods.filter(({ description }) => description).map((each) => callableEntry(each, "method", owner)),
    ...signals.map((each) => callableEntry(each, "signal", owner)),
    ...values.map((each) => constantEntry(each, owner)),
  ];
}

function callableEntry(of: DumpedCallable, kind: "method" | "signal" | "function", owner: string): DocEntry {
  const params = of.arguments.map(({ name, type, default_value }) =>
    default_value === undefined ? `${name}: ${type}` : `${name}: ${type} = ${default_value}`,
  );
  const returns = of.return_value?.type ?? of.return_type;
  const arrow = kind === "signal" ? "" : ` -> ${returns ?? "void"}`;
  return {
    name: owner + of.name,
    kind,
    signature: `${of.name}(${params.join(", ")})${arrow}`,
    text: plainText(of.description),
  };
}

function constantEntry(of: { name: string; value?: string | number | undefined; description: string }, owner: string) {
  const signature = `${of.name} = ${of.value ?? "?"}`;
  return { name: owner + of.name, kind: "constant" as const, signature, text: plainText(of.description) };
}

/** `[method Node.add_child]` and the like: what they name is what is read. */
const REFERENCE =
  /\[(?:param|member|method|signal|constant|enum|theme_item|annotation|operator|constructor) ([^\]]+)\]/g;
const CODE_BLOCK = /\[(codeblocks?|gdscript|csharp)[^\]]*\]|\[\/(codeblocks?|gdscript|csharp)\]/g;
/** C# variants of an example say the same again. */
const CSHARP = /\[csharp\][\s\S]*?\[\/csharp\]/g;
const LINK = /\[url=([^\]]*)\]([^[]*)\[\/url\]/g;
const STYLE = /\[\/?(?:b|i|u|s|kbd|center|code|lb|rb|br)(?: [^\]]*)?\]/g;
const CLASS = /\[([A-Z@][A-Za-z0-9@_]*)\]/g;

/** Readable text without markup. */
export function plainText(markup: string): string {
  if (!markup.includes("[")) return markup.trim();
  return markup
    .replace(CSHARP, "")
    .replace(REFERENCE, "$1")
    .replace(CODE_BLOCK, "")
    .replace(LINK, "$2 ($1)")
    .replace(STYLE, "")
    .replace(CLASS, "$1")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
