## Finds lines in the project's text files. Credentials in them are neither told nor found: what is
## searched has none.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const FileNames := preload("../files/file_paths.gd").FileNames
const Secrets := preload("../texts/secrets.gd")
const Wildcards := preload("../texts/wildcards.gd")

const TEXT_EXTENSIONS: Array[String] = [
	"gd", "cs", "tscn", "tres", "gdshader", "gdshaderinc", "godot", "cfg", "json", "txt", "md",
	"csv", "xml", "yml", "yaml", "toml",
	"import", "po", "svg", "html", "gdextension",
]
const FILE_LIMIT_BYTES := 16 * 1024 * 1024
const LINE_LENGTH := 400
## Characters of the longest line that is looked at.
const LONGEST_LINE := 200_000
## What is written in a language, where a name behind "=" is no text.
const CODE: Array[String] = ["gd", "cs", "gdshader", "gdshaderinc"]
## Steps that a regular expression may take on one line. The engine's own limit is 10,000,000, which
## is half a second of the main thread for each line that an expression such as (a+)+$ meets. With
## (*UCP), letters are those of every alphabet.
const STEPS_LIMIT := "(*UCP)(*LIMIT_MATCH=200000)"
## Matches where nothing else on the line does, so that a line without a match differs from one that
## was given up.
const NOTHING_ELSE := "(?:%s)(?<godot_mcp_hub_found>)|\\z"
const FOUND := "godot_mcp_hub_found"
## What means something else inside other brackets.
const NOT_TO_BE_WRAPPED: Array[String] = ["(*", "(?R", "(?0", "(?x", "\\Q"]

var _query: String = ""
var _regexp: RegEx = null
var _tells_given_up: bool = false
var _given_up: int = 0
var _is_case_sensitive: bool = false


## False when the query is no regular expression although it should be one.
func prepare(query: String, is_regexp: bool, is_case_sensitive: bool) -> bool:
	_is_case_sensitive = is_case_sensitive
	_query = query if is_case_sensitive else query.to_lower()
	return not is_regexp or _compile(query if is_case_sensitive else "(?i)" + query)


func _compile(query: String) -> bool:
	_regexp = RegEx.new()
	if _regexp.compile(STEPS_LIMIT + query) != OK:
		return false
	_tells_given_up = NOT_TO_BE_WRAPPED.all(func(part: String) -> bool:
		return not query.contains(part))
	if _tells_given_up and _regexp.compile(STEPS_LIMIT + NOTHING_ELSE % query) != OK:
		_tells_given_up = false
		return _regexp.compile(STEPS_LIMIT + query) == OK
	return true


static func is_searched(file: String, pattern: String) -> bool:
	if FileNames.is_key_file(file):
		return false
	return TEXT_EXTENSIONS.has(file.get_extension().to_lower()) if pattern.is_empty() \
			else Wildcards.fits(file.get_file(), pattern)


## The place that a cursor ("line:path") stands for; the beginning for an empty one; empty when it
## is none.
static func position_of(cursor: String) -> Dictionary:
	if cursor.is_empty():
		return {"path": "", "line": 0}
	var line := cursor.get_slice(":", 0)
	return {"path": cursor.trim_prefix(line + ":"), "line": line.to_int()} if line.is_valid_int() \
			and cursor.contains(":") else {}


## Matches in `files` after `start`, at most `limit`, as members of an answer.
func run(files: Array[String], start: Dictionary, limit: int,
		request: CommandRequest) -> Dictionary:
	var matches: Array[Dictionary] = []
	for file: String in files:
		if request.is_cancelled:
			break
		var skip: int = start["line"] if file == start["path"] else 0
		var is_code := CODE.has(file.get_extension().to_lower())
		var lines := _lines_of(file)
		for index: int in range(skip, lines.size()):
			if request.is_slice_used():
				await request.let_frame_pass()
				if request.is_cancelled:
					break
			var line: Variant = _found_in(lines[index], is_code)
			if line == null:
				continue
			if matches.size() == limit:
				var last: Dictionary = matches[-1]
				return _answer({"matches": matches, "truncated": true,
						"cursor": "%d:%s" % [last["line"], last["path"]]})
			matches.append({"path": file, "line": index + 1,
					"text": (line as String).strip_edges(false, true).left(LINE_LENGTH)})
		await request.let_frame_pass_when_due()
	return _answer({"matches": matches})


func _answer(members: Dictionary) -> Dictionary:
	if _given_up > 0:
		members["unsearched"] = _given_up
	return members


## The line as it may be told when it matches so; otherwise null. A text that stands nowhere in the
## line need not be looked for in what is left of it; a regular expression that could see a secret
## could ask for it letter by letter.
func _found_in(line: String, is_code: bool) -> Variant:
	if _regexp == null and not _matches(line):
		return null
	if line.length() > LONGEST_LINE:
		_given_up += 1
		return null
	var told := Secrets.redact_text(line, is_code)
	if not _matches(told):
		return null
	return told


func _matches(line: String) -> bool:
	if _regexp != null:
		return _matches_regexp(line)
	return (line if _is_case_sensitive else line.to_lower()).contains(_query)


func _matches_regexp(line: String) -> bool:
	var found := _regexp.search(line)
	if found == null:
		_given_up += 1 if _tells_given_up else 0
		return false
	return not _tells_given_up or found.get_start(FOUND) >= 0


static func _lines_of(file: String) -> PackedStringArray:
	var opened := FileAccess.open(file, FileAccess.READ)
	if opened == null or opened.get_length() > FILE_LIMIT_BYTES:
		return PackedStringArray()
	var bytes := opened.get_buffer(opened.get_length())
	return PackedStringArray() if bytes.has(0) else Secrets.lines_of(bytes.get_string_from_utf8())
