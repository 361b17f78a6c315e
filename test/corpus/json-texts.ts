/** Texts that are JSON, nearly JSON, or JSON that is no text: made here by the ideas of public suites for JSON parsers. */
import { MAX_DEPTH } from "../../protocol/timing.ts";

/** What must become of a text: `text` is JSON that all sides read, `fault` JSON with a string that is no text. */
export type Verdict = "text" | "fault" | "none";

export interface JsonText {
  readonly json: string;
  readonly verdict: Verdict;
}

const all = (verdict: Verdict, ...texts: string[]): JsonText[] => texts.map((json) => ({ json, verdict }));
const quoted = (...texts: string[]): string[] => texts.map((text) => `"${text}"`);
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

/** Levels that are open around a text: the frame and its params. */
const AROUND = 2;

const NUMBERS: JsonText[] = [
  ...all("text", "0", "-0", "-0.0", "1", "-1", "10", "1.0", "0.1", "-0.1", "1e5", "1E5", "1e+5", "1e-5", "1E+05", "0e0", "0e-10"),
  ...all("text", "1e15", "1e21", "1e22", "1e23", "8.41e21", "1.5e300", "1e308", "1.7976931348623157e308"),
  ...all("text", "1e309", "1e400", "-1e400", "1e-400", "-1e-400", "1e99999", `1e${"9".repeat(20)}`, `1e-${"9".repeat(20)}`),
  ...all("text", "4.9e-324", "2.2250738585072011e-308", "2.2250738585072014e-308", "1.000000000000000005"),
  ...all("text", "2147483647", "2147483648", "-2147483649", "4294967295", "4294967296", "9007199254740991", "9007199254740993"),
  ...all("text", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616"),
  ...all("text", "3.141592653589793238462643383279", "0.12345678901234567890123456789", "123456789012345678901234567890"),
  ...all("text", `1${"0".repeat(400)}`, `0.${"0".repeat(400)}1`, "9".repeat(1_000)),
  ...all("none", "01", "-01", "00", "-", "+1", "1.", "-1.", ".1", "-.1", "1e", "1e+", "1E-", "1.e1", "1.0e", "0x10", "0b1", "0o7"),
  ...all("none", "1_000", "NaN", "-NaN", "Infinity", "-Infinity", "inf", "nan", "1f", "1L", "1n", "--1", "-+1", "1 2", "1e1.5"),
  ...all("none", "1e1e1", "\uff11", "\u0663", "\u00bd", "1.2.3", "0-1", "-a", "1a", "1/2", "\u221e", "1,000.0.0", "1+2", "-0x1", "1'"),
];

const ESCAPES = 'bfnrt"\\/';
const NO_ESCAPES = range(95)
  .map((offset) => String.fromCharCode(0x20 + offset))
  .filter((letter) => !`${ESCAPES}u`.includes(letter));

const STRINGS: JsonText[] = [
  ...all("text", ...quoted("", "a", " ", "\u007f", "\u0080", "\u00e9", "\u20ac", "\ud83d\ude00", "\ud834\udd1e", "\u2028\u2029")),
  ...all("text", ...quoted("\ufeff", "a\ufeffb", "\uffff", "\ufffe", "\ufdd0", "\ud83f\udfff", "\udbff\udfff", "\u200b\u200d\u2064")),
  ...all("text", ...quoted("e\u0301", "\u05d0\u05d1", "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67", "//", "/* */", "#", "{}[],:", "'")),
  ...all("text", ...quoted(...[...ESCAPES].map((letter) => `\\${letter}`), "\\\\n", "\\\\\\\\", "\\\\u0041", "\\\\ud800", "\\\\u0000")),
  ...all("text", ...quoted("\\u0001", "\\u001f", "\\u0020", "\\u0022", "\\u005c", "\\u007F", "\\u0080", "\\u07fF", "\\u0800")),
  ...all("text", ...quoted("\\ud7ff", "\\uD7FF", "\\ue000", "\\uFFFD", "\\ufffe", "\\uffff", "\\ufeff", "\\ufdd0", "\\u2028")),
  ...all("text", ...quoted("\\ud800\\udc00", "\\uDBFF\\uDFFF", "\\ud83d\\uDE00", "a\\ud834\\udd1eb", "\\ud800\\udc00\\ud800\\udc00")),
  ...all("fault", ...quoted("\\ud800", "\\udbff", "\\uDBFF", "\\udc00", "\\udfff", "\\uDFFF", "a\\ud83d", "a\\ud83db", "\\ude00a")),
  ...all("fault", ...quoted("\\udc00\\ud800", "\\ude00\\ud83d", "\\ud800\\ud800", "\\ud800\\ud800\\udc00", "\\ud800\\udc00\\udc00")),
  ...all("fault", ...quoted("\\ud800\\n", "\\ud800\\\\udc00", "\\ud800\\u0041", "\\ud800 \\udc00", "\\ud800\ud83d\ude00", "\\\\\\ud800")),
  ...all("fault", ...quoted("\\u0000", "a\\u0000", "\\u0000a", "a\\u0000b", "\\\\\\u0000", "\\ud83d\\ude00\\u0000")),
  ...all("none", ...quoted(...range(32).map((code) => `a${String.fromCharCode(code)}b`))),
  ...all("none", ...quoted(...NO_ESCAPES.map((letter) => `\\${letter}`))),
  ...all("none", ...quoted("\\u", "\\u0", "\\u00", "\\u004", "\\u004g", "\\u 041", "\\u+041", "\\U0041", "\\x41", "\\u{41}", "\\u00\u0664\u0661")),
  ...all("none", ...quoted("\\ud800\\u", "\\ud800\\u1", "\\ud800\\udc0", "\\ud800\\udcgg", "\\ud800\\x", "\\\ud83d\ude00", "\\\n")),
  ...all("none", '"', '"a', '"\\"', '"a\\', "'a'", "a", "\u201ca\u201d", '""a', '"a" "b"', "`a`", '"a"b"'),
];

const STRUCTURES: JsonText[] = [
  ...all("text", "null", "true", "false", "[]", "{}", "[[]]", "[{}]", '{"a":[]}', "[1,2]", "[ 1 ,\t2\n,\r3 ]", '{ "a" : 1 }', '{"":0}'),
  ...all("text", '{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"a":{"b":1},"a":null}', '{"__proto__":1}', '{"constructor":{"x":1}}', '{"toString":1}'),
  ...all("text", '{"\u00e9":1,"e\u0301":2}', '{"id":"other","method":"other","params":{}}', '{"jsonrpc":"1.0","result":1,"error":2}'),
  ...all("text", nested(MAX_DEPTH - AROUND), '{"a":'.repeat(MAX_DEPTH - AROUND - 1) + "{}" + "}".repeat(MAX_DEPTH - AROUND - 1)),
  ...all("text", `"${"x".repeat(1_000_000)}"`, `"${"\\u00e9".repeat(100_000)}"`, `[${range(20_000).join()}]`),
  ...all("text", `{${range(5_000).map((index) => `"m${index}":${index}`)}}`),
  ...all("fault", '{"\\ud800":1}', '{"a":{"\\udfff":1}}', '["a",["\\ud83d"]]', '{"\\u0000":1}', '{"a":"b","c":"\\ud83d"}', '[{"a":["\\udc00"]}]'),
  ...all("none", nested(MAX_DEPTH - AROUND + 1), "[".repeat(100_000), '{"a":'.repeat(50_000), `${nested(5)}]`),
  ...all("none", "", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1:2]", "[1;2]", "[1]]", "[1}", "[}", "[*]"),
  ...all("none", "{", "{]", '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{,"a":1}', '{"a":1,,"b":2}', '{"a" 1}', '{"a"::1}', '{"a":1 "b":2}'),
  ...all("none", "{a:1}", "{1:1}", "{null:1}", "{'a':1}", "{[]:1}", '{"a","b"}', '{"a"=1}', '{"a":1}#', '{"a":/*c*/1}', '{"a":1}//c'),
  ...all("none", "nul", "nulll", "Null", "NULL", "TRUE", "True", "tru", "truee", "fals", "undefined", "None", "<null>", "?", "*", "@", "\u00e9"),
  ...all("none", "\u00a01", "\u20601", "\ufeff1", "\f1", "\v1", "\u00001", "\u20281", "1\u00a0", "[\u00a0]", "[\f]", "[\u0000]", "1\u0085"),
];

/** Every text once. */
export const JSON_TEXTS: readonly JsonText[] = [...NUMBERS, ...STRINGS, ...STRUCTURES];

/** A request as the hub forwards it, with a text as the only member of its params. */
export function frameWith(json: string, id: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"text.echo","params":{"v":${json}}}`;
}

/** A text as the name of a test, short and printable. */
export function nameOf({ json }: JsonText): string {
  const shown = JSON.stringify(json).slice(1, -1);
  return shown.length > 60 ? `${shown.slice(0, 40)}... (${json.length})` : shown;
}
