/** Reads the text of a project.godot; enables a plugin in it, and changes nothing else. */

/** Where the plugins stand. */
const SECTION = "editor_plugins";
const KEY = "enabled";

/** Where a setting stands in the text. */
interface Setting {
  section: string;
  key: string;
  /** Range of the value, without the line's end. */
  start: number;
  end: number;
}

/** The line of a section's header, its line break included. */
interface Header {
  name: string;
  start: number;
  end: number;
}

interface Layout {
  settings: Setting[];
  headers: Header[];
}

/** The names in the list of plugins: the text between its brackets, and where that begins. */
interface PluginList {
  readonly setting: Setting;
  readonly content: string;
  readonly start: number;
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
  const list = pluginList(text);
  if (list) return addToList(text, list, plugin);
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  const line = `${KEY}=PackedStringArray("${plugin}")${lineBreak}`;
  const headerEnd = readLayout(text).headers.find(({ name }) => name === SECTION)?.end;
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

/** The list of plugins; undefined where there is none. @throws {SettingsError} when it is no list. */
function pluginList(text: string): PluginList | undefined {
  const setting = readLayout(text).settings.find(({ section, key }) => section === SECTION && key === KEY);
  if (!setting) return undefined;
  const value = text.slice(setting.start, setting.end);
  const [, opening, content = ""] = /^(\s*PackedStringArray\s*\()([\s\S]*)\)\s*$/.exec(value) ?? [];
  if (opening === undefined)
    throw new SettingsError(`[${SECTION}] ${KEY} is not a PackedStringArray: ${value.slice(0, 80)}`);
  return { setting, content, start: setting.start + opening.length };
}

function addToList(text: string, { content, start }: PluginList, plugin: string): string {
  if (content.includes(`"${plugin}"`)) return text;
  const close = start + content.length;
  const comma = content.trim() === "" || content.trimEnd().endsWith(",") ? "" : ", ";
  return `${text.slice(0, close)}${comma}"${plugin}"${text.slice(close)}`;
}

/** Reads the file's outline: comments, `[section]` lines, and `key=value` with values that span lines. */
function readLayout(text: string): Layout {
  const layout: Layout = { settings: [], headers: [] };
  let section = "";
  let position = 0;
  while (position < text.length) {
    const end = lineEnd(text, position);
    const line = text.slice(position, end);
    const header = /^\s*\[([^\]]*)\]/.exec(line);
    const assignment = /^\s*([^\s=;"[]+)\s*=/.exec(line);
    if (header) {
      section = header[1] ?? "";
      layout.headers.push({ name: section, start: position, end });
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

/**
 * The text of a project.godot without the plugin: as it was before `enablePlugin`, where Godot itself had written it. A list that
 * would be empty goes, and its section with it, as Godot has it.
 * @throws {SettingsError} when the list of plugins is not one.
 */
export function disablePlugin(text: string, plugin: string): string {
  const list = pluginList(text);
  const quoted = `"${plugin}"`;
  if (!list?.content.includes(quoted)) return text;
  const at = list.start + list.content.indexOf(quoted);
  const before = text.slice(list.start, at);
  const after = text.slice(at + quoted.length, list.start + list.content.length);
  if (before.trim() === "" && /^[\s,]*$/.test(after)) return withoutSetting(text, list.setting);
  const [from, to] = [at - lengthBefore(before, after), at + quoted.length + lengthAfter(before, after)];
  return text.slice(0, from) + text.slice(to);
}

/** The comma before it, unless it is the first one, or the last of a list that ends with a comma. */
function lengthBefore(before: string, after: string): number {
  if (before.endsWith(", ")) return 2;
  const isLast = after.trim() === "";
  return isLast && !before.endsWith(",") ? (/,\s*$/.exec(before)?.[0].length ?? 0) : 0;
}

/** The comma behind it, where the one before it stays. */
function lengthAfter(before: string, after: string): number {
  return before.endsWith(", ") ? 0 : (/^\s*,\s*(?=\S)/.exec(after)?.[0].length ?? 0);
}

function withoutSetting(text: string, { start, end }: Setting): string {
  const head = text.slice(0, text.lastIndexOf("\n", start - 1) + 1);
  const lineBreak = /^\r?\n/.exec(text.slice(end))?.[0] ?? "";
  const tail = text.slice(end + lineBreak.length);
  const header = new RegExp(`(?<=^|\\n)\\[${SECTION}\\]\\r?\\n\\r?\\n$`).exec(head)?.[0];
  if (header === undefined) return head + tail;
  const rest = head.slice(0, -header.length);
  // Godot puts an empty line between two sections.
  if (tail === "") return rest.replace(/(?<=^|\n)\r?\n$/, "");
  const isLastOfSection = /^\r?\n\[/.test(tail);
  return isLastOfSection ? rest + tail.replace(/^\r?\n/, "") : head + tail;
}

/** The text of a ConfigFile without a section. */
export function withoutSection(text: string, section: string): string {
  const { headers } = readLayout(text);
  const index = headers.findIndex(({ name }) => name === section);
  const header = headers[index];
  if (!header) return text;
  const next = headers[index + 1];
  const rest = text.slice(0, header.start);
  return next ? rest + text.slice(next.start) : rest.replace(/(?<=^|\n)\r?\n$/, "");
}

/** A text of a project.godot, such as its name; undefined where it has none, or it is no text. */
export function settingText(text: string, section: string, key: string): string | undefined {
  const found = readLayout(text).settings.find((each) => each.section === section && each.key === key);
  if (!found) return undefined;
  const value = Buffer.from(text.slice(found.start, found.end), "latin1").toString("utf8").trim();
  return value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/gs, "$1") : value;
}
