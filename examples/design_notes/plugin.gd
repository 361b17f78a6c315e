## Gives agents the design notes of a game: Markdown files in res://design.
@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")
const FOLDER := "res://design"


func _enter_tree() -> void:
	# One address. Its handler's Dictionary is read as JSON.
	GodotMcpHub.register_resource("custom://design", "Topics of the design notes.", _list_topics)
	# A template: any topic. Its handler gets {"topic": "..."}.
	GodotMcpHub.register_resource("custom://design/{topic}", "Design notes on a topic.", _read_notes, "text/markdown")
	GodotMcpHub.register_prompt("design_level", "Designs a level by the notes of this game.", {
		"type": "object",
		"properties": {
			"theme": {"type": "string", "description": "What the level is about."},
			"difficulty": {"type": "string", "enum": ["easy", "hard"]},
		},
		"required": ["theme"],
	}, _design_level)
	GodotMcpHub.register_command("design.add_note", "Adds a line to the notes on a topic.", {
		"type": "object",
		"properties": {"topic": {"type": "string"}, "line": {"type": "string", "maxLength": 500}},
		"required": ["topic", "line"],
	}, _add_note)


func _list_topics(_params: Dictionary) -> Dictionary:
	var topics: Array[String] = []
	for file: String in DirAccess.get_files_at(FOLDER):
		if file.get_extension() == "md":
			topics.append(file.get_basename())
	return {"topics": topics}


func _read_notes(params: Dictionary) -> Variant:
	var path := _path_of(params["topic"])
	if path.is_empty() or not FileAccess.file_exists(path):
		return GodotMcpHub.failure("There are no notes on '%s'." % params["topic"], "custom://design lists the topics.", "NOT_FOUND")
	return FileAccess.get_file_as_string(path)


func _add_note(params: Dictionary) -> Variant:
	var path := _path_of(params["topic"])
	if path.is_empty():
		return GodotMcpHub.failure("'%s' can be no topic." % params["topic"], "A topic is the name of a file.")
	DirAccess.make_dir_absolute(FOLDER)
	var notes := FileAccess.get_file_as_string(path) if FileAccess.file_exists(path) else ""
	var file := FileAccess.open(path, FileAccess.WRITE)
	file.store_string("%s* %s\n" % [notes, params["line"]])
	file.close()
	# Agents that watch these resources read them again.
	GodotMcpHub.resource_changed("custom://design")
	GodotMcpHub.resource_changed("custom://design/%s" % str(params["topic"]).uri_encode())
	return {"path": path}


func _design_level(arguments: Dictionary) -> String:
	return "Read custom://design and the notes that matter. Then design a level about %s%s, and build it with scene_edit." % [
		arguments["theme"], ", %s to play" % arguments["difficulty"] if arguments.has("difficulty") else ""]


## The file of a topic; empty if the topic is no file name. A parameter of an address may be any text.
func _path_of(topic: String) -> String:
	return FOLDER.path_join(topic + ".md") if topic.is_valid_filename() else ""
