## Waits for conditions: every loop that lets frames pass until something is true, or until a time
## is over.
extends RefCounted

const EngineTurns := preload("engine_turns.gd")

## In place of a time: the condition alone ends the wait.
const FOREVER := -1
## How long a blocking wait sleeps between two looks.
const SLEEP_MS := 1


## Waits until `is_met` returns true, at most `timeout_ms`. Returns whether it did: it is asked at
## once, and after each frame. `let_pass` is awaited for a frame to pass: a turn of the engine where
## it is not given. To be awaited.
static func until(is_met: Callable, timeout_ms: int = FOREVER, let_pass := Callable()) -> bool:
	var deadline := Time.get_ticks_msec() + timeout_ms
	while not is_met.call():
		if timeout_ms != FOREVER and Time.get_ticks_msec() >= deadline:
			return false
		if let_pass.is_valid():
			await let_pass.call()
		else:
			await EngineTurns.next()
	return true


## Lets frames pass for `duration_ms`. To be awaited.
static func pass_time(duration_ms: int, let_pass := Callable()) -> void:
	await until(func() -> bool: return false, duration_ms, let_pass)


## The same as until(), without letting a frame pass: for a process that ends, or has no frames yet.
static func block_until(is_met: Callable, timeout_ms: int) -> bool:
	var deadline := Time.get_ticks_msec() + timeout_ms
	while not is_met.call():
		if Time.get_ticks_msec() >= deadline:
			return false
		OS.delay_msec(SLEEP_MS)
	return true
