## Writes what becomes of each test as it happens, one JSON object a line: whatever the process dies of, what it had told stays.
extends RefCounted

## Statuses that are no outcomes: a test or a part of a suite has begun; a suite is over; the run is through; the process quits
## by itself; so many tests are going to run.
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


## What has begun is over, and has come to `outcome`: {suite, name, status, durationMs, message?, file?, line?}. `is_again`: it
## takes the place of the newest one, since the same test was tried again.
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
