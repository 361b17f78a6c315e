## One thing that GdUnit4 has to say of a test, as rich text.
extends RefCounted

const Report := preload("GdUnitReport.gd")

enum { SUCCESS, WARN, FAILURE, ORPHAN, TERMINATED, INTERUPTED, ABORT, SKIPPED }

var _type: int
var _line_number: int
var _message: String


func of(report_type: int, line: int, text: String) -> Report:
	_type = report_type
	_line_number = line
	_message = text
	return self


func line_number() -> int:
	return _line_number


func message() -> String:
	return _message


func is_failure() -> bool:
	return _type == FAILURE


func is_error() -> bool:
	return _type == ABORT


func is_skipped() -> bool:
	return _type == SKIPPED
