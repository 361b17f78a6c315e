## A value, or the error that stands in its place: what every function returns that looks for
## something and may not find it.
##
## A check, which has no value, returns its error alone, and null when all is well.
extends RefCounted

const CommandResult := preload("command_result.gd")
const Result := preload("result.gd")

## What was asked for; null beside an error.
var value: Variant = null
## Why there is no value; null when there is one.
var error: CommandResult = null


## A result that has a value.
static func ok(found: Variant) -> Result:
	var result := Result.new()
	result.value = found
	return result


## A result that has an error.
static func err(why: CommandResult) -> Result:
	var result := Result.new()
	result.error = why
	return result


## Whether it has an error in place of a value.
func is_error() -> bool:
	return error != null


## The value, or `fallback` in place of an error.
func value_or(fallback: Variant) -> Variant:
	return fallback if is_error() else value
