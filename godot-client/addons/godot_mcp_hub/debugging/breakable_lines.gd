## Which lines of a script can stop a game.
extends RefCounted

const CommandResult := preload("../command_result.gd")

const LANGUAGES: Array[String] = ["gd"]
const MOST_LINES := 200


## Null when a game could stop at each of these lines.
static func misfit(file: String, lines: Array) -> CommandResult:
	if not LANGUAGES.has(file.get_extension().to_lower()):
		return CommandResult.failed("INVALID_PARAMS", "'%s' is no GDScript file." % file)
	if not FileAccess.file_exists(file):
		return CommandResult.failed("NOT_FOUND", "There is no file %s." % file)
	if lines.is_empty() or lines.size() > MOST_LINES:
		return CommandResult.failed("INVALID_PARAMS", "'lines' must have between 1 and %d entries." % MOST_LINES)
	var text := FileAccess.get_file_as_string(file).split("\n")
	for line: Variant in lines:
		if not (line is float or line is int) or line != floor(line) or line < 1 or line > text.size():
			return CommandResult.failed("INVALID_PARAMS", "'lines' must be between 1 and %d, the length of %s; %s is not." % [text.size(), file, line])
		if not _has_code(text[int(line) - 1]):
			return _nothing_there(file, int(line), text)
	return null


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
