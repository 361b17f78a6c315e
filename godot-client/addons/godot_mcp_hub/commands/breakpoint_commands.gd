## Breakpoints of the editor's scripts: at which lines games stop.
extends RefCounted

const AdapterConnection := preload("../debugging/adapter_connection.gd")
const BreakableLines := preload("../debugging/breakpoints.gd").BreakableLines
const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const EditorBreakpoints := preload("../debugging/breakpoints.gd").EditorBreakpoints
const FilePaths := preload("../files/file_paths.gd")
const GameDebugger := preload("../debugging/game_debugger.gd")

var _debugger: GameDebugger


func _init(debugger: GameDebugger) -> void:
	_debugger = debugger


func commands() -> Array[Command]:
	return [
		Command.write("debug.set_breakpoints", _set_breakpoints, {
			"path": TYPE_STRING, "lines?": TYPE_ARRAY, "find?": TYPE_ARRAY}),
		Command.read("debug.list_breakpoints", _list_breakpoints, {"path?": TYPE_STRING}),
		Command.write("debug.remove_breakpoints", _remove_breakpoints,
		{"path?": TYPE_STRING, "lines?": TYPE_ARRAY}),
	]


func _set_breakpoints(request: CommandRequest) -> CommandResult:
	var resolved := FilePaths.resolve(request.text("path"))
	if resolved.is_error():
		return resolved.error
	var file: String = resolved.value
	var found := BreakableLines.find(file, request.params.get("find", []))
	if found.is_error():
		return found.error
	var lines: Array = request.params.get("lines", []) + found.value
	var misfit := BreakableLines.misfit(file, lines)
	if misfit != null:
		return misfit
	var failure := await _debugger.adapter.open()
	if failure != null:
		return failure
	await _debugger.acquire()
	var problem := await _debugger.breakpoints.add(file, BreakableLines.whole(lines), request.agent)
	await _debugger.await_hearing()
	_debugger.release()
	return AdapterConnection.refused(problem) if not problem.is_empty() \
			else CommandResult.succeeded(
			{"path": file, "breakpoints": _debugger.breakpoints.describe(file)})


func _list_breakpoints(request: CommandRequest) -> CommandResult:
	if not EditorBreakpoints.are_known():
		return await _debugger.adapter.open()
	var file := ""
	if request.has("path"):
		var resolved := FilePaths.resolve(request.text("path"))
		if resolved.is_error():
			return resolved.error
		file = resolved.value
	return CommandResult.succeeded({"breakpoints": _debugger.breakpoints.describe(file)})


func _remove_breakpoints(request: CommandRequest) -> CommandResult:
	if request.has("lines") and not request.has("path"):
		return CommandResult.failed("INVALID_PARAMS", "'lines' needs 'path'.")
	var listed := await _list_breakpoints(request)
	if listed.is_failure():
		return listed
	var wanted: Array = BreakableLines.whole(request.params.get("lines", []))
	var doomed: Array = (listed.value["breakpoints"] as Array) \
			.filter(func(known: Dictionary) -> bool:
		return not request.has("lines") or wanted.has(known["line"]))
	var failure := await _debugger.adapter.open()
	if failure != null:
		return failure
	var by_file: Dictionary = {}
	for known: Dictionary in doomed:
		(by_file.get_or_add(known["path"], []) as Array).append(known["line"])
	var problem := ""
	await _debugger.acquire()
	for file: String in by_file:
		problem += await _debugger.breakpoints.remove(file, by_file[file])
	await _debugger.await_hearing()
	_debugger.release()
	return AdapterConnection.refused(problem) if not problem.is_empty() \
			else CommandResult.succeeded(
			{"removed": doomed, "breakpoints": _debugger.breakpoints.describe()})
