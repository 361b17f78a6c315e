## A Godot process that runs tests: without a window, its log in a file, and never longer than somebody holds this object.
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

const EngineLog := preload("../engine_log.gd")
const WatchedTree := preload("watched_tree.gd")

const OUTPUT_LENGTH := 4000
## How much of the file is looked at for that: a crash prints many frames of the engine, which nobody can use.
const READ_LENGTH := 65536
const ENGINE_FRAME := ") [0x"

## Exit code; null while it runs, and when a signal or this object has ended it.
var exit_code: Variant = null

## Ids of all processes that run.
static var _running: Dictionary = {}

var _pid: int
## Nothing is said on it: connections to it break when this editor dies.
var _lifeline := TCPServer.new()
var _log_path: String


func _init(args: PackedStringArray, log_path: String) -> void:
	_log_path = log_path
	var line := PackedStringArray(["--headless", "--path", ProjectSettings.globalize_path("res://"), "--log-file", log_path])
	_lifeline.listen(0, "127.0.0.1")
	OS.set_environment(WatchedTree.PORT_VARIABLE, str(_lifeline.get_local_port()))
	_pid = OS.create_process(OS.get_executable_path(), line + args)
	OS.unset_environment(WatchedTree.PORT_VARIABLE)
	_running[_pid] = true


func is_running() -> bool:
	if _pid <= 0:
		return false
	if OS.is_process_running(_pid):
		return true
	_read_exit_code()
	_forget()
	return false


func kill() -> void:
	if is_running():
		OS.kill(_pid)
		_forget()


## Ends all of them: nobody wants to know any more.
static func end_all() -> void:
	for pid: int in _running:
		if OS.is_process_running(pid):
			OS.kill(pid)
	_running.clear()


## The end of what it has printed, from the beginning of a line.
func output_tail() -> String:
	var file := FileAccess.open(_log_path, FileAccess.READ)
	if file == null:
		return ""
	file.seek(maxi(0, file.get_length() - READ_LENGTH))
	var lines := Array(file.get_buffer(READ_LENGTH).get_string_from_utf8().split("\n"))
	var text := "\n".join(PackedStringArray(lines.filter(func(line: String) -> bool: return not line.contains(ENGINE_FRAME))))
	var is_whole := text.length() <= OUTPUT_LENGTH
	return text if is_whole else text.substr(text.find("\n", text.length() - OUTPUT_LENGTH) + 1)


## A process that a signal has ended has no exit code, and asking for it is an error to the engine: not one of the command.
func _read_exit_code() -> void:
	EngineLog.begin_check()
	var code := OS.get_process_exit_code(_pid)
	EngineLog.end_check()
	if code >= 0:
		exit_code = code


func _forget() -> void:
	_running.erase(_pid)
	_pid = 0


## No method of its own can be called any more when this object goes, only its variables be read.
func _notification(what: int) -> void:
	if what == NOTIFICATION_PREDELETE and _running.erase(_pid) and OS.is_process_running(_pid):
		OS.kill(_pid)
