## The arguments that an agent and the project give to a game: which of them it may have, and the
## order in which the engine understands them.
extends RefCounted

const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const FilePaths := preload("../files/file_paths.gd")

const NUMBER := "^-?\\d+(\\.\\d+)?$"
const NUMBERS := "^-?\\d+([x,]-?\\d+){1,3}$"
const WORD := "^[A-Za-z]\\w*$"
const ALONE := ""
## Options of the engine that change how a game looks, sounds, runs and is measured and nothing
## else, each with what its value looks like. Such values are no option and no file: an engine that
## does not know the option takes them for words.
const OPTIONS: Dictionary = {
	"--headless": ALONE, "--verbose": ALONE, "-v": ALONE, "--quiet": ALONE, "-q": ALONE,
	"--no-header": ALONE,
	"--quit": ALONE, "--quit-after": NUMBER, "--language": WORD, "-l": WORD,
	"--fullscreen": ALONE, "-f": ALONE, "--maximized": ALONE, "-m": ALONE, "--windowed": ALONE,
	"-w": ALONE,
	"--always-on-top": ALONE, "-t": ALONE, "--resolution": NUMBERS, "--position": NUMBERS,
	"--screen": NUMBER,
	"--single-window": ALONE, "--safe-area": NUMBERS, "--xr-mode": WORD, "--accessibility": WORD,
	"--display-driver": WORD, "--rendering-method": WORD, "--rendering-driver": WORD,
	"--render-thread": WORD, "--gpu-index": NUMBER,
	"--gpu-profile": ALONE, "--gpu-validation": ALONE, "--audio-driver": WORD,
	"--audio-output-latency": NUMBER,
	"--text-driver": WORD, "--tablet-driver": WORD, "--debug-mute-audio": ALONE,
	"--debug-collisions": ALONE, "--debug-paths": ALONE, "--debug-navigation": ALONE,
	"--debug-avoidance": ALONE,
	"--debug-stringnames": ALONE, "--debug-canvas-item-redraw": ALONE, "--profiling": ALONE,
	"--print-fps": ALONE,
	"--benchmark": ALONE, "--skip-breakpoints": ALONE, "--ignore-error-breaks": ALONE,
	"--single-threaded-scene": ALONE,
	"--max-fps": NUMBER, "--fixed-fps": NUMBER, "--frame-delay": NUMBER, "--time-scale": NUMBER,
	"--disable-vsync": ALONE,
	"--delta-smoothing": WORD,
}
const SCENE_OPTION := "--scene"
## Behind one of these stands what is the game's own.
const MARKERS: Array[String] = ["--", "++"]
## Words that the engine takes for files.
const FILE_ENDINGS: Array[String] = ["scn", "tscn", "escn", "res", "tres", "godot", "pck", "zip"]
const SETTING := "editor/run/main_run_args"
## Stands in the project's arguments where the game is to be called; what stands before it is
## another program.
const PROGRAM := "%command%"
const DEBUG_OPTIONS := "debug_options"


## The first of these arguments that no game gets which an agent plays; empty when there is none.
## What stands behind a marker is the game's own.
static func refused(args: Array) -> String:
	var index := 0
	while index < args.size():
		var arg := _as_read(args[index])
		if MARKERS.has(arg):
			return ""
		var value := _as_read(args[index + 1]) if index + 1 < args.size() else ""
		if OPTIONS.has(arg):
			if OPTIONS[arg] != ALONE and RegEx.create_from_string(OPTIONS[arg]) \
					.search(value) == null:
				return args[index]
			index += 1 if OPTIONS[arg] != ALONE else 0
		elif arg == SCENE_OPTION:
			if FilePaths.resolve(value).is_error():
				return args[index]
			index += 1
		elif not _is_plain(arg):
			return args[index]
		index += 1
	return ""


## The same of the arguments that the project and the person have set for each game; empty when each
## game may be played.
static func refused_of_project() -> String:
	for line: String in _lines_of_project():
		var parts := line.split(PROGRAM, true, 1)
		if parts.size() > 1 and not parts[0].strip_edges().is_empty() \
				and not ExecutionGate.is_open():
			return line
		var own := refused(_split(parts[-1]))
		if not own.is_empty():
			return own
	return ""


## What a game gets of the wish: the arguments of all games and its own, those for the engine before
## those for the game itself.
static func of(wish: Dictionary, index: int) -> Array:
	var own: Array = wish.get("args_of", [])
	return _merged([wish.get("args", []), own[index] if index < own.size() else []])


## The same for a game that the editor does not start itself, behind the project's own arguments.
static func with_project_args(wish: Dictionary, index: int) -> PackedStringArray:
	return PackedStringArray(_merged([Array(_of_project()), of(wish, index)]))


## The editor puts the project's own arguments behind these: after a marker the engine would not see
## them.
static func before_project_args(args: Array) -> PackedStringArray:
	var own := _parted(args)
	var engines_of_project: Array = _parted(Array(_of_project()))[0]
	return PackedStringArray(args) if own[1].is_empty() \
			else PackedStringArray(own[0] + engines_of_project + [MARKERS[0]] + own[1])


static func _merged(lists: Array) -> Array:
	var before: Array = []
	var behind: Array = []
	for args: Array in lists:
		before.append_array(_parted(args)[0])
		behind.append_array(_parted(args)[1])
	return before if behind.is_empty() else before + [MARKERS[0]] + behind


## [the engine's, the game's own].
static func _parted(args: Array) -> Array[Array]:
	for index: int in args.size():
		if MARKERS.has(_as_read(args[index])):
			return [args.slice(0, index), args.slice(index + 1)]
	return [args, []]


## An argument as the engine reads it.
static func _as_read(arg: String) -> String:
	return arg.strip_edges().replace("%20", " ")


## A word that the engine leaves to the game, or a file of the project.
static func _is_plain(arg: String) -> bool:
	if arg.strip_edges().begins_with("-") or arg.ends_with("project.godot"):
		return false
	var is_file := arg.contains("/") or arg.contains("\\") \
			or FILE_ENDINGS.has(arg.get_extension().to_lower())
	return not is_file or not FilePaths.resolve(arg).is_error()


## The project's own arguments for its games.
static func _of_project() -> PackedStringArray:
	return _split(str(ProjectSettings.get_setting_with_override(SETTING)).split(PROGRAM, true,
			1)[-1])


## The lines of arguments with which the editor starts its games: one, or one for each of the
## instances that the person has set.
static func _lines_of_project() -> Array[String]:
	var main := str(ProjectSettings.get_setting_with_override(SETTING))
	var lines: Array[String] = [main]
	var settings := EditorInterface.get_editor_settings()
	if not settings.get_project_metadata(DEBUG_OPTIONS, "multiple_instances_enabled", false):
		return lines
	var instances: Array = settings.get_project_metadata(DEBUG_OPTIONS, "run_instances_config", [])
	for instance: Dictionary in instances:
		var own: String = instance.get("arguments", "")
		lines.append(own if instance.get("override_args", false) else main + " " + own)
	return lines


## As the editor does it: at spaces that do not stand between quotes, which stay.
static func _split(line: String) -> PackedStringArray:
	var parts: PackedStringArray = []
	var part := ""
	var quote := ""
	for index: int in line.length():
		var character := line[index]
		if character in ["\"", "'"] and (index == 0 or line[index - 1] != "\\"):
			quote = "" if quote == character else (character if quote.is_empty() else quote)
		if character == " " and quote.is_empty():
			parts.append(part)
			part = ""
		else:
			part += character
	parts.append(part)
	return PackedStringArray(Array(parts).filter(func(each: String) -> bool:
		return not each.is_empty()))
