## The one connection to this editor's debug adapter, on behalf of every agent: requests, their
## responses, and events.
##
## Dialled when it is needed first, and again after it was lost. Nothing is asked of an adapter
## before it has proved to be that of this editor: the port may belong to another one.
extends RefCounted

const AdapterPort := preload("../engine_workarounds/adapter_port.gd")
const CommandResult := preload("../requests/command_result.gd")
const DapStream := preload("dap_stream.gd")
const EditorBreakpoints := preload("breakpoints.gd").EditorBreakpoints
const Wait := preload("../engine/wait.gd")

## The adapter tells something; see the Debug Adapter Protocol.
signal event_received(event: String, body: Dictionary)

const CONNECT_TIMEOUT_MS := 2000
## The adapter itself gives up after one second, by default.
const RESPONSE_TIMEOUT_MS := 5000
## Requests that may be asked again when the connection was lost meanwhile.
const REPEATABLE: Array[String] = ["setBreakpoints", "stackTrace", "scopes", "variables"]
const LOST := "the connection to the debug adapter is lost"
## A script of this addon, on whose lines the adapter shows that it is this editor's.
const PROBE := "plugin.gd"

var _stream: DapStream = null
var _port := AdapterPort.new()
var _sequence: int = 0
## Responses that have come and were not taken yet, by the number of their request.
var _responses: Dictionary = {}
var _is_ready: bool = false
var _is_opening: bool = false


## Port of the adapter; 0 while there is no connection.
func port() -> int:
	return _port.find() if is_ready() else 0


func is_ready() -> bool:
	return _is_ready and _stream != null and _stream.is_open()


## How many requests there have been.
func request_count() -> int:
	return _sequence


## Makes sure that there is a connection. Null when there is one, otherwise why there is none.
func open() -> CommandResult:
	await Wait.until(func() -> bool: return not _is_opening)
	if is_ready():
		return null
	_is_opening = true
	var failure := await _open()
	_is_opening = false
	_is_ready = failure == null
	if failure != null:
		close()
	return failure


## Asks the adapter; its response, or {success: false, message} when it gave none.
func request(command: String, arguments: Dictionary = {}) -> Dictionary:
	var response := await _ask(command, arguments)
	# While it opens, a loss is a failure to open.
	if response.get("message") == LOST and REPEATABLE.has(command) and not _is_opening \
			and await open() == null:
		return await _ask(command, arguments)
	return response


func _ask(command: String, arguments: Dictionary) -> Dictionary:
	if _stream == null or not _stream.is_open():
		return {"success": false, "message": LOST}
	_sequence += 1
	var number := _sequence
	_stream.send({"seq": number, "type": "request", "command": command, "arguments": arguments})
	var is_lost := func() -> bool: return _stream == null or not _stream.is_open()
	await Wait.until(func() -> bool: return _responses.has(number) or is_lost.call(),
			RESPONSE_TIMEOUT_MS)
	if not _responses.has(number):
		return {"success": false, "message": LOST if is_lost.call()
				else "the debug adapter did not answer"}
	var response: Dictionary = _responses[number]
	_responses.erase(number)
	return response


## To be called every frame. A connection that was lost is made again at once, so that no event is
## missed.
func poll() -> void:
	if _stream == null:
		return
	if _is_ready and not _stream.is_open() and not _is_opening:
		open()
		return
	for message: Dictionary in _stream.poll():
		if message.get("type") == "response":
			_responses[int(message.get("request_seq", 0))] = message
		elif message.get("type") == "event":
			event_received.emit(str(message.get("event", "")), message.get("body", {}))


func close() -> void:
	_is_ready = false
	_responses.clear()
	if _stream != null:
		_stream.close()
		_stream = null


func dispose() -> void:
	close()
	_port.dispose()


func _open() -> CommandResult:
	if not EditorBreakpoints.are_known():
		return CommandResult.failed("CONFLICT",
				"Debugging needs a newer Godot; this is %s." % Engine.get_version_info()["string"])
	if _port.find() == 0:
		return CommandResult.failed("CONFLICT", "This editor has no debug adapter.")
	var is_own := await _dial() and await _is_of_this_editor()
	if not is_own and _port.move_away():
		is_own = await _dial() and await _is_of_this_editor()
	if not is_own:
		return CommandResult.failed("CONFLICT",
				"Port %d is not that of this editor's debug adapter." % _port.find(),
				"Give this editor a port of its own: Editor Settings, Network, Debug Adapter, Remote Port; and start it without --dap-port.")
	await _introduce()
	return null


func _dial() -> bool:
	close()
	var peer := StreamPeerTCP.new()
	if peer.connect_to_host("127.0.0.1", _port.find()) != OK:
		return false
	_stream = DapStream.new(peer)
	await Wait.until(func() -> bool: return _stream.is_connected_to_host() or not _stream.is_open(),
			CONNECT_TIMEOUT_MS)
	if not _stream.is_connected_to_host():
		return false
	peer.set_no_delay(true)
	return true


## Sets a breakpoint through the adapter, looks for it in this editor, and takes it back.
func _is_of_this_editor() -> bool:
	var probe := (get_script() as Script).resource_path.get_base_dir().get_base_dir() \
			.path_join(PROBE)
	var before := EditorBreakpoints.lines_of(probe)
	var free := range(1, FileAccess.get_file_as_string(probe).count("\n")) \
			.filter(func(each: int) -> bool: return not before.has(each))
	var line: int = free.pick_random()
	# Not introduced yet: lines count from 0.
	var answer := await _set_lines(probe, before + [line], -1)
	var is_here := EditorBreakpoints.lines_of(probe).has(line)
	if answer.get("success", false):
		await _set_lines(probe, before, -1)
	return is_here


## After this, lines count from 1 and values come with their types.
func _introduce() -> void:
	var before := EditorBreakpoints.all()
	_port.keep_breakpoints()
	await request("initialize", {
		"clientID": "godot-mcp-hub",
		"adapterID": "godot",
		"linesStartAt1": true,
		"columnsStartAt1": true,
		"supportsVariableType": true,
	})
	for file: String in before:
		if EditorBreakpoints.lines_of(file) != before[file]:
			await set_lines(file, before[file])


## Makes these the breakpoints of a file.
func set_lines(file: String, lines: Array) -> Dictionary:
	return await _set_lines(file, lines, 0)


func _set_lines(file: String, lines: Array, offset: int) -> Dictionary:
	return await request("setBreakpoints", {
		"source": {"name": file.get_file(), "path": ProjectSettings.globalize_path(file),
		"checksums": []},
		"breakpoints": lines.map(func(line: int) -> Dictionary: return {"line": line + offset}),
	})


## The answer to a command that the adapter did not carry out.
static func refused(problem: String) -> CommandResult:
	return CommandResult.failed("CONFLICT",
			"The editor's debug adapter has refused it: %s." % problem,
			"debug.get_state says where the game stands.")
