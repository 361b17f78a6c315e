extends "unit_test.gd"

const GameArguments := preload("res://addons/godot_mcp_hub/playing/game_arguments.gd")


func test_what_a_game_looks_sounds_and_runs_like_may_be_set() -> void:
	for args: Array in [
			[], ["--headless"], ["--resolution", "640x480", "--position", "-5,20"], ["-f", "--max-fps", "60", "--time-scale", "0.5"],
			["--language", "pt_BR"], ["--rendering-driver", "opengl3", "--audio-driver", "Dummy"], ["host", "player1", "127.0.0.1:9000", "a=b"],
			["--scene", "res://game/level.tscn"], ["res://game/level.tscn"], [" --headless "], ["--screen", "-1"]]:
		expect_equal(GameArguments.refused(args), "")


func test_what_stands_behind_a_marker_is_the_games_own() -> void:
	for marker: String in ["--", "++", " -- "]:
		expect_equal(GameArguments.refused(["--headless", marker, "--script", "/x.gd", "--write-movie"]), "")
	expect_equal(GameArguments.refused(["--script", "--", "x"]), "--script")


func test_every_other_option_is_refused() -> void:
	for arg: String in [
			"--script", "-s", "--main-loop", "--path", "--main-pack", "--write-movie", "--log-file", "--benchmark-file", "--editor", "-e", "-p",
			"--remote-debug", "--debug", "-d", "--breakpoints", "--clear-shader-cache", "--export-release", "--test", "--doctool", "--wid",
			"--version", "--help", "-h", "/?", "--no-such-option", "--server", "-psn_1", "--path=res://", "--script=res://x.gd",
			" --script", "--script ", "%20--script", "\t--main-loop", "--Headless2"]:
		expect_equal(GameArguments.refused([arg, "res://x.gd"]), arg)
		expect_equal(GameArguments.refused(["--headless", arg, "res://x.gd", "--", "a"]), arg)


func test_files_are_those_of_the_project() -> void:
	for arg: String in [
			"/elsewhere.tscn", "../elsewhere.tscn", "res://../elsewhere.tscn", "file:///elsewhere.tscn", "user://x.tscn", "elsewhere.tscn",
			"x.scn", "x.escn", "x.tres", "x.res", "X.TSCN", "data.pck", "mod.zip", "project.godot", "res://project.godot", "/a/project.godot",
			"C:\\x.tscn", "uid://notknown", "%20/elsewhere.tscn", "res://.godot/x.tscn", "https://example.org/"]:
		expect_equal(GameArguments.refused([arg]), arg)
		expect_equal(GameArguments.refused(["--scene", arg]), "" if arg == "res://project.godot" else "--scene")


func test_an_option_does_not_swallow_another_one_as_its_value() -> void:
	for args: Array in [
			["--language", "--script", "res://x.gd"], ["--resolution"], ["--resolution", "--"], ["--max-fps", "/x.tscn"],
			["--rendering-driver", "x.tscn"], ["--audio-driver", ""], ["--language", "a/b"], ["--position", "1"]]:
		expect_equal(GameArguments.refused(args), args[0])


func test_the_games_own_stand_behind_those_for_the_engine() -> void:
	var wish: Dictionary = {"args": ["--headless", "++", "a"], "args_of": [["-f", "--", "b"], []]}
	expect_equal(GameArguments.of(wish, 0), ["--headless", "-f", "--", "a", "b"])
	expect_equal(GameArguments.of(wish, 1), ["--headless", "--", "a"])
	expect_equal(GameArguments.of({}, 0), [])
