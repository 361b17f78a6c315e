## The arguments that an agent and the project give to a game, in the order in which the engine understands them.
extends RefCounted

## Options of the engine that lead out of the project, write files wherever they are told to, or make another program of the game than
## the one that answers the hub.
const NOT_FOR_AGENTS: Array[String] = [
	"--path", "--main-pack", "--script", "-s", "--upwards", "-u", "--remote-fs", "--remote-fs-password", "--remote-debug", "--debug-server",
	"--write-movie", "--log-file", "--benchmark-file", "--editor", "-e", "--project-manager", "-p", "--recovery-mode", "--import",
	"--export-release", "--export-debug", "--export-pack", "--export-patch", "--patches", "--install-android-build-template",
	"--doctool", "--gdextension-docs", "--gdscript-docs", "--build-solutions", "--convert-3to4", "--validate-conversion-3to4",
	"--dump-gdextension-interface", "--dump-gdextension-interface-json", "--dump-extension-api", "--dump-extension-api-with-docs",
	"--validate-extension-api", "--lsp-port", "--dap-port", "--test",
]


## The first of these arguments that an agent may not give to the engine; empty when there is none. What stands behind "--" is the
## game's own.
static func not_for_agents(args: Array) -> String:
	for arg: String in args:
		if arg == "--":
			return ""
		if NOT_FOR_AGENTS.has(arg.get_slice("=", 0)) or arg.replace("\\", "/").get_file() == "project.godot":
			return arg
	return ""


## What a game gets of the wish: the arguments of all games and its own, those for the engine before those for the game itself.
static func of(wish: Dictionary, index: int) -> Array:
	var own: Array = wish.get("args_of", [])
	var before: Array = []
	var behind: Array = []
	for args: Array in [wish.get("args", []), own[index] if index < own.size() else []]:
		var marker := args.find("--")
		before.append_array(args if marker < 0 else args.slice(0, marker))
		behind.append_array([] if marker < 0 else args.slice(marker + 1))
	return before if behind.is_empty() else before + ["--"] + behind


## The editor puts the project's own arguments behind these: after a "--" the engine would not see them.
static func before_project_args(args: Array) -> PackedStringArray:
	var marker := args.find("--")
	if marker < 0:
		return PackedStringArray(args)
	return PackedStringArray(args.slice(0, marker)) + of_project() + PackedStringArray(args.slice(marker))


## The project's own arguments for its games.
static func of_project() -> PackedStringArray:
	return str(ProjectSettings.get_setting("editor/run/main_run_args", "")).split(" ", false)
