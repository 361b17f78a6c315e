/** Puts one table into a TOML file, or takes it out, and leaves every other line as it is. */

type Value = string | readonly string[] | Readonly<Record<string, string>>;

/**
 * The text with the table `path` holding `values`, in place of the one that was there.
 * @param values Undefined: the table and those below it are taken out.
 */
export function setTomlTable(
  text: string,
  path: readonly string[],
  values: Readonly<Record<string, Value>> | undefined,
): string {
  const lines = text.split("\n");
  const kept: string[] = [];
  let isInside = false;
  for (const line of lines) {
    const header = headerOf(line);
    if (header) isInside = path.every((part, at) => header[at] === part);
    if (!isInside) kept.push(line);
  }
  const rest = kept.join("\n").trimEnd();
  const body = values ? table(path, values) : "";
  const parts = [rest, body].filter((part) => part !== "");
  return parts.length > 0 ? `${parts.join("\n\n")}\n` : "";
}

/** The keys of `[a.b."c d"]`; undefined for a line that is no header. */
function headerOf(line: string): string[] | undefined {
  const inside = /^\s*\[{1,2}([^\]]+)\]{1,2}\s*(#.*)?$/.exec(line)?.[1];
  const keys = inside?.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^.\s]+/g);
  return keys?.map((key) => key.replace(/^(["'])(.*)\1$/, "$2"));
}

function table(path: readonly string[], values: Readonly<Record<string, Value>>): string {
  const lines = Object.entries(values).map(([key, value]) => `${keyText(key)} = ${valueText(value)}`);
  return [`[${path.map(keyText).join(".")}]`, ...lines].join("\n");
}

function valueText(value: Value): string {
  // A basic string of TOML is a string of JSON.
  if (typeof value === "string") return JSON.stringify(value);
  if (isList(value)) return `[${value.map((each) => JSON.stringify(each)).join(", ")}]`;
  const pairs = Object.entries(value).map(([key, each]) => `${keyText(key)} = ${JSON.stringify(each)}`);
  return `{ ${pairs.join(", ")} }`;
}

function isList(value: Value): value is readonly string[] {
  return Array.isArray(value);
}

function keyText(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}
