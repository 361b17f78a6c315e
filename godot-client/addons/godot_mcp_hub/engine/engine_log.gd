## Keeps what the engine prints and reports, for editor.get_log and for the answers of the commands
## during which it happened.
##
## The engine reports from any thread. Godot before 4.5 has no Logger: there the log is empty, and
## the log file is read instead.
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

const EngineLog := preload("engine_log.gd")
const PrintedText := preload("printed_text.gd")

const LEVELS: Array[String] = ["info", "warning", "error"]
## Entries kept; the oldest give way.
const CAPACITY := 2000
const TEXT_LENGTH := 2000
## Whole frames of a headless editor's missing renderer: said at every save although nothing is
## wrong.
const NOISE_SOURCE := "servers/rendering/dummy"
## The script editor looks for what it remembers of a script before it keeps a breakpoint of it, and
## complains the first time.
const NOISE_OF_BREAKPOINTS := "Couldn't find the given section \"res://*\" and key \"state\"*"

## While a check runs, what its thread reports is its own finding and no entry: messages by the id
## of the thread.
static var _findings: Dictionary = {}
static var _mutex := Mutex.new()

## Entries {seq, level, message, file?, line?, function?}, oldest first.
var _entries: Array[Dictionary] = []
var _sequence: int = 0
var _listener: Object = null


func start() -> void:
	if not ClassDB.class_exists("Logger"):
		return
	var type: GDScript = load(
			(EngineLog as Script).resource_path.get_base_dir().path_join("engine_log_listener.gd"))
	_listener = type.new()
	_listener.set("sink", append)
	OS.call("add_logger", _listener)


func stop() -> void:
	if _listener != null:
		OS.call("remove_logger", _listener)
		_listener.set("sink", Callable())
		_listener = null


## Whether the engine hands its reports to this log.
func is_listening() -> bool:
	return _listener != null


## What this thread reports until end_check() belongs to a check's own answer. Nothing may be
## awaited in between.
static func begin_check() -> void:
	_mutex.lock()
	_findings[OS.get_thread_caller_id()] = [] as Array[String]
	_mutex.unlock()


## Messages that this thread has reported since begin_check().
static func end_check() -> Array[String]:
	_mutex.lock()
	var found: Array[String] = _findings.get(OS.get_thread_caller_id(), [] as Array[String])
	_findings.erase(OS.get_thread_caller_id())
	_mutex.unlock()
	return found


## Takes a report, from any thread.
func append(entry: Dictionary) -> void:
	if _is_noise(entry):
		return
	entry["message"] = PrintedText.plain(str(entry["message"])).strip_edges(false, true) \
			.left(TEXT_LENGTH)
	_mutex.lock()
	if _findings.has(OS.get_thread_caller_id()):
		(_findings[OS.get_thread_caller_id()] as Array[String]).append(entry["message"])
	else:
		_sequence += 1
		entry["seq"] = _sequence
		_entries.append(entry)
		if _entries.size() > CAPACITY:
			_entries.pop_front()
	_mutex.unlock()


## Whether it has no author who could do anything about it.
static func _is_noise(entry: Dictionary) -> bool:
	var message := str(entry["message"])
	# The engine colours its progress; what a project prints alike is the project's.
	var is_progress := PrintedText.is_steering(message) \
			and PrintedText.is_progress(PrintedText.plain(message))
	return is_progress or str(entry.get("file", "")).contains(NOISE_SOURCE) \
			or message.match(NOISE_OF_BREAKPOINTS)


## Number of the newest entry; 0 when there was none yet.
func position() -> int:
	_mutex.lock()
	var newest := _sequence
	_mutex.unlock()
	return newest


## Entries after `position` of at least `level`, oldest first.
func since(from: int, level: String = "info") -> Array[Dictionary]:
	var least := LEVELS.find(level)
	var found: Array[Dictionary] = []
	_mutex.lock()
	var first := maxi(0, _entries.size() - (_sequence - from))
	for entry: Dictionary in _entries.slice(first) if from < _sequence else []:
		if LEVELS.find(entry["level"]) >= least:
			found.append(entry.duplicate())
	_mutex.unlock()
	return found


## Forgets every entry; numbers go on, so that cursors stay right. Returns how many there were.
func clear() -> int:
	_mutex.lock()
	var count := _entries.size()
	_entries.clear()
	_mutex.unlock()
	return count
