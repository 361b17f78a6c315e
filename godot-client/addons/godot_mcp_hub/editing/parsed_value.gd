## A value that was read for a property, or what it should have been.
extends RefCounted

const ParsedValue := preload("parsed_value.gd")

var value: Variant = null
## What was expected instead; empty when the value fits.
var expected: String = ""


static func of(parsed: Variant) -> ParsedValue:
	var result := ParsedValue.new()
	result.value = parsed
	return result


static func misfit(what_fits: String) -> ParsedValue:
	var result := ParsedValue.new()
	result.expected = what_fits
	return result


func fits() -> bool:
	return expected.is_empty()
