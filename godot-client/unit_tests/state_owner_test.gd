extends "unit_test.gd"

const StateOwner := preload("res://addons/godot_mcp_hub/wire/hub_discovery.gd").StateOwner

var _folder: String = OS.get_cache_dir().path_join("godot-hub-owner-%d" % OS.get_process_id())


func test_what_is_ones_own_and_closed_is_believed() -> void:
	_make(["700", "600"])
	expect_equal(_fault(), "")
	_make(["755", "644"])
	expect_equal(_fault(), "")
	# Nobody reaches it.
	_make(["700", "666"])
	expect_equal(_fault(), "")
	_remove()


func test_what_others_can_write_is_not_and_the_fault_names_it() -> void:
	for modes: Array in [["777", "600"], ["770", "600"], ["720", "600"], ["1777", "600"], ["702", "600"]]:
		_make(modes)
		expect_true(_fault().begins_with("%s can be written by others" % _folder), "%s: %s" % [modes, _fault()])
	for modes: Array in [["755", "666"], ["711", "620"], ["701", "602"]]:
		_make(modes)
		expect_true(_fault().begins_with("%s can be written by others" % _file()), "%s: %s" % [modes, _fault()])
	_remove()


func test_what_belongs_to_another_account_is_not() -> void:
	# Only the superuser can give files away.
	if not _is_superuser():
		return
	for path: String in [_folder, _file()]:
		_make(["755", "644"])
		OS.execute("chown", ["65534", path])
		expect_true(_fault().begins_with("%s belongs to another account (65534)" % path), _fault())
		OS.execute("chown", ["0", path])
	_remove()


func test_what_was_mended_is_believed_and_what_is_believed_is_not_asked_again() -> void:
	_make(["777", "600"])
	expect_true(not _fault("same").is_empty(), "that it is not believed")
	_make(["700", "600"])
	expect_equal(_fault("same"), "")
	_make(["777", "600"])
	expect_equal(_fault("same"), "")
	expect_true(not _fault("another").is_empty(), "that another announcement is looked at")
	_remove()


func _fault(fingerprint: String = str(randi())) -> String:
	return StateOwner.fault_of(_folder, [_file(), _folder.path_join("missing")], fingerprint)


func _file() -> String:
	return _folder.path_join("hub.json")


func _make(modes: Array) -> void:
	DirAccess.make_dir_recursive_absolute(_folder)
	FileAccess.open(_file(), FileAccess.WRITE).store_string("{}")
	OS.execute("chmod", [modes[0], _folder])
	OS.execute("chmod", [modes[1], _file()])


func _remove() -> void:
	DirAccess.remove_absolute(_file())
	DirAccess.remove_absolute(_folder)


func _is_superuser() -> bool:
	var output: Array = []
	OS.execute("id", ["-u"], output)
	return (output[0] as String).strip_edges() == "0"
