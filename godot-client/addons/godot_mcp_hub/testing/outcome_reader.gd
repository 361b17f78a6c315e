## Reads what a test process writes about its tests (outcome_writer.gd), as the file grows.
extends RefCounted

const OutcomeWriter := preload("outcome_writer.gd")

## {suite, name, status, durationMs, message?, file?, line?} of each test that has ended, in their order.
var tests: Array[Dictionary] = []
## {suite, name, isNext?} of what has begun and not ended; empty when nothing has. `isNext`: what is called before it has begun.
var running: Dictionary = {}
## How many tests are going to run; 0 while the process has not said so.
var planned: int = 0
## Whether everything that was to run has run.
var is_complete: bool = false
## Whether the process has quit by itself: nothing else has ended it then.
var has_quit: bool = false

var _path: String
var _offset: int = 0


func _init(path: String) -> void:
	_path = path


## Reads the lines that were added; one that is being written does not count yet.
func poll() -> void:
	var file := FileAccess.open(_path, FileAccess.READ)
	if file == null or file.get_length() <= _offset:
		return
	file.seek(_offset)
	var bytes := file.get_buffer(file.get_length() - _offset)
	var end := bytes.rfind(10) + 1
	_offset += end
	for text: String in bytes.slice(0, end).get_string_from_utf8().split("\n", false):
		var line: Variant = JSON.parse_string(text)
		if line is Dictionary:
			_take(line)


## Whether any test or suite has begun.
func has_begun() -> bool:
	return is_complete or not running.is_empty() or not tests.is_empty()


func _take(line: Dictionary) -> void:
	match line.get("status"):
		OutcomeWriter.PLANNED:
			planned = int(line["total"])
		OutcomeWriter.STARTED:
			running = line
		OutcomeWriter.SUITE_OVER:
			running = {}
		OutcomeWriter.COMPLETE:
			is_complete = true
			running = {}
		OutcomeWriter.QUITS:
			has_quit = true
		_:
			_end(line)


func _end(outcome: Dictionary) -> void:
	running = {}
	if outcome.has("line"):
		outcome["line"] = int(outcome["line"])
	if outcome.erase("isAgain"):
		tests.pop_back()
	tests.append(outcome)
