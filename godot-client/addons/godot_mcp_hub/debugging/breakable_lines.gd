## Which lines of a script can stop a game.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")

const LANGUAGES: Array[String] = ["gd"]
const MOST_LINES := 200
const TEXT_LENGTH := 200


## Null when a game could stop at each of these lines.
static func misfit(file: String, lines: Array) -> CommandResult:
	if not LANGUAGES.has(file.get_extension().to_lower()):
		return CommandResult.failed("INVALID_PARAMS", "'%s' is no GDScript file." % file)
	if not FileAccess.file_exists(file):
		return CommandResult.failed("NOT_FOUND", "There is no file %s." % file)
	if lines.is_empty() or lines.size() > MOST_LINES:
		return CommandResult.failed("INVALID_PARAMS", "'lines' and 'find' must name between 1 and %d lines." % MOST_LINES)
	var text := FileAccess.get_file_as_string(file).split("\n")
	for line: Variant in lines:
		if not (line is float or line is int) or line != floor(line) or line < 1 or line > text.size():
			return CommandResult.failed("INVALID_PARAMS", "'lines' must be between 1 and %d, the length of %s; %s is not." % [text.size(), file, line])
		if not _has_code(text[int(line) - 1]):
			return _nothing_there(file, int(line), text)
	return null


## What stands in a line, as the file is now; empty where there is no such line.
static func text_of(file: String, line: int) -> String:
	var lines := FileAccess.get_file_as_string(file).split("\n") if FileAccess.file_exists(file) else PackedStringArray()
	return lines[line - 1].strip_edges().left(TEXT_LENGTH) if line >= 1 and line <= lines.size() else ""


## `lines`, in which each of `texts` stands, or `failure` when one of them does not stand in exactly one line.
static func find(file: String, texts: Array) -> Dictionary:
	var lines := FileAccess.get_file_as_string(file).split("\n") if FileAccess.file_exists(file) else PackedStringArray()
	var found: Array = []
	for text: Variant in texts if not lines.is_empty() else []:
		var places := range(1, lines.size() + 1).filter(func(line: int) -> bool: return lines[line - 1].contains(str(text)))
		if places.size() != 1:
			var where := "in no line" if places.is_empty() else "in the lines %s" % ", ".join(PackedStringArray(places.map(str)))
			return {"failure": CommandResult.failed("NOT_FOUND" if places.is_empty() else "INVALID_PARAMS",
					"'%s' stands %s of %s." % [text, where, file], "Give a text of one line that stands there only, or 'lines'.")}
		found.append(places[0])
	return {"lines": found}


## The same as integers.
static func whole(lines: Array) -> Array:
	return lines.map(func(line: Variant) -> int: return int(line))


static func _nothing_there(file: String, line: int, text: PackedStringArray) -> CommandResult:
	for next: int in range(line, text.size()):
		if _has_code(text[next]):
			return CommandResult.failed("INVALID_PARAMS", "%s:%d is empty or a comment: a game would never stop there." % [file, line],
					"The next line with code is %d." % (next + 1)).with("nextLine", next + 1)
	return CommandResult.failed("INVALID_PARAMS", "%s:%d is empty or a comment: a game would never stop there." % [file, line])


static func _has_code(line: String) -> bool:
	var plain := line.strip_edges()
	return not plain.is_empty() and not plain.begins_with("#")
