## One run of tests: its processes one after the other, and what became of each test.
extends RefCounted

const BrokenSuites := preload("broken_suites.gd")
const CommandRequest := preload("../command_request.gd")
const FrameworkExit := preload("framework_exit.gd")
const GameOutput := preload("../playing/game_output.gd")
const GodotProcess := preload("../godot_process.gd")
const TestLaunches := preload("test_launches.gd")
const TestSelection := preload("test_selection.gd")

const POLL_INTERVAL_MS := 50
## Where the processes write: a folder that they reach by the same name.
const FOLDER := "user://godot_mcp_hub"
const LOG := "output.log"
const MESSAGE_LENGTH := 2000
## What is left of a run whose editor has died is removed when nothing was written to it for so long: no run takes longer.
const LEFTOVER_AGE_S := 2 * 3600

static var _count: int = 0

## {suite, name, status, durationMs, message?, file?, line?}; status is passed, failed, error or skipped.
var tests: Array[Dictionary] = []
## "finished", "crashed", "unreported" (a framework ended without its report), "timeout" or "cancelled".
var end: String = "finished"
## Exit code of the last process; null when it has none.
var exit_code: Variant = null
## The end of what the last process has printed.
var output: String = ""
## What the exit code of a framework tells beside its tests; empty when it fits them.
var note: String = ""

var _selection: TestSelection
var _request: CommandRequest
var _ends_at_ms: int
var _folder: String
## What the engine said of a crash of the last process; empty when it said nothing.
var _crash: String = ""


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
	for launch: Dictionary in TestLaunches.of(_selection, _folder, log_path):
		if end == "finished":
			DirAccess.remove_absolute(log_path)
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


func _run_process(launch: Dictionary, log_path: String) -> void:
	var started_ms := Time.get_ticks_msec()
	var process := GodotProcess.new(launch["arguments"], log_path)
	var outcomes: Array[Dictionary] = []
	while process.is_running() and end == "finished":
		await _pause()
		if _request.is_cancelled:
			end = "cancelled"
		elif Time.get_ticks_msec() > _ends_at_ms or _request.is_expired():
			end = "timeout"
		_tell_progress(launch)
	process.kill()
	var said := GameOutput.new(log_path)
	said.poll(true)
	output = process.output_tail()
	_crash = said.crash
	var report: Variant = TestLaunches.outcomes(launch, _folder)
	if report is Array:
		outcomes.assign(report)
	if end == "finished" and _has_crashed(outcomes, said):
		end = "crashed"
	elif end == "finished" and report == null and launch["runs"] != "scene":
		end = "unreported"
	exit_code = process.exit_code if end in ["finished", "unreported"] else null
	if launch["runs"] in TestSelection.ENTRIES:
		outcomes.append_array(BrokenSuites.among(said, _selection, outcomes))
		note = FrameworkExit.note(launch["runs"], exit_code, outcomes)
	if launch["runs"] == "scene":
		outcomes.append(_outcome_of_scene(launch["suite"], Time.get_ticks_msec() - started_ms, said))
	for outcome: Dictionary in outcomes:
		tests.append(_settled(outcome))


## The exit code does not tell: for a process that a signal has ended it is the signal's number.
static func _has_crashed(outcomes: Array[Dictionary], said: GameOutput) -> bool:
	var ended_in_a_test: bool = not outcomes.is_empty() and outcomes[-1]["status"] == "started"
	return ended_in_a_test or not said.crash.is_empty()


func _pause() -> void:
	var until := Time.get_ticks_msec() + POLL_INTERVAL_MS
	while Time.get_ticks_msec() < until:
		await _request.let_frame_pass()


func _tell_progress(launch: Dictionary) -> void:
	var done := tests.size()
	var doing := "Running %s" % launch.get("suite", _selection.framework)
	if launch["runs"] == "scripts":
		var begun: Variant = TestLaunches.outcomes(launch, _folder)
		if begun is Array and not (begun as Array).is_empty():
			done += (begun as Array).size() - 1
			doing = "%s in %s" % [begun[-1]["name"], begun[-1]["suite"]]
	_request.report_progress(done, _selection.count(), doing)


## A scene passes by quitting with 0.
func _outcome_of_scene(scene: String, duration_ms: int, said: GameOutput) -> Dictionary:
	var outcome: Dictionary = {"suite": scene, "name": TestSelection.SCENE_TEST, "durationMs": duration_ms, "status": "passed"}
	if end == "finished" and exit_code is int and exit_code == 0:
		return outcome
	outcome["status"] = "failed" if exit_code is int else "error"
	outcome["message"] = "It quit with %d." % exit_code if exit_code is int else _why_unfinished()
	for error: Dictionary in said.first_errors(1):
		outcome["message"] += "\n" + str(error["message"])
		for place: String in ["file", "line"]:
			if error.has(place):
				outcome[place] = error[place]
	return outcome


## A test that was begun and not ended is what the process died of.
func _settled(outcome: Dictionary) -> Dictionary:
	if outcome["status"] == "started":
		outcome.merge({"status": "error", "durationMs": 0, "message": _why_unfinished()}, true)
	if outcome.has("message"):
		outcome["message"] = str(outcome["message"]).left(MESSAGE_LENGTH)
	outcome["durationMs"] = roundf(outcome["durationMs"] * 1000.0) / 1000.0
	return outcome


func _why_unfinished() -> String:
	match end:
		"timeout":
			return "It had not ended when the time was over."
		"cancelled":
			return "It was cancelled."
	return ("The process ended while it ran. %s" % _crash).strip_edges()


static func _remove_folder(folder: String) -> void:
	for inner: String in DirAccess.get_directories_at(folder):
		_remove_folder(folder.path_join(inner))
	for file: String in DirAccess.get_files_at(folder):
		DirAccess.remove_absolute(folder.path_join(file))
	DirAccess.remove_absolute(folder)
