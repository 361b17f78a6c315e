## Measures a running game or this editor for a while, and compares what was measured before a
## change with what was after it.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const GameRun := preload("../playing/game_run.gd")
const GameRuns := preload("../playing/game_runs.gd")
const MonitorSamples := preload("../profiling/monitor_samples.gd")
const SnapshotComparison := preload("../profiling/snapshot_comparison.gd")

const DEFAULT_MS := 2000
const LEAST_MS := 100
const MOST_MS := 60_000
const DEFAULT_TOLERANCE := 10.0
## Snapshots that are kept, for as long as the editor runs; the oldest give way.
const KEPT := 20
const SUBJECTS: Array[String] = ["game", "editor"]

var _runs: GameRuns
## Snapshots by id, oldest first.
var _snapshots: Dictionary = {}
var _count: int = 0


func _init(runs: GameRuns) -> void:
	_runs = runs


func commands() -> Array[Command]:
	return [
		Command.read("profiler.snapshot", _snapshot, {
			"of?": TYPE_STRING, "game?": TYPE_INT, "ms?": TYPE_INT,
			"label?": TYPE_STRING}).that_takes_long(),
		Command.read("profiler.compare", _compare,
		{"before": TYPE_STRING, "after": TYPE_STRING, "tolerance?": TYPE_FLOAT}),
	]


func _snapshot(request: CommandRequest) -> CommandResult:
	var of := request.text("of", SUBJECTS[0])
	var duration := request.number("ms", DEFAULT_MS)
	if not SUBJECTS.has(of) or duration < LEAST_MS or duration > MOST_MS:
		return CommandResult.failed("INVALID_PARAMS",
				"'of' must be one of %s, and 'ms' between %d and %d." % [
				", ".join(PackedStringArray(SUBJECTS)), LEAST_MS, MOST_MS])
	var facts: Dictionary = {"of": of}
	if of == "game":
		var game := _game(request)
		if game == null:
			return CommandResult.failed("NOT_FOUND", "No such game runs.",
					"Start one with run.play, or measure the editor with of:\"editor\".")
		facts.merge({"game": game.number, "scene": game.scene})
		facts.merge(await game.measure(duration, request))
	else:
		facts.merge(await MonitorSamples.new().take(duration,
				func() -> bool: return request.is_cancelled))
	if request.is_cancelled:
		return request.cancelled()
	if not facts.has("monitors"):
		return CommandResult.failed("INSTANCE_DISCONNECTED",
				"The game has not told its measurements: it has ended, hangs or is paused.",
				"run.status says what has become of it.")
	return CommandResult.succeeded(_keep(facts, request.text("label")))


func _keep(facts: Dictionary, label: String) -> Dictionary:
	_count += 1
	facts["snapshot"] = "s%d" % _count
	if not label.is_empty():
		facts["label"] = label
	_snapshots[facts["snapshot"]] = facts
	if _snapshots.size() > KEPT:
		_snapshots.erase(_snapshots.keys()[0])
	return facts


## The game that is meant: the one with that number, else the newest that runs.
func _game(request: CommandRequest) -> GameRun:
	var running := _runs.current().filter(func(game: GameRun) -> bool:
		return game.state == GameRun.State.RUNNING \
				and request.number("game", game.number) == game.number)
	return running[-1] if not running.is_empty() else null


func _compare(request: CommandRequest) -> CommandResult:
	for side: String in ["before", "after"]:
		if not _snapshots.has(request.text(side)):
			var known: Array[String] = []
			known.assign(_snapshots.keys())
			return CommandResult.failed("NOT_FOUND",
					"There is no snapshot '%s'." % request.text(side),
					"The editor keeps the last %d until it is closed: take one with profiler.snapshot." % KEPT, known)
	var before: Dictionary = _snapshots[request.text("before")]
	var after: Dictionary = _snapshots[request.text("after")]
	if before["of"] != after["of"]:
		return CommandResult.failed("INVALID_PARAMS",
				"'%s' is of the %s and '%s' of the %s: they have nothing in common." % [
				before["snapshot"], before["of"], after["snapshot"], after["of"]])
	var comparison := SnapshotComparison.new(before["monitors"], after["monitors"],
			request.params.get("tolerance", DEFAULT_TOLERANCE))
	return CommandResult.succeeded({
		"before": _introduce(before), "after": _introduce(after), "worse": comparison.worse,
		"better": comparison.better,
		"unchanged": comparison.unchanged, "unmatched": comparison.unmatched})


## A snapshot without its numbers.
static func _introduce(snapshot: Dictionary) -> Dictionary:
	var introduction := snapshot.duplicate()
	introduction.erase("monitors")
	return introduction
