/** The class reference's markup as plain text. */

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
