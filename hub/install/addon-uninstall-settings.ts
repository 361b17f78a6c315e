/** Takes settings of the addon out of the texts that Godot keeps them in, and changes nothing else in them. */
import { pluginList, readLayout, SECTION, type Setting } from "./addon-install-settings.ts";

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
