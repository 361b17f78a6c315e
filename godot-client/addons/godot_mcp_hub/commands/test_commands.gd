## The project's tests: GUT, GdUnit4, or its own scripts and scenes, each run in a process of its
## own.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const FrameworkExit := preload("../testing/process_end.gd").FrameworkExit
const TestRun := preload("../testing/test_run.gd")
const TestSelection := preload("../testing/test_selection.gd")

const DEFAULT_TIMEOUT_MS := 120000
const LONGEST_TIMEOUT_MS := 3600000
const DEFAULT_LIMIT := 200
const NONE_RAN := "No test ran: there is none in these places, or none that is meant."
const ALL_SKIPPED := "Every test is skipped: none has passed."
const STATUSES: Array[String] = ["passed", "failed", "error", "skipped"]


func commands() -> Array[Command]:
	return [
		Command.read("test.list", _list, {
			"framework?": TYPE_STRING, "paths?": TYPE_ARRAY, "name?": TYPE_STRING,
			"limit?": TYPE_INT,
			"cursor?": TYPE_STRING}).that_takes_long(),
		Command.write("test.run", _run, {
			"framework?": TYPE_STRING, "paths?": TYPE_ARRAY, "name?": TYPE_STRING,
			"timeoutMs?": TYPE_INT,
			"limit?": TYPE_INT}).that_takes_long(),
	]


func _list(request: CommandRequest) -> CommandResult:
	var first := request.place()
	if first < 0:
		return request.not_a_cursor()
	var selection := TestSelection.new()
	var refusal := selection.resolve(request)
	if refusal != null:
		return refusal
	if not await selection.find_files(request) or not await selection.find_suites(request):
		return request.cancelled()
	var end := first + request.number("limit", DEFAULT_LIMIT)
	var answer: Dictionary = {
		"framework": selection.framework,
		"installed": TestSelection.installed(),
		"total": selection.count(),
		"suites": [],
	}
	var place := 0
	for suite: Dictionary in selection.suites:
		var tests: Array = suite["tests"]
		var shown := tests.slice(maxi(0, first - place), maxi(0, end - place))
		if not shown.is_empty():
			(answer["suites"] as Array).append({"suite": suite["suite"], "tests": shown})
		place += tests.size()
	if end < place:
		answer.merge({"truncated": true, "cursor": str(end)})
	return CommandResult.succeeded(answer)


func _run(request: CommandRequest) -> CommandResult:
	var timeout := request.number("timeoutMs", DEFAULT_TIMEOUT_MS)
	if timeout < 1 or timeout > LONGEST_TIMEOUT_MS:
		return CommandResult.failed("INVALID_PARAMS",
				"'timeoutMs' must be between 1 and %d." % LONGEST_TIMEOUT_MS)
	var selection := TestSelection.new()
	var refusal := selection.resolve(request)
	if refusal != null:
		return refusal
	if not await selection.find_files(request):
		return request.cancelled()
	if not selection.is_left_to_framework() and not await selection.find_suites(request):
		return request.cancelled()
	if selection.is_known_empty():
		return CommandResult.failed("NOT_FOUND", "There is no test to run.",
				"Tests are methods test_* in scripts, or scenes, named test_* or *_test in a folder named test or tests; or name files with 'paths'.")
	var run := TestRun.new(selection, request, timeout)
	await run.run()
	return request.cancelled() if run.end == "cancelled" \
			else CommandResult.succeeded(_answer(selection, run, request))


static func _answer(selection: TestSelection, run: TestRun, request: CommandRequest) -> Dictionary:
	var totals: Dictionary = {"total": run.tests.size()}
	for status: String in STATUSES:
		totals[status] = run.tests.filter(
				func(test: Dictionary) -> bool: return test["status"] == status).size()
	var has_passed: bool = run.end == "finished" and totals["failed"] + totals["error"] == 0 \
			and totals["passed"] > 0 \
			and not FrameworkExit.is_failure(selection.framework, run.exit_code)
	var answer: Dictionary = {
		"framework": selection.framework,
		"passed": has_passed,
		"end": run.end,
		"exitCode": run.exit_code,
		"totals": totals,
	}
	var note := run.note
	if note.is_empty() and not has_passed and run.end == "finished" \
			and totals["failed"] + totals["error"] == 0:
		note = NONE_RAN if run.tests.is_empty() else ALL_SKIPPED
	if not note.is_empty():
		answer["note"] = note
	var limit := request.number("limit", DEFAULT_LIMIT)
	answer["tests"] = run.tests
	if run.tests.size() > limit:
		answer["truncated"] = true
		answer["tests"] = _worst_first(run.tests).slice(0, limit)
	if not has_passed:
		answer["output"] = run.output
	return answer


## Those that did not pass, then the others: what is cut off is what says least.
static func _worst_first(tests: Array[Dictionary]) -> Array[Dictionary]:
	var is_bad := func(test: Dictionary) -> bool: return test["status"] in ["failed", "error"]
	var is_good := func(test: Dictionary) -> bool: return not is_bad.call(test)
	return tests.filter(is_bad) + tests.filter(is_good)
