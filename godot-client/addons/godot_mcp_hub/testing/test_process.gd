## A Godot process that runs tests. It is started as from a command line, and what it prints is taken from its pipes: an option for
## its log would change what frameworks see.
@tool
extends "../processes/godot_process.gd"

const ProcessOutput := preload("process_output.gd")

var _output := ProcessOutput.new()


## What it says of errors is written to `log_path`. `runs` is the kind of tests.
func _init(runs: String, args: PackedStringArray, log_path: String) -> void:
	super(args, log_path, true, runs)


func kill() -> void:
	super()
	_output.finish()


## The end of what it has printed, from the beginning of a line.
func output_tail() -> String:
	if not _has_open_pipes():
		return super()
	var bytes := _output.tail()
	if bytes.size() >= ProcessOutput.TAIL_BYTES:
		bytes = bytes.slice(bytes.find(10) + 1)
	return _readable(bytes.get_string_from_utf8())


func _start(line: PackedStringArray, is_silent: bool) -> int:
	if not _has_open_pipes():
		return super(line, is_silent)
	var started: Dictionary = OS.call("execute_with_pipe", OS.get_executable_path(), line, false)
	if not started.is_empty():
		_output.begin(started["stdio"], started["stderr"], _log_path)
	return started.get("pid", 0)
