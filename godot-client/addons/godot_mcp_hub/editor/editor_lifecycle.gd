## Switches addons off and on and restarts the editor for an agent, once the agent has its answer.
extends RefCounted

const EditorLifecycle := preload("editor_lifecycle.gd")
const EngineTurns := preload("../engine/engine_turns.gd")

## This editor goes away now, and comes back.
signal leaving

## Frames in which the answer leaves the socket.
const FRAMES_FOR_THE_ANSWER := 3


## The addon's own folder, as the editor names it.
static func own_addon() -> String:
	return (EditorLifecycle as Script).resource_path.get_base_dir().get_base_dir().get_file()


## Switches an addon off and on again. What follows the first step may run when this object is gone:
## so the engine does it, when no command works with what it takes away.
func reload_addon(addon: String) -> void:
	await _until_answered()
	if addon == own_addon():
		leaving.emit()
	var switch := Callable.create(EditorInterface, &"set_plugin_enabled")
	EngineTurns.between(switch.bind(addon, false))
	EngineTurns.between(switch.bind(addon, true))


## Ends the editor and starts it again on the same project. A headless one stays headless, which it
## would not by the editor's own way of restarting.
func restart() -> void:
	await _until_answered()
	leaving.emit()
	if DisplayServer.get_name() == "headless":
		OS.set_restart_on_exit(true,
				PackedStringArray(["--headless", "--editor", "--path",
				ProjectSettings.globalize_path("res://")]))
		(Engine.get_main_loop() as SceneTree).quit()
	else:
		EngineTurns.between(Callable.create(EditorInterface, &"restart_editor").bind(false))


static func _until_answered() -> void:
	for frame: int in FRAMES_FOR_THE_ANSWER:
		await EngineTurns.next()


## Ends an editor that a hub has started for an agent when there has been no hub for a long time:
## no person would close it.
class LaunchedEditor extends RefCounted:
	## Longest time without a hub, in milliseconds; GODOT_HUB_LAUNCH_LINGER_MS changes it.
	const LINGER_MS := 600_000

	var _linger_ms: int = LINGER_MS
	var _is_launched: bool = OS.has_environment("GODOT_HUB_LAUNCH_ID")
	var _alone_since_ms: int = Time.get_ticks_msec()

	func _init() -> void:
		var configured := OS.get_environment("GODOT_HUB_LAUNCH_LINGER_MS")
		if configured.is_valid_int():
			_linger_ms = configured.to_int()

	## To be called every frame.
	func update(is_connected_to_hub: bool) -> void:
		if is_connected_to_hub:
			_alone_since_ms = Time.get_ticks_msec()
		elif _is_launched and Time.get_ticks_msec() - _alone_since_ms > _linger_ms:
			_is_launched = false
			print("godot_mcp_hub: no hub for %d s: the editor that it had started ends."
					% roundi(_linger_ms / 1000.0))
			EditorInterface.get_base_control().get_tree().quit()
