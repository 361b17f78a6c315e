extends "unit_test.gd"

const EngineTurns := preload("res://addons/godot_mcp_hub/engine/engine_turns.gd")

var _log: Array[String] = []


func test_what_waits_for_a_turn_goes_on_before_the_work_of_the_next_one() -> void:
	EngineTurns.begin()
	_wait_and_note("first")
	EngineTurns.take(_note.bind("work"))
	expect_equal(_log, ["first", "work"] as Array[String])
	EngineTurns.end()


func test_what_waits_again_waits_for_the_turn_after_that() -> void:
	EngineTurns.begin()
	_wait_twice()
	EngineTurns.take(_note.bind("one"))
	EngineTurns.take(_note.bind("two"))
	expect_equal(_log, ["one", "waited twice", "two"] as Array[String])
	EngineTurns.end()


func test_within_a_turn_there_is_no_other_one_and_nothing_goes_on() -> void:
	EngineTurns.begin()
	EngineTurns.take(func() -> void:
		_wait_and_note("waiting")
		expect_equal(EngineTurns.take(_note.bind("nested")), false)
		_note("outer"))
	expect_equal(_log, ["outer"] as Array[String])
	EngineTurns.take(_note.bind("next"))
	expect_equal(_log, ["outer", "waiting", "next"] as Array[String])
	EngineTurns.end()


func test_frames_pass_without_turns_while_they_are_given() -> void:
	EngineTurns.begin()
	_wait_and_note("waiting")
	await _tree().process_frame
	await _tree().process_frame
	expect_equal(_log.size(), 0)
	EngineTurns.take(func() -> void: pass)
	expect_equal(_log, ["waiting"] as Array[String])
	EngineTurns.end()


func test_what_waits_when_turns_end_goes_on_with_the_frames() -> void:
	EngineTurns.begin()
	_wait_twice()
	EngineTurns.end()
	for frame: int in 4:
		await _tree().process_frame
	expect_equal(_log, ["waited twice"] as Array[String])


func test_where_no_turns_are_given_each_frame_is_one() -> void:
	_wait_twice()
	for frame: int in 3:
		await _tree().process_frame
	expect_equal(_log, ["waited twice"] as Array[String])


func test_what_is_to_be_called_between_turns_is_called_when_none_is_under_way_and_before_who_waits_for_it_goes_on() -> void:
	EngineTurns.begin()
	EngineTurns.take(func() -> void:
		_wait_for_a_call_between()
		_note("work"))
	expect_equal(_log, ["work"] as Array[String])
	for frame: int in 2:
		await _tree().process_frame
	expect_equal(_log, ["work", "between, no turn: true"] as Array[String])
	EngineTurns.take(_note.bind("next work"))
	expect_equal(_log, ["work", "between, no turn: true", "goes on", "next work"] as Array[String])
	EngineTurns.end()


func _wait_for_a_call_between() -> void:
	await EngineTurns.between(func() -> void:
		_note("between, no turn: %s" % not EngineTurns.take(_note.bind("nested"))))
	_note("goes on")


func _wait_and_note(what: String) -> void:
	await EngineTurns.next()
	_note(what)


func _wait_twice() -> void:
	await EngineTurns.next()
	await EngineTurns.next()
	_note("waited twice")


func _note(what: String) -> void:
	_log.append(what)


func _tree() -> SceneTree:
	return Engine.get_main_loop()
