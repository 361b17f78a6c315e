## Finds the quoted texts of a file as its language reads them: what they mean, where they stand,
## and what comments and strings take up. A path may be written in many ways: with escapes, in
## triple quotes, raw, behind a comment or a continued line.
extends RefCounted

const TextLimits := preload("text_limits.gd")

## A path that stands alone means one below the folder of its file, or below the project's.
const FOLDER := "folder"
const ROOT := "root"

const GDSCRIPT_GAP := "(?:[\\s\\\\]|#[^\\n]*)*+"
## Groups: 1 what says where a relative path begins, 2 marks of the literal, 3 the literal. What is
## to be passed over fails behind (*SKIP). With (*UCP), letters are those of every alphabet.
const GDSCRIPT := "(*UCP)(?s)#[^\\n]*+(*SKIP)(*F)|((?:(?<![\\w.])(?:pre)?load|ResourceLoader\\s*\\.\\s*load|@icon)GAP\\(GAP|\\bextends\\bGAP)?([r&^]?)(STRINGS)"
const CSHARP := "(*UCP)(?s)(?://[^\\n]*+|/\\*.*?\\*/|'(?:[^'\\\\\\n]|\\\\.)*+')(*SKIP)(*F)|(\\bLoad(?:<[^<>;(){}]*>)?\\s*\\(\\s*)?([$@]*)(\"{3,}+.*?\"{3,}|(?<=@|@\\$)\"(?:[^\"]++|\"\")*+\"|\"(?:[^\"\\\\\\n]++|\\\\.)*+\")"
const SHADER := "(?s)(?://[^\\n]*+|/\\*.*?\\*/)(*SKIP)(*F)|(#\\s*include\\s*)?()(\"[^\"\\n]*+\")"
## Of the engine's own files and JSON: only texts that may name a path, since such files may hold
## many others.
const VALUES := "(?sm);[^\\n]*+(*SKIP)(*F)|\"(?:[^\"\\\\:]++|\\\\[^uU/]|:(?!//))*+\"(*SKIP)(*F)|(^script\\s*=\\s*)?([&^]?)(\"(?:[^\"\\\\]++|\\\\.)*+\")"
const COMMENTS := {"gd": "(STRINGS)|#[^\\n]*",
		"cs": "(?s)(@\"(?:[^\"]++|\"\")*+\"|\"(?:[^\"\\\\\\n]++|\\\\.)*+\")|//[^\\n]*|/\\*.*?\\*/"}
const BLANKED := "(STRINGS)|#[^\\n]*"
const ESCAPE := "(?s)\\\\(?:u([[:xdigit:]]{4})|U([[:xdigit:]]{%s})|\\r?(\\n)|(.))"
const ESCAPED: Dictionary = {"n": "\n", "t": "\t", "r": "\r", "a": "\u0007", "b": "\b", "f": "\f",
		"v": "\v"}
const QUOTES := "\"'"

static var _patterns: Dictionary = {}


## Quoted texts {from, to, value, base, marks, quote} of a file with this ending, in their order:
## `value` is what it means, `base` is FOLDER or ROOT where a relative path in it is one, `from` and
## `to` enclose all of the literal. Texts that are put together from literals alone are one.
static func of(text: String, extension: String) -> Array[Dictionary]:
	var found: Array[Dictionary] = []
	for part: RegExMatch in _pattern(_grammar(extension)).search_all(text):
		var quoted := _read(part, extension)
		var last: Dictionary = found[-1] if not found.is_empty() else {}
		if not last.is_empty() and _joins(text.substr(last["to"], part.get_start() - last["to"])):
			last["to"] = quoted["to"]
			last["value"] += quoted["value"]
		else:
			found.append(quoted)
	return found


## The text with other values: `choose` gets each quoted text and gives what it shall mean; empty
## leaves it as it is written.
static func replaced(text: String, extension: String, choose: Callable) -> String:
	var written := PackedStringArray()
	var at := 0
	for quoted: Dictionary in of(text, extension):
		var value: String = choose.call(quoted)
		if not value.is_empty():
			written.append(text.substr(at, quoted["from"] - at))
			written.append(_written(value, quoted, extension))
			at = quoted["to"]
	written.append(text.substr(at))
	return "".join(written)


## The code of a GDScript or C# file with its strings and without its comments.
static func without_comments(text: String, extension: String) -> String:
	return _pattern(COMMENTS[extension]).sub(text, "$1", true)


## The code of a GDScript with a quote and blanks for each string and blanks for comments:
## everything else stays where it is.
static func blanked(text: String) -> String:
	var parts := PackedStringArray()
	var at := 0
	for found: RegExMatch in _pattern(BLANKED).search_all(text):
		parts.append(text.substr(at, found.get_start() - at))
		parts.append("" if found.get_string(1).is_empty() else "\"")
		var blanks := _pattern("[^\\n]").sub(found.get_string(), " ", true)
		parts.append(blanks if found.get_string(1).is_empty() else blanks.substr(1))
		at = found.get_end()
	parts.append(text.substr(at))
	return "".join(parts)


static func _grammar(extension: String) -> String:
	match extension:
		"gd":
			return GDSCRIPT
		"cs":
			return CSHARP
		"gdshader", "gdshaderinc":
			return SHADER
	return VALUES


static func _pattern(text: String) -> RegEx:
	if not _patterns.has(text):
		_patterns[text] = RegEx.create_from_string(
				text.replace("GAP", GDSCRIPT_GAP).replace("STRINGS", TextLimits.STRINGS))
	return _patterns[text]


static func _read(part: RegExMatch, extension: String) -> Dictionary:
	var literal := part.get_string(3)
	var quote := literal.left(1)
	var count := 1
	if extension in ["gd", "cs"] and literal.begins_with(quote.repeat(3)):
		count = literal.length() - literal.lstrip(quote).length() if extension == "cs" else 3
	var body := literal.substr(count, maxi(0, literal.length() - 2 * count))
	var marks := part.get_string(2)
	return {
		"from": part.get_start(2), "to": part.get_end(3),
		"base": _base(part.get_string(1), extension), "marks": marks,
		"quote": quote.repeat(count), "value": _meant(body, marks, count, extension),
	}


static func _base(before: String, extension: String) -> String:
	if before.is_empty():
		return ""
	return ROOT if before.begins_with("load") or before.begins_with("ResourceLoader") \
			or extension == "cs" else FOLDER


static func _joins(between: String) -> bool:
	return between.replace("\\", "").strip_edges() == "+"


static func _meant(body: String, marks: String, count: int, extension: String) -> String:
	if marks.contains("@"):
		return body.replace("\"\"", "\"")
	if _is_raw(marks, count, extension) or not body.contains("\\"):
		return body
	var text := ""
	var at := 0
	var high := 0
	for found: RegExMatch in _pattern(ESCAPE % ("8" if extension == "cs" else "6")) \
			.search_all(body):
		text += body.substr(at, found.get_start() - at)
		at = found.get_end()
		var code := (found.get_string(1) + found.get_string(2)).hex_to_int()
		if code & 0xfc00 == 0xd800:
			high = code
		elif code & 0xfc00 == 0xdc00:
			text += String.chr(0x10000 + ((high & 0x3ff) << 10) + (code & 0x3ff))
		elif code > 0:
			text += String.chr(code)
		else:
			text += ESCAPED.get(found.get_string(4), found.get_string(4))
	return text + body.substr(at)


static func _is_raw(marks: String, count: int, extension: String) -> bool:
	return marks.contains("r") or extension.begins_with("gdshader") or extension == "cs" \
			and count > 1


## A literal of the same kind with another value. A raw one that could not hold it becomes an
## ordinary one.
static func _written(value: String, quoted: Dictionary, extension: String) -> String:
	var marks: String = quoted["marks"]
	var quote: String = quoted["quote"]
	if marks.contains("@"):
		return marks + quote + value.replace("\"", "\"\"") + quote
	if not _is_raw(marks, quote.length(), extension):
		return marks + quote + value.replace("\\", "\\\\") \
				.replace(quote.left(1), "\\" + quote.left(1)) + quote
	if extension == "gd" and (value.contains(quote.left(1)) or value.contains("\\")):
		return _written(value, quoted.merged({"marks": ""}, true), extension)
	return marks + quote + value + quote
