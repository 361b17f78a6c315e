## Why a game has stopped, from what is known: the adapter's word, the breakpoints, and what an agent has asked for.
extends RefCounted

const Breakpoints := preload("breakpoints.gd")

## What the adapter calls a reason, in this addon's words.
const NAMES: Dictionary = {"breakpoint": "breakpoint", "step": "step", "paused": "pause", "exception": "error"}


## `told` is the adapter's event, empty when there was none; `expected` what an agent has asked for: "step", "pause" or "".
static func of(told: Dictionary, frames: Array[Dictionary], breakpoints: Breakpoints, expected: String) -> String:
	if told.has("reason"):
		return NAMES.get(told["reason"], "unknown")
	if not frames.is_empty() and breakpoints.has(frames[0]["path"], frames[0]["line"]):
		return "breakpoint"
	if not expected.is_empty():
		return expected
	return "pause" if frames.is_empty() else "unknown"
