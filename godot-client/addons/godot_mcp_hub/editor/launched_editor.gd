## Ends an editor that a hub has started for an agent when there has been no hub for a long time: nobody would close it.
extends RefCounted

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
		print("godot_mcp_hub: no hub for %d s: the editor that it had started ends." % roundi(_linger_ms / 1000.0))
		EditorInterface.get_base_control().get_tree().quit()
