extends "unit_test.gd"

const Command := preload("res://addons/godot_mcp_hub/requests/command.gd")
const CommandRequest := preload("res://addons/godot_mcp_hub/requests/command_request.gd")
const CommandResult := preload("res://addons/godot_mcp_hub/requests/command_result.gd")
const CommandRouter := preload("res://addons/godot_mcp_hub/routing/command_router.gd")
const EngineLog := preload("res://addons/godot_mcp_hub/engine/engine_log.gd")
const Journal := preload("res://addons/godot_mcp_hub/routing/journal.gd")

const BUDGET_USEC := 1000000

signal go_on

var _answers: Array[Dictionary] = []
var _ran: Array[String] = []
var _told: Array[Dictionary] = []
var _engine_log := EngineLog.new()
## What happens while the engine has a command's call.
var _within := Callable()


func test_an_id_that_comes_twice_runs_once_and_is_answered_twice() -> void:
	var router := _router()
	_ask(router, "a", "test.write")
	_ask(router, "a", "test.write", {"attempt": 2.0, "epoch": "e1"})
	expect_equal(_ran.size(), 1)
	expect_equal(_answers.size(), 2)
	expect_equal(_answers[0], _answers[1])


func test_a_read_that_comes_twice_runs_twice() -> void:
	var router := _router()
	_ask(router, "a", "test.read")
	_ask(router, "a", "test.read", {"attempt": 2.0})
	expect_equal(_ran.size(), 2)


func test_a_resend_while_it_runs_is_answered_once() -> void:
	var router := _router()
	_ask(router, "a", "test.wait")
	_ask(router, "a", "test.wait", {"attempt": 2.0, "epoch": "e1"})
	expect_equal(_answers.size(), 0)
	go_on.emit()
	expect_equal(_answers.size(), 1)
	expect_equal(_ran.size(), 1)


func test_a_write_of_another_epoch_is_not_run() -> void:
	var router := _router()
	_ask(router, "a", "test.write", {"attempt": 2.0, "epoch": "before"})
	_ask(router, "b", "test.write", {"attempt": 2.0})
	_ask(router, "c", "test.read", {"attempt": 2.0, "epoch": "before"})
	_ask(router, "d", "test.write", {"attempt": 2.0, "epoch": "e1"})
	_ask(router, "e", "test.write", {"attempt": 1.0, "epoch": "before"})
	expect_equal(_kinds(), ["OUTCOME_UNKNOWN", "OUTCOME_UNKNOWN", "", "", ""])
	expect_equal(_ran, ["c", "d", "e"] as Array[String])


func test_a_write_that_was_answered_long_ago_is_not_run_again_however_it_is_sent() -> void:
	var router := _router()
	_ask(router, "first", "test.write")
	_ask(router, "cancelled", "test.wait", {}, "c")
	_ask(router, "waits", "test.write", {}, "c")
	router.cancel("waits")
	go_on.emit()
	for index: int in Journal.CAPACITY + 10:
		_ask(router, "n%d" % index, "test.write", {}, "other")
	_ran.clear()
	_answers.clear()
	_ask(router, "first", "test.write", {"attempt": 2.0, "epoch": "e1"})
	_ask(router, "first", "test.write", {"attempt": 7.0})
	_ask(router, "first", "test.write")
	expect_equal(_kinds(), ["OUTCOME_UNKNOWN", "OUTCOME_UNKNOWN", "OUTCOME_UNKNOWN"])
	_ask(router, "waits", "test.write", {"attempt": 2.0, "epoch": "e1"})
	_ask(router, "never sent", "test.write", {"attempt": 2.0, "epoch": "e1"})
	_ask(router, "new", "test.write")
	expect_equal(_ran, ["waits", "never sent", "new"] as Array[String])


func test_a_write_that_ran_for_a_sender_who_is_known_by_another_id_now_is_not_run_again() -> void:
	var router := _router()
	_ask(router, "before:x", "test.write")
	_ask(router, "after:x", "test.write", {"attempt": 2.0, "epoch": "e1"})
	_ask(router, "after:y", "test.write", {"attempt": 2.0, "epoch": "e1"})
	_ask(router, "third:x", "test.write")
	expect_equal(_kinds(), ["", "OUTCOME_UNKNOWN", "", ""])


func test_a_write_that_has_run_is_answered_so_whatever_has_become_of_its_command() -> void:
	var before := _router()
	_ask(before, "a", "test.write")
	before.pause_reason = "a person works"
	_ask(before, "a", "test.write", {"attempt": 2.0, "epoch": "e1"})
	_ask(before, "a", "test.write", {"attempt": 3.0, "epoch": "e1", "params": {"unknown": 1.0}})
	_ask(before, "a", "test.gone", {"attempt": 4.0, "epoch": "e1"})
	_ask(before, "b", "test.write", {"attempt": 2.0, "epoch": "e1"})
	expect_equal(_kinds(), ["", "", "", "", "BUSY"])
	expect_equal(_ran, ["a"] as Array[String])


func test_one_clients_commands_run_in_their_order_and_do_not_hold_back_others() -> void:
	var router := _router()
	_ask(router, "a1", "test.wait", {}, "a")
	_ask(router, "a2", "test.write", {}, "a")
	_ask(router, "b1", "test.write", {}, "b")
	expect_equal(_ran, ["a1", "b1"] as Array[String])
	go_on.emit()
	router.run_queued(BUDGET_USEC)
	expect_equal(_ran, ["a1", "b1", "a2"] as Array[String])


func test_a_command_that_the_project_registers_while_the_editor_starts_is_waited_for() -> void:
	var router := _router()
	router.is_settling = true
	_ask(router, "a", "probe.late", {"deadlineMs": 60000.0})
	_ask(router, "a", "probe.late", {"attempt": 2.0, "epoch": "e1"})
	_ask(router, "b", "probe.never")
	_ask(router, "c", "probe.never")
	_ask(router, "d", "test.read")
	router.cancel("c")
	expect_equal(_kinds(), ["", "CANCELLED"])
	router.register([Command.write("probe.late", _note)])
	router.settle()
	router.run_queued(BUDGET_USEC)
	expect_equal(_kinds(), ["", "CANCELLED", "METHOD_NOT_FOUND", ""])
	expect_equal(_ran, ["d", "a"] as Array[String])
	_ask(router, "e", "probe.never")
	expect_equal(_answers.size(), 5)


func test_what_waits_for_a_command_is_answered_when_the_editor_leaves() -> void:
	var router := _router()
	router.is_settling = true
	_ask(router, "a", "probe.late")
	router.answer_all(CommandResult.failed("BUSY", "Gone."), CommandResult.failed("OUTCOME_UNKNOWN", "Gone."))
	expect_equal(_kinds(), ["BUSY"])
	router.settle()
	expect_equal(_answers.size(), 1)


func test_a_long_command_does_not_hold_back_its_own_client() -> void:
	var router := _router()
	_ask(router, "a1", "test.long", {}, "a")
	_ask(router, "a2", "test.write", {}, "a")
	expect_equal(_ran, ["a1", "a2"] as Array[String])


func test_what_has_not_begun_is_cancelled_and_may_be_asked_again() -> void:
	var router := _router()
	_ask(router, "a1", "test.wait", {}, "a")
	_ask(router, "a2", "test.write", {}, "a")
	router.cancel("a2")
	expect_equal(_kinds(), ["CANCELLED"])
	go_on.emit()
	_ask(router, "a2", "test.write", {"attempt": 2.0, "epoch": "e1"}, "a")
	expect_equal(_ran, ["a1", "a2"] as Array[String])


func test_what_waited_longer_than_its_deadline_is_not_run() -> void:
	var router := _router()
	_ask(router, "a1", "test.wait", {}, "a")
	_ask(router, "a2", "test.write", {"deadlineMs": 1.0}, "a")
	OS.delay_msec(5)
	go_on.emit()
	router.run_queued(BUDGET_USEC)
	expect_equal(_kinds(), ["", "TIMEOUT"])
	expect_equal(_answers[1]["error"]["data"]["dispatched"], false)
	expect_equal(_ran, ["a1"] as Array[String])


func test_a_command_without_a_result_is_an_internal_error_that_names_it() -> void:
	expected_errors = 2
	var router := _router()
	_ask(router, "a", "test.broken")
	_ask(router, "b", "test.broken_later")
	go_on.emit()
	expect_equal(_kinds(), ["INTERNAL_ERROR", "INTERNAL_ERROR"])
	expect_true(str(_answers[0]["error"]["message"]).contains("test.broken"), "that the message names the command")


func test_params_are_checked_against_what_the_command_declares() -> void:
	var router := _router()
	_ask(router, "a", "test.params", {"params": {"name": "x", "limit": 3.0}})
	_ask(router, "b", "test.params", {"params": {}})
	_ask(router, "c", "test.params", {"params": {"name": 5.0}})
	_ask(router, "d", "test.params", {"params": {"name": "x", "nmae": "y"}})
	_ask(router, "e", "test.params", {"params": {"name": "x", "limit": 0.0}})
	_ask(router, "f", "test.params", {"params": {"name": "x", "limit": 1.5}})
	_ask(router, "g", "test.parms")
	expect_equal(_kinds(), ["", "INVALID_PARAMS", "INVALID_PARAMS", "INVALID_PARAMS", "INVALID_PARAMS", "INVALID_PARAMS", "METHOD_NOT_FOUND"])
	expect_equal(_answers[3]["error"]["data"]["candidates"], ["name"])
	expect_equal(_answers[6]["error"]["data"]["candidates"][0], "test.params")


func test_commands_stop_when_the_budget_of_the_frame_is_used() -> void:
	var router := _router()
	for index: int in 5:
		router.receive({"id": "s%d" % index, "method": "test.slow", "context": {"clientId": "c%d" % index}})
	router.run_queued(3000)
	expect_true(_ran.size() >= 1 and _ran.size() < 5, "that some have run and some have not")
	while _ran.size() < 5:
		router.run_queued(3000)
	expect_equal(_answers.size(), 5)


func test_what_loses_files_needs_confirmation() -> void:
	var router := _router()
	_ask(router, "a", "test.lose")
	_ask(router, "b", "test.lose", {"params": {"confirm": false}})
	_ask(router, "c", "test.lose", {"params": {"confirm": true}})
	expect_equal(_kinds(), ["INVALID_PARAMS", "INVALID_PARAMS", ""])
	expect_true(str(_answers[0]["error"]["message"]).contains("confirm:true"), "that the message names what is missing")


func test_progress_is_told_under_the_request_s_id_and_not_at_every_step() -> void:
	var router := _router()
	_ask(router, "a", "test.steps")
	expect_equal(_told.size(), 1)
	expect_equal(_told[0], {"jsonrpc": "2.0", "method": "progress", "params": {"id": "a", "progress": 0.0, "total": 100.0, "message": "stepping"}})


func test_what_comes_while_a_command_is_in_the_engine_keeps_its_order_and_can_be_cancelled() -> void:
	var router := _router()
	_within = func() -> void:
		router.receive({"id": "d", "method": "test.write", "context": {"clientId": "one"}})
		router.receive({"id": "e", "method": "test.write", "context": {"clientId": "two"}})
		router.cancel("c")
	for id: String in ["a", "b", "c"]:
		router.receive({"id": id, "method": "test.within" if id == "a" else "test.write", "context": {"clientId": "one"}})
	router.run_queued(BUDGET_USEC)
	router.run_queued(BUDGET_USEC)
	expect_equal(_ran, ["a", "b", "d", "e"] as Array[String])
	expect_equal(_kinds(), ["CANCELLED", "", "", "", ""])


func test_who_can_wait_no_longer_for_the_engine_is_told_what_it_does() -> void:
	var router := _router()
	router.receive({"id": "a", "method": "test.write", "context": {"clientId": "one"}, "deadlineMs": 100})
	router.receive({"id": "b", "method": "test.write", "context": {"clientId": "one"}, "deadlineMs": 60000})
	router.tell_waiting("it imports files")
	expect_equal(_kinds(), ["TIMEOUT"])
	expect_true((_answers[0]["error"]["message"] as String).contains("it imports files"), "that it says why")
	expect_equal(_answers[0]["error"]["data"]["dispatched"], false)
	router.run_queued(BUDGET_USEC)
	expect_equal(_ran, ["b"] as Array[String])


func test_what_is_reported_while_a_command_runs_is_part_of_its_answer() -> void:
	var router := _router()
	_engine_log.append({"level": "error", "message": "before"})
	_ask(router, "a", "test.report")
	_ask(router, "b", "test.read")
	_ask(router, "c", "test.report_much")
	expect_equal(_answers[0]["result"]["engineErrors"].map(func(entry: Dictionary) -> String: return entry["message"]), ["odd", "wrong"])
	expect_equal(_answers[1]["result"], {"ok": true})
	expect_equal(_answers[2]["error"]["data"]["engineErrors"].size(), 20)
	expect_equal(_answers[2]["error"]["data"]["engineErrorsLeftOut"], 10.0)


func _router() -> CommandRouter:
	var router := CommandRouter.new("e1", _engine_log)
	router.register([
		Command.read("test.read", _note), Command.write("test.write", _note), Command.write("test.wait", _wait),
		Command.write("test.long", _wait).that_takes_long(), Command.write("test.slow", _slow),
		Command.read("test.broken", _broken), Command.read("test.broken_later", _broken_later),
		Command.read("test.params", _note, {"name": TYPE_STRING, "limit?": TYPE_INT}),
		Command.write("test.lose", _note).that_needs_confirmation(), Command.read("test.steps", _steps),
		Command.write("test.report", _report), Command.write("test.report_much", _report_much), Command.write("test.within", _run_within),
	])
	router.progressed.connect(func(text: String) -> void: _told.append(JSON.parse_string(text)))
	router.answered.connect(func(_id: Variant, text: String) -> void: _answers.append(JSON.parse_string(text)))
	return router


func _ask(router: CommandRouter, id: String, method: String, members: Dictionary = {}, client: String = "") -> void:
	var request: Dictionary = {"id": id, "method": method, "context": {"clientId": client if not client.is_empty() else id, "agent": "t"}}
	request.merge(members)
	router.receive(request)
	router.run_queued(BUDGET_USEC)


func _kinds() -> Array:
	return _answers.map(func(answer: Dictionary) -> String: return answer.get("error", {}).get("data", {}).get("kind", ""))


func _note(request: CommandRequest) -> CommandResult:
	_ran.append(request.id)
	return CommandResult.succeeded({"ok": true})


func _run_within(request: CommandRequest) -> CommandResult:
	_within.call()
	return _note(request)


func _wait(request: CommandRequest) -> CommandResult:
	_ran.append(request.id)
	await go_on
	return CommandResult.succeeded({"ok": true})


func _slow(request: CommandRequest) -> CommandResult:
	_ran.append(request.id)
	OS.delay_msec(2)
	return CommandResult.succeeded({})


func _steps(request: CommandRequest) -> CommandResult:
	for step: int in 100:
		request.report_progress(step, 100, "stepping")
	return CommandResult.succeeded({})


func _report(_call: CommandRequest) -> CommandResult:
	_engine_log.append({"level": "info", "message": "said"})
	_engine_log.append({"level": "warning", "message": "odd"})
	_engine_log.append({"level": "error", "message": "wrong"})
	return CommandResult.succeeded({})


func _report_much(_call: CommandRequest) -> CommandResult:
	for count: int in 30:
		_engine_log.append({"level": "error", "message": "wrong"})
	return CommandResult.failed("NOT_FOUND", "Nothing.")


func _broken(_call: CommandRequest) -> CommandResult:
	var nothing: Variant = null
	return nothing.missing()


func _broken_later(_call: CommandRequest) -> CommandResult:
	await go_on
	var nothing: Variant = null
	return nothing.missing()
