## One run of tests: its processes one after the other, and what became of each test.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const FrameworkExit := preload("process_end.gd").FrameworkExit
const GameOutput := preload("../playing/game_output.gd")
const OutcomeReader := preload("outcome_reader.gd")
const ProcessEnd := preload("process_end.gd")
const TestLaunches := preload("test_launches.gd")
const TestLog := preload("test_log.gd")
const TestProcess := preload("test_process.gd")
const TestSelection := preload("test_selection.gd")
const Wait := preload("../engine/wait.gd")

## Of one process, more would not be read.
const MOST_BROKEN := 100
const POLL_INTERVAL_MS := 50
## Where the processes write: a folder that they reach by the same name.
const FOLDER := "user://godot_mcp_hub"
const LOG := "errors.log"
const MESSAGE_LENGTH := 2000
## The rest of a run whose editor has died is removed when nothing was written to it for so
## long: no run takes longer.
const LEFTOVER_AGE_S := 2 * 3600

static var _count: int = 0

## {suite, name, status, durationMs, message?, file?, line?}; status is passed, failed, error or
## skipped.
var tests: Array[Dictionary] = []
## How the last process has ended: see process_end.gd.
var end: String = "finished"
## Exit code of the last process; null when it has none.
var exit_code: Variant = null
## The end of what the last process has printed.
var output: String = ""
## A note beside the tests: of the exit code, of what is not known, of where it ended.
var note: String = ""

var _selection: TestSelection
var _request: CommandRequest
var _ends_at_ms: int
var _folder: String
## When the last process was started.
var _started_ms: int


func _init(selection: TestSelection, request: CommandRequest, timeout_ms: int) -> void:
	_count += 1
	_selection = selection
	_request = request
	_ends_at_ms = Time.get_ticks_msec() + timeout_ms
	_folder = FOLDER.path_join("tests-%d-%d" % [OS.get_process_id(), _count])


## Runs everything; what it left in the file system is gone afterwards.
func run() -> void:
	remove_leftovers(FOLDER, LEFTOVER_AGE_S)
	DirAccess.make_dir_recursive_absolute(_folder)
	var log_path := ProjectSettings.globalize_path(_folder.path_join(LOG))
	for launch: Dictionary in TestLaunches.of(_selection, _folder):
		await _wait_for_turn(launch["runs"])
		if end == "finished":
			for path: String in [log_path, TestLaunches.outcomes_path(_folder)]:
				DirAccess.remove_absolute(path)
			await _run_process(launch, log_path)
	_remove_folder(_folder)
	DirAccess.remove_absolute(FOLDER)


## Removes what earlier runs have left in `folder` and not written to for `age_s` seconds.
static func remove_leftovers(folder: String, age_s: int) -> void:
	if not DirAccess.dir_exists_absolute(folder):
		return
	for inner: String in DirAccess.get_directories_at(folder):
		var written_at := FileAccess.get_modified_time(folder.path_join(inner).path_join(LOG))
		if written_at > 0 and Time.get_unix_time_from_system() - written_at >= age_s:
			_remove_folder(folder.path_join(inner))


## One process of a framework at a time: two would meet in the user's folder, where it keeps its
## files and reads the engine's log.
func _wait_for_turn(runs: String) -> void:
	var since := Time.get_ticks_msec()
	while runs in TestSelection.ENTRIES and TestProcess.is_any_running(runs) and end == "finished":
		_request.report_progress(0, 0,
				"Waiting until another run of %s is over" % FrameworkExit.TITLES[runs])
		await _pause()
		_ends_at_ms += Time.get_ticks_msec() - since
		since = Time.get_ticks_msec()
		_look_at_time()


func _run_process(launch: Dictionary, log_path: String) -> void:
	_started_ms = Time.get_ticks_msec()
	var process := TestProcess.new(launch["runs"], launch["arguments"], log_path)
	var outcomes := OutcomeReader.new(TestLaunches.outcomes_path(_folder))
	while process.is_running() and end == "finished" \
			and not _is_hopeless(launch["runs"], outcomes, log_path):
		await _pause()
		_look_at_time()
		outcomes.poll()
		_tell_progress(launch, outcomes)
	process.kill()
	outcomes.poll()
	var said := TestLog.new(log_path)
	said.read_all()
	output = process.output_tail()
	_settle(launch,
			ProcessEnd.new(launch["runs"], end, process.exit_code, outcomes, said,
			TestLaunches.report(launch, _folder)))


## A framework whose main loop does not compile may go on for ever. The log is read anew: it may end
## amid an error.
static func _is_hopeless(runs: String, outcomes: OutcomeReader, log_path: String) -> bool:
	if not runs in TestSelection.ENTRIES or outcomes.has_begun():
		return false
	var entry := str(TestSelection.ENTRIES[runs]).get_file()
	return TestLog.new(log_path).errors().any(func(error: Dictionary) -> bool:
		return error.get("function") == TestLog.COMPILING \
				and str(error["file"]).get_file() == entry)


func _look_at_time() -> void:
	if _request.is_cancelled:
		end = "cancelled"
	elif Time.get_ticks_msec() > _ends_at_ms or _request.is_expired():
		end = "timeout"


## Takes the outcomes that the process has told as they happened, or else those of its report, and
## says what they leave open.
func _settle(launch: Dictionary, ending: ProcessEnd) -> void:
	end = ending.kind
	exit_code = ending.exit_code
	var told := ending.outcomes.tests
	if ending.report != null and not ending.outcomes.has_begun():
		if not FrameworkExit.is_failure(launch["runs"], exit_code):
			ending.report.merge_tries()
		told = ending.report.tests
	if ending.is_of_framework():
		# GdUnit4 before 5.0 tells of tests that it was to leave out, as skipped.
		told = told.filter(func(outcome: Dictionary) -> bool:
			return outcome["status"] != "skipped" or outcome["name"] == "" \
					or _selection.is_meant(outcome["name"]))
		told.append_array(_broken_suites(ending.said, _selection, told))
	var running := ending.outcomes.running
	if not running.is_empty():
		told.append({
			"suite": running["suite"], "name": running["name"], "status": "error", "durationMs": 0,
			"message": ending.why_unfinished()})
	if launch["runs"] == "scene":
		told.append(_outcome_of_scene(launch["suite"], ending))
	note = ending.note(_selection, told)
	for outcome: Dictionary in told:
		tests.append(_bounded(outcome))


func _pause() -> void:
	await Wait.pass_time(POLL_INTERVAL_MS, _request.let_frame_pass)


func _tell_progress(launch: Dictionary, outcomes: OutcomeReader) -> void:
	var doing := "Running %s" % launch.get("suite", _selection.framework)
	if not outcomes.running.is_empty():
		doing = "%s in %s" % [outcomes.running["name"], outcomes.running["suite"]]
	_request.report_progress(tests.size() + outcomes.tests.size(),
			maxi(outcomes.planned, _selection.count()), doing)


## A scene passes by quitting with 0.
func _outcome_of_scene(scene: String, ending: ProcessEnd) -> Dictionary:
	var duration_ms := Time.get_ticks_msec() - _started_ms
	var outcome: Dictionary = {"suite": scene, "name": TestSelection.SCENE_TEST,
			"durationMs": duration_ms, "status": "passed"}
	if end == "finished" and exit_code is int and exit_code == 0:
		return outcome
	outcome["status"] = "failed" if exit_code is int else "error"
	outcome["message"] = "It quit with %d." % exit_code if exit_code is int \
			else ending.why_unfinished()
	var error := ending.said.likely_cause()
	if not error.is_empty():
		outcome["message"] += "\n" + str(error["message"])
		for place: String in ["file", "line"]:
			if error.has(place):
				outcome[place] = error[place]
	return outcome


static func _bounded(outcome: Dictionary) -> Dictionary:
	if outcome.has("message"):
		outcome["message"] = str(outcome["message"]).left(MESSAGE_LENGTH)
	outcome["durationMs"] = roundf(outcome["durationMs"] * 1000.0) / 1000.0
	return outcome


static func _remove_folder(folder: String) -> void:
	for inner: String in DirAccess.get_directories_at(folder):
		_remove_folder(folder.path_join(inner))
	for file: String in DirAccess.get_files_at(folder):
		DirAccess.remove_absolute(folder.path_join(file))
	DirAccess.remove_absolute(folder)


## An outcome of status "error" and without a name for each suite that did not compile, from what
## the engine `said` of it.
static func _broken_suites(said: TestLog, selection: TestSelection,
		outcomes: Array[Dictionary]) -> Array[Dictionary]:
	var broken: Array[Dictionary] = []
	var known: Dictionary = {}
	for outcome: Dictionary in outcomes:
		known[outcome["suite"]] = true
	for error: Dictionary in said.errors().slice(0, MOST_BROKEN):
		var file: String = error.get("file", "")
		if error.get("function") != GameOutput.COMPILING or known.has(file) \
				or not selection.may_hold(file):
			continue
		known[file] = true
		broken.append({
			"suite": file, "name": "", "status": "error", "durationMs": 0,
			"message": error["message"], "file": file, "line": error["line"]})
	return broken
