extends "unit_test.gd"

const FrameRate := preload("res://addons/godot_mcp_hub/routing/frame_budget.gd").FrameRate
const FOCUSED_USEC := 6900
const IN_BACKGROUND_USEC := 100000
const LONG_MS := 600000
const SHORT_MS := 20

var _before_usec: int = OS.low_processor_usage_mode_sleep_usec


func test_the_editor_keeps_its_own_sleep_while_nobody_asks() -> void:
	_expect_sleep_after_update(FrameRate.new(LONG_MS), FOCUSED_USEC, FOCUSED_USEC)
	_put_back()


func test_the_sleep_is_short_while_commands_flow_whatever_the_editor_sets_meanwhile() -> void:
	var pace := FrameRate.new(LONG_MS)
	pace.keep_short()
	_expect_sleep_after_update(pace, FOCUSED_USEC, FrameRate.BUSY_SLEEP_USEC)
	_expect_sleep_after_update(pace, IN_BACKGROUND_USEC, FrameRate.BUSY_SLEEP_USEC)
	pace.restore()
	expect_equal(OS.low_processor_usage_mode_sleep_usec, IN_BACKGROUND_USEC, "restored")
	_put_back()


func test_the_editor_gets_its_sleep_back_a_while_after_the_last_command() -> void:
	var pace := FrameRate.new(SHORT_MS)
	pace.keep_short()
	OS.low_processor_usage_mode_sleep_usec = FOCUSED_USEC
	pace.update()
	var end := Time.get_ticks_msec() + SHORT_MS
	while Time.get_ticks_msec() < end:
		pass
	pace.update()
	expect_equal(OS.low_processor_usage_mode_sleep_usec, FOCUSED_USEC, "after the pause")
	_put_back()


func test_what_the_editor_sets_after_that_is_left_alone() -> void:
	var pace := FrameRate.new(LONG_MS)
	pace.keep_short()
	_expect_sleep_after_update(pace, FOCUSED_USEC, FrameRate.BUSY_SLEEP_USEC)
	pace.restore()
	OS.low_processor_usage_mode_sleep_usec = IN_BACKGROUND_USEC
	pace.restore()
	expect_equal(OS.low_processor_usage_mode_sleep_usec, IN_BACKGROUND_USEC, "restored twice")
	_put_back()


func _expect_sleep_after_update(pace: FrameRate, editors_own_usec: int, expected_usec: int) -> void:
	OS.low_processor_usage_mode_sleep_usec = editors_own_usec
	pace.update()
	expect_equal(OS.low_processor_usage_mode_sleep_usec, expected_usec, "after %d" % editors_own_usec)


func _put_back() -> void:
	OS.low_processor_usage_mode_sleep_usec = _before_usec
