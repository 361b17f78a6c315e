## Reads what a test process writes about its tests (outcome_writer.gd), as the file grows.
extends RefCounted


## {suite, name, status, durationMs, message?, file?, line?} of each test that has ended, in their
## order.
var tests: Array[Dictionary] = []
## {suite, name, isNext?} of what has begun and not ended; empty when nothing has. `isNext`: what is
## called before it has begun.
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


## Writes what becomes of each test as it happens, one JSON object a line: whatever the process dies
## of, what it had told stays.
class OutcomeWriter extends RefCounted:
	## Statuses that are no outcomes: a test or a part of a suite has begun; a suite is over; the
	## run is through; the process quits by itself; so many tests are going to run.
	const STARTED := "started"
	const SUITE_OVER := "suite over"
	const COMPLETE := "complete"
	const QUITS := "quits"
	const PLANNED := "planned"

	var _file: FileAccess

	## Begins the file at `path`. `tree` is that of the process: it is the one that knows of a quit.
	func _init(path: String, tree: SceneTree) -> void:
		_file = FileAccess.open(path, FileAccess.WRITE)
		tree.root.tree_exiting.connect(_tell.bind({"status": QUITS}))

	## `total` tests are going to run.
	func plan(total: int) -> void:
		_tell({"status": PLANNED, "total": total})

	## The test `name` of `suite` begins, or a part of the suite that is no test.
	func begin(suite: String, name: String) -> void:
		_tell({"suite": suite, "name": name, "status": STARTED})

	## What is called before the test `name` begins, which begins next.
	func approach(suite: String, name: String) -> void:
		_tell({"suite": suite, "name": name, "status": STARTED, "isNext": true})

	## What has begun is over, and has come to `outcome`: {suite, name, status, durationMs,
	## message?, file?, line?}. `is_again`: it takes the place of the newest one, since the same
	## test was tried again.
	func end(outcome: Dictionary, is_again: bool = false) -> void:
		_tell(outcome.merged({"isAgain": true}) if is_again else outcome)

	## Nothing of `suite` runs any more.
	func end_suite(suite: String) -> void:
		_tell({"suite": suite, "status": SUITE_OVER})

	## Everything that was to run has run.
	func complete() -> void:
		_tell({"status": COMPLETE})

	func _tell(line: Dictionary) -> void:
		_file.store_line(JSON.stringify(line))
		_file.flush()
