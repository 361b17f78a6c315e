## Reads frames with the addon's own protocol.gd and prints what it makes of each, as JSON: the params of those that it accepts.
extends SceneTree

const CommandResult := preload("res://addons/godot_mcp_hub/requests/command_result.gd")
const Protocol := preload("res://addons/godot_mcp_hub/wire/protocol.gd")


func _init() -> void:
	var frames: Array = JSON.parse_string(FileAccess.get_file_as_string(OS.get_cmdline_user_args()[0]))
	print(JSON.stringify(frames.map(_verdict)))
	quit()


func _verdict(frame: String) -> Dictionary:
	var read := Protocol.read_frame(frame)
	if read.has("failure"):
		return {"kind": (read["failure"] as CommandResult).kind, "id": read["id"], "params": ""}
	var message: Dictionary = read["message"]
	return {"kind": null, "id": message["id"], "params": Protocol.encode_value(message["params"])}
