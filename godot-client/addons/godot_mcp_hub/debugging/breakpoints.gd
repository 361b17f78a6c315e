## Sets and removes breakpoints for agents, and knows who has set which.
##
## They are the editor's own: a person sees them in the script editor, and they outlast games and
## the editor itself.
extends RefCounted

const AdapterConnection := preload("adapter_connection.gd")
const CommandResult := preload("../requests/command_result.gd")
const Result := preload("../requests/result.gd")

## Who has set a breakpoint that no agent has set since this editor started.
const A_PERSON := "a person at the editor, or an earlier session"

var _adapter: AdapterConnection
## Agent by "<file>:<line>".
var _set_by: Dictionary = {}


func _init(adapter: AdapterConnection) -> void:
	_adapter = adapter


## Breakpoints {path, line, setBy}, of one file or of all.
func describe(file: String = "") -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	var all := EditorBreakpoints.all()
	for path: String in all:
		if file.is_empty() or file == path:
			for line: int in all[path]:
				described.append({"path": path, "line": line,
						"setBy": _set_by.get("%s:%d" % [path, line], A_PERSON)})
	return described


func has(file: String, line: int) -> bool:
	return EditorBreakpoints.lines_of(file).has(line)


## Adds breakpoints to a file. Returns why the adapter has refused them; empty when it has not.
func add(file: String, lines: Array, agent: String) -> String:
	var before := EditorBreakpoints.lines_of(file)
	var response := await _adapter.set_lines(file, _united(before, lines))
	for line: int in lines:
		if not before.has(line) and has(file, line):
			_set_by["%s:%d" % [file, line]] = agent
	return "" if response.get("success", false) else str(response.get("message", ""))


## Removes breakpoints of a file. Returns why the adapter has refused it; empty when it has not.
func remove(file: String, lines: Array) -> String:
	var before := EditorBreakpoints.lines_of(file)
	# The adapter removes only those that it knows, and forgets them all when a game ends: they are
	# told to it first.
	await _adapter.set_lines(file, before)
	var response := await _adapter.set_lines(file,
			before.filter(func(line: int) -> bool: return not lines.has(line)))
	for line: int in lines:
		if not has(file, line):
			_set_by.erase("%s:%d" % [file, line])
	return "" if response.get("success", false) else str(response.get("message", ""))


static func _united(before: Array, more: Array) -> Array:
	var lines := before.duplicate()
	for line: int in more:
		if not lines.has(line):
			lines.append(line)
	return lines


## The breakpoints of this editor, set by a person or an agent, as its script editor keeps them.
class EditorBreakpoints extends RefCounted:
	## Whether this version of Godot tells them.
	static func are_known() -> bool:
		return EditorInterface.get_script_editor().has_method("get_breakpoints")

	## Lines in ascending order, counted from 1, by file.
	static func all() -> Dictionary:
		var found: Dictionary = {}
		# Texts such as "res://player.gd:12". Called by name: an older Godot does not have it.
		for entry: String in EditorInterface.get_script_editor().call(&"get_breakpoints"):
			var colon := entry.rfind(":")
			var file := entry.left(colon)
			var lines: Array = found.get_or_add(file, [])
			var line := entry.substr(colon + 1).to_int()
			if not lines.has(line):
				lines.append(line)
		for file: String in found:
			(found[file] as Array).sort()
		return found

	static func lines_of(file: String) -> Array:
		return all().get(file, [])


## Which lines of a script can stop a game.
class BreakableLines extends RefCounted:
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
			return CommandResult.failed("INVALID_PARAMS",
					"'lines' and 'find' must name between 1 and %d lines." % MOST_LINES)
		var text := FileAccess.get_file_as_string(file).split("\n")
		for line: Variant in lines:
			if not (line is float or line is int) or line != floor(line) or line < 1 \
					or line > text.size():
				return CommandResult.failed("INVALID_PARAMS",
						"'lines' must be between 1 and %d, the length of %s; %s is not."
						% [text.size(), file, line])
			if not _has_code(text[int(line) - 1]):
				return _nothing_there(file, int(line), text)
		return null

	## What stands in a line, as the file is now; empty where there is no such line.
	static func text_of(file: String, line: int) -> String:
		var lines := FileAccess.get_file_as_string(file).split("\n") \
				if FileAccess.file_exists(file) else PackedStringArray()
		return lines[line - 1].strip_edges().left(TEXT_LENGTH) if line >= 1 \
				and line <= lines.size() else ""

	## The lines in which each of `texts` stands; an error when one of them does not stand in
	## exactly one line.
	static func find(file: String, texts: Array) -> Result:
		var lines := FileAccess.get_file_as_string(file).split("\n") \
				if FileAccess.file_exists(file) else PackedStringArray()
		var found: Array = []
		for text: Variant in texts if not lines.is_empty() else []:
			var places := range(1, lines.size() + 1) \
					.filter(func(line: int) -> bool: return lines[line - 1].contains(str(text)))
			if places.size() != 1:
				var where := "in no line" if places.is_empty() \
						else "in the lines %s" % ", ".join(PackedStringArray(places.map(str)))
				return Result.err(CommandResult.failed("NOT_FOUND" if places.is_empty()
						else "INVALID_PARAMS",
						"'%s' stands %s of %s." % [text, where, file],
						"Give a text of one line that stands there only, or 'lines'."))
			found.append(places[0])
		return Result.ok(found)

	## The same as integers.
	static func whole(lines: Array) -> Array:
		return lines.map(func(line: Variant) -> int: return int(line))

	static func _nothing_there(file: String, line: int, text: PackedStringArray) -> CommandResult:
		for next: int in range(line, text.size()):
			if _has_code(text[next]):
				return CommandResult.failed("INVALID_PARAMS",
						"%s:%d is empty or a comment: a game would never stop there."
						% [file, line],
						"The next line with code is %d." % (next + 1)).with("nextLine", next + 1)
		return CommandResult.failed("INVALID_PARAMS",
				"%s:%d is empty or a comment: a game would never stop there." % [file, line])

	static func _has_code(line: String) -> bool:
		var plain := line.strip_edges()
		return not plain.is_empty() and not plain.begins_with("#")
