## A Godot process beside the editor: without a window, its log in a file, and never longer than
## this object is held.
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

const EngineLog := preload("../engine/engine_log.gd")
const PrintedText := preload("../engine/printed_text.gd")
const WatchedTree := preload("watched_tree.gd")

const OUTPUT_LENGTH := 4000
## How much of the file is looked at for that: a crash prints many frames of the engine, which
## no reader can use.
const READ_LENGTH := 65536
const PIPE_BYTES := 1 << 20
const ENGINE_FRAME := ") [0x"

## Exit code; null while it runs, and when a signal or this object has ended it.
var exit_code: Variant = null

## What each process is for, by the ids of all that run.
static var _running: Dictionary = {}

var _pid: int
## Nothing is said on it: connections to it break when this editor dies.
var _lifeline := TCPServer.new()
var _log_path: String
## What a silent process prints on its way to nowhere.
var _pipes: Array[FileAccess] = []


## `is_silent`: what it prints stands in its log, and not on the editor's own output. `purpose`:
## what is_any_running() asks for.
func _init(args: PackedStringArray, log_path: String, is_silent: bool = false,
		purpose: String = "") -> void:
	_log_path = log_path
	_lifeline.listen(0, "127.0.0.1")
	OS.set_environment(WatchedTree.PORT_VARIABLE, str(_lifeline.get_local_port()))
	var line := PackedStringArray(["--headless", "--path",
			ProjectSettings.globalize_path("res://")]) + args
	_pid = _start(line, is_silent)
	OS.unset_environment(WatchedTree.PORT_VARIABLE)
	_running[_pid] = purpose


## Whether a process with that purpose runs.
static func is_any_running(purpose: String) -> bool:
	return _running.values().has(purpose)


func is_running() -> bool:
	# One that was ended with all others is not asked about any more: it is no process of this one
	# then.
	if not _running.has(_pid):
		return false
	for pipe: FileAccess in _pipes:
		pipe.get_buffer(PIPE_BYTES)
	if OS.is_process_running(_pid):
		return true
	_read_exit_code()
	_forget()
	return false


func kill() -> void:
	if is_running():
		OS.kill(_pid)
		_forget()


## Pipes that are read without waiting came with Godot 4.4.
static func _has_open_pipes() -> bool:
	return OS.get_method_argument_count(&"execute_with_pipe") > 2


## Its id; 0 or less where it could not be started.
func _start(line: PackedStringArray, is_silent: bool) -> int:
	var logged := PackedStringArray(["--log-file", _log_path]) + line
	return _start_silent(logged) if is_silent and _has_open_pipes() \
			else OS.create_process(OS.get_executable_path(), logged)


func _start_silent(args: PackedStringArray) -> int:
	var started: Dictionary = OS.call("execute_with_pipe", OS.get_executable_path(), args, false)
	if started.is_empty():
		return 0
	_pipes = [started["stdio"], started["stderr"]]
	return started["pid"]


## Ends all of them: nobody wants to know any more.
static func end_all() -> void:
	for pid: int in _running:
		if OS.is_process_running(pid):
			OS.kill(pid)
	_running.clear()


## How much it has printed.
func log_length() -> int:
	return FileAccess.get_size(_log_path) if FileAccess.file_exists(_log_path) else 0


## The end of what it has printed, from the beginning of a line.
func output_tail() -> String:
	var file := FileAccess.open(_log_path, FileAccess.READ)
	if file == null:
		return ""
	file.seek(maxi(0, file.get_length() - READ_LENGTH))
	return _readable(file.get_buffer(READ_LENGTH).get_string_from_utf8())


## The end of what was printed, as it is read: frameworks print colours.
static func _readable(printed: String) -> String:
	var lines := Array(PrintedText.plain(printed).split("\n"))
	var own := lines.filter(func(line: String) -> bool:
		return not line.contains(ENGINE_FRAME) and not PrintedText.is_progress(line))
	var text := "\n".join(PackedStringArray(own))
	var is_whole := text.length() <= OUTPUT_LENGTH
	return text if is_whole else text.substr(text.find("\n", text.length() - OUTPUT_LENGTH) + 1)


## A process that a signal has ended has no exit code, and asking for it is an error to the engine:
## not one of the command.
func _read_exit_code() -> void:
	EngineLog.begin_check()
	var code := OS.get_process_exit_code(_pid)
	EngineLog.end_check()
	if code >= 0:
		exit_code = code


func _forget() -> void:
	_running.erase(_pid)
	_pid = 0


## None of its methods can be called any more when this object goes, only its variables be read.
func _notification(what: int) -> void:
	if what == NOTIFICATION_PREDELETE and _running.erase(_pid) and OS.is_process_running(_pid):
		OS.kill(_pid)
