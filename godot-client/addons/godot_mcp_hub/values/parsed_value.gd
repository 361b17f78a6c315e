## A value that was read for a property, or what it should have been, or why it may not be it.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const ParsedValue := preload("parsed_value.gd")

var value: Variant = null
## What was expected instead; empty when the value fits.
var expected: String = ""
## Why it may not be written although it fits; null when it may.
var refusal: CommandResult = null
## There is no property of that name.
var is_unknown: bool = false


static func of(parsed: Variant) -> ParsedValue:
	var result := ParsedValue.new()
	result.value = parsed
	return result


static func misfit(what_fits: String) -> ParsedValue:
	var result := ParsedValue.new()
	result.expected = what_fits
	return result


static func unknown() -> ParsedValue:
	var result := misfit("the name of a property")
	result.is_unknown = true
	return result


static func refused(why: CommandResult) -> ParsedValue:
	var result := misfit("another value")
	result.refusal = why
	return result


## The same flaw of a part, as that of the whole: `where` says which part.
func of_part(where: String) -> ParsedValue:
	if refusal != null:
		return self
	return misfit("%s %s" % [expected, where])


func fits() -> bool:
	return expected.is_empty()
