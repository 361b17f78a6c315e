extends "unit_test.gd"

const Wait := preload("res://addons/godot_mcp_hub/engine/wait.gd")

signal passed


func test_what_is_true_already_lets_no_frame_pass() -> void:
	var frame := Engine.get_process_frames()
	expect_true(await Wait.until(func() -> bool: return true), "that the condition is met")
	expect_true(await Wait.until(func() -> bool: return true, 0), "that it is met without time")
	expect_equal(Engine.get_process_frames(), frame)


func test_a_condition_is_asked_after_each_frame_until_it_is_met() -> void:
	var asked: Array[int] = []
	var is_met := func() -> bool:
		asked.append(Engine.get_process_frames())
		return asked.size() == 4
	expect_true(await Wait.until(is_met), "that it is met")
	expect_equal(asked.size(), 4)
	expect_equal(asked[3] - asked[0], 3)


func test_a_time_ends_what_is_not_met() -> void:
	var began := Time.get_ticks_msec()
	expect_true(not await Wait.until(func() -> bool: return false, 30), "that it is not met")
	expect_true(Time.get_ticks_msec() - began >= 30, "that the time was waited for")
	expect_true(not await Wait.until(func() -> bool: return false, 0), "that it is not met without time")


func test_frames_can_be_those_of_a_signal_or_of_a_coroutine() -> void:
	var passes: Array[int] = [0]
	var tree := Engine.get_main_loop() as SceneTree
	var emit := func() -> void: passed.emit()
	tree.process_frame.connect(emit)
	var count := func() -> bool:
		passes[0] += 1
		return passes[0] == 3
	expect_true(await Wait.until(count, 5000, func() -> Signal: return passed), "that signals pass")
	tree.process_frame.disconnect(emit)
	var slept: Array[int] = [0]
	var sleep := func() -> void:
		slept[0] += 1
		await tree.process_frame
		await tree.process_frame
	var first := Engine.get_process_frames()
	expect_true(await Wait.until(func() -> bool: return slept[0] == 2, 5000, sleep), "that coroutines pass")
	expect_equal(Engine.get_process_frames() - first, 4)


func test_time_passes_frame_by_frame() -> void:
	var began := Time.get_ticks_msec()
	await Wait.pass_time(20)
	expect_true(Time.get_ticks_msec() - began >= 20, "that the time has passed")


func test_a_blocking_wait_lets_no_frame_pass() -> void:
	var frame := Engine.get_process_frames()
	var asked: Array[int] = [0]
	var is_met := func() -> bool:
		asked[0] += 1
		return asked[0] == 3
	expect_true(Wait.block_until(is_met, 1000), "that it is met")
	expect_true(not Wait.block_until(func() -> bool: return false, 10), "that its time ends it")
	expect_equal(Engine.get_process_frames(), frame)
