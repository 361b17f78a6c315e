## The text of a script file: its hash, its line endings, and anchored edits. Nothing is written
## before save().
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const FileWriter := preload("file_writer.gd")
const QuotedTexts := preload("../texts/quoted_texts.gd")
const ScriptText := preload("script_text.gd")

const DIGEST_DIGITS := 16
## What a script says before anything else: what it extends (group 1; a quote where that is a path),
## with its annotations and its name.
const EXTENDS := "(*UCP)\\A[\\s\\\\]*(?:@\\w+[\\s\\\\]*(?:\\([^)]*\\))?[\\s\\\\;]*|class_name[\\s\\\\]+\\w+[\\s\\\\;]*)*extends\\b[\\s\\\\]*(\"|[\\w.]+)"
## Behind it stands no more of that.
const FIRST_MEMBER := "(?m)^(?:func|var|const|signal|enum|class|static)\\s"
const BYTE_ORDER_MARK: Array[int] = [0xef, 0xbb, 0xbf]

var path: String = ""
## With the file's own line endings.
var text: String = ""
## First digits of the SHA-256 of the file's bytes.
var digest: String = ""

var _has_mark: bool = false


static func load_from(file: String) -> ScriptText:
	var script := ScriptText.new()
	script.path = file
	var bytes := FileAccess.get_file_as_bytes(file)
	script._has_mark = bytes.size() >= 3 and Array(bytes.slice(0, 3)) == BYTE_ORDER_MARK
	script.text = (bytes.slice(3) if script._has_mark else bytes).get_string_from_utf8()
	script.digest = _digest_of(bytes)
	return script


static func fresh(file: String, source: String) -> ScriptText:
	var script := ScriptText.new()
	script.path = file
	script.text = source
	return script


## Files of the same kind in the folder of `file`.
static func neighbours(file: String) -> Array[String]:
	var paths: Array[String] = []
	if not DirAccess.dir_exists_absolute(file.get_base_dir()):
		return paths
	for name: String in DirAccess.get_files_at(file.get_base_dir()):
		if name.get_extension() == file.get_extension():
			paths.append(file.get_base_dir().path_join(name))
	return paths


## What a GDScript file extends, as its text says: a class, or a path as it is written.
static func base_class(file: String) -> String:
	var source := FileAccess.get_file_as_string(file).trim_prefix("\ufeff")
	var first := RegEx.create_from_string(FIRST_MEMBER).search(source)
	source = source if first == null else source.left(first.get_start())
	var found := RegEx.create_from_string(EXTENDS).search(QuotedTexts.blanked(source))
	if found == null:
		return "RefCounted"
	if found.get_string(1) != "\"":
		return found.get_string(1)
	for quoted: Dictionary in QuotedTexts.of(source, "gd"):
		if quoted["to"] >= found.get_end():
			return quoted["value"]
	return "RefCounted"


func line_count() -> int:
	return 0 if text.is_empty() else text.count("\n") + (0 if text.ends_with("\n") else 1)


## Lines `from` to `to`, counted from 1, both included.
func line_range(from: int, to: int) -> String:
	return "\n".join(text.split("\n").slice(from - 1, to))


func describe() -> Dictionary:
	return {"path": path, "hash": digest, "lines": line_count()}


## Replaces the whole text; a file with CRLF endings keeps them.
func replace_all(source: String) -> CommandResult:
	text = _with_endings(source, _has_windows_endings())
	return null


## Applies edits `{find, replace}` one after another; each `find` must stand exactly once. All or
## none.
func apply(edits: Array) -> CommandResult:
	var windows := _has_windows_endings()
	var edited := text.replace("\r\n", "\n") if windows else text
	for index: int in edits.size():
		var edit: Variant = edits[index]
		if not edit is Dictionary or not edit.get("find") is String \
				or not edit.get("replace") is String or edit["find"] == "":
			return CommandResult.failed("INVALID_PARAMS",
					"Edit %d needs 'find' and 'replace', both strings." % index).with("edit", index)
		var find: String = edit["find"].replace("\r\n", "\n") if windows else edit["find"]
		var found := edited.count(find)
		if found != 1:
			var hint := "Read the script again." if found == 0 \
					else "Take in more of the lines around it, so that it is unique."
			return CommandResult.failed("NOT_FOUND" if found == 0 else "INVALID_PARAMS",
					"Edit %d: 'find' stands %d times in %s, not once." % [index, found, path],
					hint).with("edit", index)
		var at := edited.find(find)
		edited = edited.left(at) + edit["replace"] + edited.substr(at + find.length())
	text = _with_endings(edited, windows)
	return null


## Null when the file has the text.
func save() -> CommandResult:
	var bytes := text.to_utf8_buffer()
	if _has_mark:
		bytes = PackedByteArray(BYTE_ORDER_MARK) + bytes
	var failure := FileWriter.write(path, bytes)
	if failure == null:
		digest = _digest_of(bytes)
	return failure


## True when every line ends in CRLF; a file with mixed endings is left as it is.
func _has_windows_endings() -> bool:
	var windows := text.count("\r\n")
	return windows > 0 and windows == text.count("\n")


static func _with_endings(source: String, windows: bool) -> String:
	return source.replace("\r\n", "\n").replace("\n", "\r\n") if windows else source


static func _digest_of(bytes: PackedByteArray) -> String:
	var context := HashingContext.new()
	context.start(HashingContext.HASH_SHA256)
	if not bytes.is_empty():
		context.update(bytes)
	return context.finish().hex_encode().left(DIGEST_DIGITS)
