/** Enables a plugin in the text of a project.godot, and changes nothing else in it. */

const SECTION = "editor_plugins";
const KEY = "enabled";

/** Where the settings of a project.godot stand in its text. */
interface Setting {
  section: string;
  key: string;
  /** Range of the value, without the line's end. */
  start: number;
  end: number;
}

interface Layout {
  settings: Setting[];
  /** End of the first header line of each section, its line break included. */
  headerEnds: Map<string, number>;
}

/** A project.godot that can't be understood well enough to be changed. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** Version of the file's format: 5 in Godot 4, 4 in Godot 3. Undefined when the file does not say. */
export function configVersion(text: string): number | undefined {
  const setting = readLayout(text).settings.find(({ section, key }) => section === "" && key === "config_version");
  return setting && Number(text.slice(setting.start, setting.end));
}

/**
 * The text with the plugin enabled; the same text when it is enabled already.
 * @param text The file's bytes, one character each: whatever is not touched comes out as it went in.
 * @param plugin Path of a plugin.cfg, `res://...`.
 * @throws {SettingsError} when the list of plugins is not one.
 */
export function enablePlugin(text: string, plugin: string): string {
  const { settings, headerEnds } = readLayout(text);
  const enabled = settings.find(({ section, key }) => section === SECTION && key === KEY);
  if (enabled) return addToList(text, enabled, plugin);
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  const line = `${KEY}=PackedStringArray("${plugin}")${lineBreak}`;
  const headerEnd = headerEnds.get(SECTION);
  if (headerEnd !== undefined) {
    const header = endsLine(text.slice(0, headerEnd)) ? "" : lineBreak;
    return `${text.slice(0, headerEnd)}${header}${lineBreak}${line}${text.slice(headerEnd)}`;
  }
  const end = endsLine(text) ? "" : lineBreak;
  return `${text}${end}${lineBreak}[${SECTION}]${lineBreak}${lineBreak}${line}`;
}

function endsLine(text: string): boolean {
  return text === "" || text.endsWith("\n");
}

function addToList(text: string, { start, end }: Setting, plugin: string): string {
  const value = text.slice(start, end);
  const list = /^\s*PackedStringArray\s*\(([\s\S]*)\)\s*$/.exec(value);
  if (!list) throw new SettingsError(`[${SECTION}] ${KEY} is not a PackedStringArray: ${value.slice(0, 80)}`);
  const content = list[1] ?? "";
  if (content.includes(`"${plugin}"`)) return text;
  const close = start + value.lastIndexOf(")");
  const comma = content.trim() === "" || content.trimEnd().endsWith(",") ? "" : ", ";
  return `${text.slice(0, close)}${comma}"${plugin}"${text.slice(close)}`;
}

/** Reads the file's outline: comments, `[section]` lines, and `key=value` with values that span lines. */
function readLayout(text: string): Layout {
  const layout: Layout = { settings: [], headerEnds: new Map() };
  let section = "";
  let position = 0;
  while (position < text.length) {
    const end = lineEnd(text, position);
    const line = text.slice(position, end);
    const header = /^\s*\[([^\]]*)\]/.exec(line);
    const assignment = /^\s*([^\s=;"[]+)\s*=/.exec(line);
    if (header) {
      section = header[1] ?? "";
      if (!layout.headerEnds.has(section)) layout.headerEnds.set(section, end);
    } else if (assignment) {
      const start = position + assignment[0].length;
      const valueStop = valueEnd(text, start);
      layout.settings.push({ section, key: assignment[1] ?? "", start, end: valueStop });
      position = lineEnd(text, valueStop);
      continue;
    }
    position = end;
  }
  return layout;
}

/** Position after the line break of the line that `position` is in. */
function lineEnd(text: string, position: number): number {
  const lineBreak = text.indexOf("\n", position);
  return lineBreak < 0 ? text.length : lineBreak + 1;
}

/** Position where a value ends: the first line break outside strings and brackets. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  for (let position = start; position < text.length; position++) {
    const character = text.charAt(position);
    if (character === '"') position = stringEnd(text, position);
    else if ("([{".includes(character)) depth += 1;
    else if (")]}".includes(character)) depth -= 1;
    else if (character === "\n" && depth <= 0) return text.charAt(position - 1) === "\r" ? position - 1 : position;
  }
  return text.length;
}

/** Position of the quotation mark that closes the string which opens at `start`. */
function stringEnd(text: string, start: number): number {
  let position = start + 1;
  while (position < text.length && text.charAt(position) !== '"') position += text.charAt(position) === "\\" ? 2 : 1;
  return position;
}
