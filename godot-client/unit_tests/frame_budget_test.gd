extends "unit_test.gd"

const Command := preload("res://addons/godot_mcp_hub/requests/command.gd")
const CommandRequest := preload("res://addons/godot_mcp_hub/requests/command_request.gd")
const CommandResult := preload("res://addons/godot_mcp_hub/requests/command_result.gd")
const CommandRouter := preload("res://addons/godot_mcp_hub/routing/command_router.gd")
const FrameRate := preload("res://addons/godot_mcp_hub/routing/frame_budget.gd").FrameRate
const FrameBudget := preload("res://addons/godot_mcp_hub/routing/frame_budget.gd")
const HubConnection := preload("res://addons/godot_mcp_hub/wire/hub_connection.gd")

const FRAME_MS := 16.0
## More than a loaded machine takes for any of these tests.
const LONG_USEC := 60_000_000
const SHORT_USEC := 200_000

signal go_on

var _ran: Array[String] = []
var _connection := ScriptedConnection.new()
var _router := CommandRouter.new("e1")
var _share := FrameBudget.new(_connection, _router, FrameRate.new(), LONG_USEC, LONG_USEC)


func test_a_command_that_comes_a_moment_after_the_last_one_runs_in_the_same_frame() -> void:
	_arrange({1: "a", 3: "b", 6: "wait"})
	_share.use(FRAME_MS, true)
	expect_equal(_ran, ["a", "b", "wait"] as Array[String])
	go_on.emit()


func test_nothing_is_listened_for_before_the_first_command() -> void:
	_arrange({2: "a"})
	_share.use(FRAME_MS, true)
	expect_equal(_connection.polls, 1)
	expect_equal(_ran.size(), 0)


func test_listening_ends_a_while_after_the_last_command() -> void:
	_arrange({1: "a"})
	_share = FrameBudget.new(_connection, _router, FrameRate.new(), LONG_USEC, SHORT_USEC)
	_share.use(FRAME_MS, true)
	expect_true(_connection.polls > 1, "that it is listened")
	_expect_that_nothing_is_listened_for()


func test_listening_ends_with_the_share_and_goes_on_in_the_next_frame() -> void:
	_arrange({1: "a"})
	_share = FrameBudget.new(_connection, _router, FrameRate.new(), SHORT_USEC, LONG_USEC)
	_share.use(FRAME_MS, true)
	var polls_before := _connection.polls
	_share.use(FRAME_MS, true)
	expect_true(polls_before > 1 and _connection.polls > polls_before + 1, "that it is listened in both frames")


func test_a_command_that_waits_for_frames_gets_them() -> void:
	_arrange({1: "a", 2: "wait", 3: "b"})
	_share.use(FRAME_MS, true)
	expect_equal(_ran, ["a", "wait"] as Array[String])
	expect_equal(_connection.polls, 2)
	_share.use(FRAME_MS, true)
	expect_equal(_connection.polls, 3)
	go_on.emit()


func test_commands_that_may_not_begin_yet_are_not_waited_for() -> void:
	_arrange({1: "wait"})
	_share.use(FRAME_MS, false)
	expect_equal(_connection.polls, 1)
	expect_equal(_ran.size(), 0)
	_share.use(FRAME_MS, true)
	expect_equal(_ran, ["wait"] as Array[String])
	go_on.emit()


func test_nothing_is_listened_for_without_a_connection() -> void:
	_arrange({1: "a"})
	_connection.state = HubConnection.State.SEARCHING
	_share.use(FRAME_MS, true)
	expect_equal(_connection.polls, 1)


func _expect_that_nothing_is_listened_for() -> void:
	var polls_before := _connection.polls
	_share.use(FRAME_MS, true)
	expect_equal(_connection.polls, polls_before + 1)


## `arrivals`: the id of the request that comes with the poll of that number; "wait" stays until go_on.
func _arrange(arrivals: Dictionary) -> void:
	_router.register([Command.read("test.note", _note), Command.read("test.wait", _wait)])
	_connection.state = HubConnection.State.CONNECTED
	_connection.arrivals = arrivals
	_connection.router = _router


func _note(request: CommandRequest) -> CommandResult:
	_ran.append(request.id)
	return CommandResult.succeeded({})


func _wait(request: CommandRequest) -> CommandResult:
	_ran.append(request.id)
	await go_on
	return CommandResult.succeeded({})


## Hears what the test has written down.
class ScriptedConnection extends HubConnection:
	var arrivals: Dictionary = {}
	var polls: int = 0
	var router: CommandRouter = null

	func _init() -> void:
		super(null)

	func poll(_elapsed_ms: float) -> void:
		polls += 1
		if arrivals.has(polls):
			var id: String = arrivals[polls]
			router.receive({"id": id, "method": "test.wait" if id == "wait" else "test.note", "context": {"clientId": id}})
