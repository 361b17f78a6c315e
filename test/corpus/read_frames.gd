## Reads the corpus of frames for an instance with the addon's own protocol.gd and prints what it makes of each, as JSON.
extends SceneTree

const CommandResult := preload("res://addons/godot_mcp_hub/requests/command_result.gd")
const Protocol := preload("res://addons/godot_mcp_hub/wire/protocol.gd")


func _init() -> void:
	var file := OS.get_cmdline_user_args()[0]
	var corpus: Dictionary = JSON.parse_string(FileAccess.get_file_as_string(file))
	var verdicts: Dictionary = {}
	for case: Dictionary in corpus["cases"]:
		verdicts[case["name"]] = _verdict(Protocol.read_frame(case["frame"]))
	print(JSON.stringify(verdicts))
	quit()


func _verdict(read: Dictionary) -> Dictionary:
	if read.has("failure"):
		var failure: CommandResult = read["failure"]
		return {"error": failure.kind, "id": read["id"]}
	var message: Dictionary = read["message"]
	return {"type": message.get("type"), "method": message.get("method"), "id": message.get("id")}
