## Sets and removes breakpoints for agents, and knows who has set which.
##
## They are the editor's own: a person sees them in the script editor, and they outlast games and the editor itself.
extends RefCounted

const AdapterConnection := preload("adapter_connection.gd")
const EditorBreakpoints := preload("editor_breakpoints.gd")

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
				described.append({"path": path, "line": line, "setBy": _set_by.get("%s:%d" % [path, line], A_PERSON)})
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
	# The adapter removes only those that it knows, and forgets them all when a game ends: they are told to it first.
	await _adapter.set_lines(file, before)
	var response := await _adapter.set_lines(file, before.filter(func(line: int) -> bool: return not lines.has(line)))
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
