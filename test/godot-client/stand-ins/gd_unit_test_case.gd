## A test that GdUnit4 has discovered.
extends RefCounted


class Guid:
	var _guid: String = "%d-%d" % [randi(), randi()]


var guid := Guid.new()
var suite_resource_path: String = ""
var source_file: String = ""
var test_name: String = ""
var display_name: String = ""
var parameters: Array = []
var is_skipped: bool = false
var skip_reason: String = ""


## Whether an ignored test is this one: by the file in which it is written.
func fits(ignored: String) -> bool:
	var parts := ignored.replace("res://", "").rsplit(":")
	return parts.size() > 1 and source_file.contains(parts[0]) and parts[1] == test_name
