## What a game has printed and reported, read from its log file as it grows. Equal reports are kept
## once and counted.
##
## The file and not the debugger's channel: it has what was said before the first script ran, and
## the last words of a crash.
extends RefCounted

const PrintedText := preload("../engine/printed_text.gd")

const CAPACITY := 2000
const TEXT_LENGTH := 4000
## What is read at once, and how many of its lines are looked at: those before are counted only.
const CHUNK_BYTES := 1 << 19
const CHUNK_LINES := 2000
## How long lines are looked at each time, in microseconds: whatever a game prints, its editor has
## work to do.
const SHARE_USEC := 2000
const LEVELS: Dictionary = {
	"ERROR: ": "error",
	"SCRIPT ERROR: ": "error",
	"SHADER ERROR: ": "error",
	"USER ERROR: ": "error",
	"USER SCRIPT ERROR: ": "error",
	"USER SHADER ERROR: ": "error",
	"WARNING: ": "warning",
	"USER WARNING: ": "warning",
}
## Where the engine's sources speak of the machine, and what they say at the end.
const DRIVERS: Array[String] = ["drivers/", "servers/audio", "platform/", "thirdparty/"]
const LEFTOVERS: Array[String] = ["still in use at exit", "leaked at exit", "audio driver"]
const CRASH := "handle_crash: "
const BELONGING := "   "
const PLACE := "   at: "
const BACKTRACE := "   GDScript backtrace (most recent call first):"
const FRAME := "       ["
const RULE := "================"
## Place of what an agent's code has against the compiler: it is tried as an expression first, and
## the answer to the agent has the error.
const TRIED_CODE := "hub://code/"
const COMPILING := "GDScript::reload"

## Entries {seq, level, message, file?, line?, function?, stack?, count}: oldest first appearance
## first.
var entries: Array[Dictionary] = []
## Number of the newest report.
var position: int = 0
## What the engine said when it crashed; empty when it has not.
var crash: String = ""
var error_count: int = 0
var warning_count: int = 0
## Lines that came faster than they could be looked at. Errors and warnings among them are counted.
var skipped_lines: int = 0
## Lines that were read, kept or not.
var lines: int = 0

var _path: String
var _offset: int = 0
## Lines that were read and not looked at yet, the next one last.
var _waiting: PackedStringArray = []
var _may_skip: bool = true
var _open_entry: Dictionary = {}
var _is_crash_told: bool = false
## Entry by what makes two reports equal.
var _known: Dictionary = {}
var _own_folder: String = (get_script() as Script).resource_path.get_base_dir().get_base_dir() + "/"
var _place_pattern := RegEx.create_from_string("^(.*) \\((.*):(\\d+)\\)$")


func _init(path: String) -> void:
	_path = path


## Takes in what has been added to the file, for as long as `share_usec`. `is_final`: nothing more
## will come, and all is taken in.
func poll(is_final: bool = false, share_usec: int = SHARE_USEC) -> void:
	var deadline := Time.get_ticks_usec() + share_usec
	while is_final or Time.get_ticks_usec() < deadline:
		if _waiting.is_empty() and not _read(is_final):
			break
		while not _waiting.is_empty() and (is_final or Time.get_ticks_usec() < deadline):
			_take(PrintedText.plain(_waiting[-1].trim_suffix("\r")))
			_waiting.resize(_waiting.size() - 1)
	if is_final:
		_close_entry()


## Whether there was something new to read.
func _read(is_final: bool) -> bool:
	var file := FileAccess.open(_path, FileAccess.READ)
	if file == null or file.get_length() <= _offset:
		return false
	file.seek(_offset)
	var bytes := file.get_buffer(mini(CHUNK_BYTES, file.get_length() - _offset))
	var is_last := is_final and _offset + bytes.size() == file.get_length()
	# A line longer than all that is read at once is cut.
	var end := bytes.rfind(10) + 1 if not is_last \
			and (bytes.has(10) or bytes.size() < CHUNK_BYTES) else bytes.size()
	_offset += end
	var begin := _begin_of_last_lines(bytes, end) if _may_skip else 0
	_waiting = bytes.slice(begin, end).get_string_from_utf8().split("\n")
	_waiting.reverse()
	lines += _waiting.size()
	if begin > 0:
		_skip(bytes.slice(0, begin))
	return end > 0


static func _begin_of_last_lines(bytes: PackedByteArray, end: int) -> int:
	var begin := end
	for number: int in CHUNK_LINES + 1:
		if begin == 0:
			return 0
		begin = bytes.rfind(10, begin - 1) if begin > 1 else -1
		if begin < 0:
			return 0
	return begin + 1


func _skip(bytes: PackedByteArray) -> void:
	_close_entry()
	skipped_lines += bytes.count(10)
	lines += bytes.count(10)
	var text := "\n" + bytes.get_string_from_ascii()
	var has_reports := text.contains("ERROR: ") or text.contains("WARNING: ")
	for head: String in LEVELS if has_reports else {}:
		var found := text.count("\n" + head)
		error_count += found if LEVELS[head] == "error" else 0
		warning_count += found if LEVELS[head] == "warning" else 0
	# What belongs to the last report that was skipped.
	while not _waiting.is_empty() and _waiting[-1].begins_with(BELONGING):
		_waiting.resize(_waiting.size() - 1)
		skipped_lines += 1


## Entries after `cursor` of at least `level`.
func since(cursor: int, level: String, levels: Array[String]) -> Array[Dictionary]:
	_close_complete_entry()
	var least := levels.find(level)
	return entries.filter(func(entry: Dictionary) -> bool:
		return entry["seq"] > cursor and levels.find(entry["level"]) >= least)


## The first messages of level error: those of the game before those of the engine about the
## machine and about its end.
func first_errors(count: int) -> Array[Dictionary]:
	_close_complete_entry()
	var errors := entries.filter(func(entry: Dictionary) -> bool: return entry["level"] == "error")
	var of_game := errors.filter(func(entry: Dictionary) -> bool: return not _is_of_machine(entry))
	return (of_game + errors.filter(_is_of_machine)).slice(0, count)


## The error for which the game has most likely ended; empty where none is to blame.
func likely_cause() -> Dictionary:
	for error: Dictionary in first_errors(1):
		if not _is_of_machine(error):
			return error
	return {}


## Whether the engine says there that the machine has no sound card, no such driver, or what was
## left at the end: it goes on without.
static func _is_of_machine(entry: Dictionary) -> bool:
	var file := str(entry.get("file", "")).trim_prefix("./")
	for folder: String in DRIVERS:
		if file.begins_with(folder):
			return true
	for text: String in LEFTOVERS:
		if not file.begins_with("res://") and (entry["message"] as String).contains(text):
			return true
	return false


func _take(line: String) -> void:
	if _is_crash_told:
		_take_of_crash(line)
	elif line.begins_with(CRASH):
		crash = line.trim_prefix(CRASH)
		_begin("error", crash)
		_is_crash_told = true
	elif line.begins_with(PLACE) and not _open_entry.is_empty():
		_place(line.trim_prefix(PLACE), false)
	elif line == BACKTRACE and not _open_entry.is_empty():
		_open_entry["stack"] = []
	elif line.begins_with(FRAME) and _open_entry.has("stack"):
		_take_frame(line)
	elif not line.strip_edges().is_empty():
		_take_message(line)


func _take_message(line: String) -> void:
	for head: String in LEVELS:
		if line.begins_with(head):
			_begin(LEVELS[head], line.trim_prefix(head))
			return
	if not _open_entry.is_empty() and not _open_entry.has("function"):
		_open_entry["message"] = (_open_entry["message"] + "\n" + line).left(TEXT_LENGTH)
	elif not line.begins_with(RULE):
		_begin("info", line)
		_close_entry()


## After a crash only the frames of scripts are of use.
func _take_of_crash(line: String) -> void:
	var is_script_frame := line.strip_edges().begins_with("[") and line.contains("(res://")
	if is_script_frame:
		if not _open_entry.has("stack"):
			_open_entry["stack"] = []
		_take_frame(line)


func _take_frame(line: String) -> void:
	var frame := line.get_slice("] ", 1)
	# Below the game's own frames stand those of the command that has called it.
	if frame.contains("(" + _own_folder):
		return
	(_open_entry["stack"] as Array).append(frame)
	# push_error() and the like name the engine's source: the script that called them says more. Of
	# a script that does not compile, its own line says more than that which has loaded it.
	if (_open_entry["stack"] as Array).size() == 1 and _open_entry.get("function") != COMPILING:
		_place(frame, true)


func _place(text: String, is_better: bool) -> void:
	var found := _place_pattern.search(text)
	if found != null and (is_better or not _open_entry.has("function")):
		_open_entry["function"] = found.get_string(1)
		_open_entry["file"] = found.get_string(2)
		_open_entry["line"] = found.get_string(3).to_int()


func _begin(level: String, message: String) -> void:
	_close_entry()
	_open_entry = {"level": level, "message": message.left(TEXT_LENGTH)}


## An error is written at once with all that belongs to it; the last words of a crash take the
## process a while.
func _close_complete_entry() -> void:
	if not _is_crash_told:
		_close_entry()


func _close_entry() -> void:
	if _open_entry.is_empty():
		return
	var entry := _open_entry
	_open_entry = {}
	if entry.get("function") == COMPILING and (entry["file"] as String).begins_with(TRIED_CODE):
		return
	position += 1
	error_count += 1 if entry["level"] == "error" else 0
	warning_count += 1 if entry["level"] == "warning" else 0
	var equal := _equal_of(entry)
	if not equal.is_empty():
		equal["seq"] = position
		equal["count"] += 1
		return
	entry["seq"] = position
	entry["count"] = 1
	entries.append(entry)
	if entry["level"] != "info":
		_known[_key_of(entry)] = entry
	if entries.size() > CAPACITY:
		_known.erase(_key_of(entries.pop_front()))


## Reports are equal wherever they stand; lines that were printed, only when they follow each other.
func _equal_of(entry: Dictionary) -> Dictionary:
	if entry["level"] != "info":
		return _known.get(_key_of(entry), {})
	var newest: Dictionary = entries[-1] if not entries.is_empty() else {}
	return newest if newest.get("level") == "info" and newest["message"] == entry["message"] else {}


static func _key_of(entry: Dictionary) -> String:
	return "%s|%s|%s|%s" % [entry["level"], entry["message"], entry.get("file", ""),
			entry.get("line", 0)]
