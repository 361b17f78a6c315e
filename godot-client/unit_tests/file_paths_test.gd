extends "unit_test.gd"

const FilePaths := preload("res://addons/godot_mcp_hub/files/file_paths.gd")


func test_paths_are_normalised() -> void:
	expect_equal(FilePaths.resolve("res://game//./player.gd").value, "res://game/player.gd")
	expect_equal(FilePaths.resolve("res://").value, "res://")
	expect_equal(FilePaths.resolve("res://game/").value, "res://game")


func test_whatever_is_not_in_the_project_is_refused() -> void:
	for path: String in [
			"", "game/player.gd", "/etc/passwd", "user://save.dat", "file:///etc/passwd", "res:///etc/passwd", "C:\\a.gd",
			"res://../x.gd", "res://game/../../x.gd", "res://game\\..\\x.gd", "res://a/..", "res://c:/x.gd", "res://a\nb.gd"]:
		var resolved := FilePaths.resolve(path)
		expect_true(resolved.is_error() and resolved.error.kind == "INVALID_PARAMS", "that '%s' is refused" % path)


func test_an_unknown_uid_is_not_found() -> void:
	expect_equal(FilePaths.resolve("uid://doesnotexist").error.kind, "NOT_FOUND")


func test_only_certain_files_may_be_written() -> void:
	expect_equal(FilePaths.resolve_for_writing("res://a.gd", ["gd"]).value, "res://a.gd")
	expect_true(FilePaths.resolve_for_writing("res://a.exe", ["gd"]).is_error(), "that another extension is refused")
	expect_true(FilePaths.resolve_for_writing("res://.godot/a.gd", ["gd"]).is_error(), "that the engine's folder is refused")


func test_a_link_that_stays_inside_is_followed_and_one_that_leads_out_is_refused() -> void:
	var root := ProjectSettings.globalize_path("res://")
	var folder := DirAccess.open(root)
	var name := ".links_%d" % OS.get_process_id()
	folder.make_dir(name)
	folder.create_link(root.path_join("game"), root.path_join(name).path_join("inside"))
	folder.create_link("..", root.path_join(name).path_join("up"))
	folder.create_link("/tmp", root.path_join(name).path_join("outside"))
	folder.create_link("../../..", root.path_join(name).path_join("far"))
	folder.create_link(root.path_join(name).path_join("loop"), root.path_join(name).path_join("loop"))
	var base := "res://" + name
	expect_true(not FilePaths.resolve(base + "/inside/player.gd").is_error(), "that a link inside is followed")
	expect_true(not FilePaths.resolve(base + "/up/game/player.gd").is_error(), "that a relative link inside is followed")
	expect_true(FilePaths.resolve(base + "/outside/x.gd").is_error(), "that a link outside is refused")
	expect_true(FilePaths.resolve(base + "/far/x.gd").is_error(), "that a relative link outside is refused")
	expect_true(FilePaths.resolve(base + "/loop/x.gd").is_error(), "that a loop is refused")
	for link: String in ["inside", "up", "outside", "far", "loop"]:
		folder.remove(root.path_join(name).path_join(link))
	folder.remove(root.path_join(name))
