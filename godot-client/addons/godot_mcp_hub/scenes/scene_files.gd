## Scene files by path: that they exist or may be made, what stands in them, and writing new ones.
extends RefCounted

const ClassNames := preload("../scripts/class_names.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const FileLimits := preload("../reading/file_limits.gd")
const FilePaths := preload("../files/file_paths.gd")
const FileWriter := preload("../files/file_writer.gd")
const Permissions := preload("../requests/permissions.gd")
const ProjectFiles := preload("../files/file_scan.gd").ProjectFiles
const PropertyInfos := preload("../values/property_infos.gd")
const PropertyParser := preload("../values/property_parser.gd")
const Result := preload("../requests/result.gd")
const SceneSessions := preload("scene_sessions.gd")

const EXTENSIONS: Array[String] = ["tscn", "scn"]


## The path of a scene file that is there.
static func existing(path: String) -> Result:
	var resolved := FilePaths.resolve(path)
	if not resolved.is_error() and not ResourceLoader.exists(resolved.value, "PackedScene"):
		return Result.err(SceneSessions.scene_not_found(resolved.value))
	return resolved


## The path at which a scene file can be made.
static func free_path(path: String) -> Result:
	var resolved := FilePaths.resolve_for_writing(path, EXTENSIONS)
	if not resolved.is_error() and FileAccess.file_exists(resolved.value):
		return Result.err(CommandResult.failed("CONFLICT", "%s exists." % resolved.value,
				"Open it with scene.open, or choose another name."))
	return resolved


## `{path, state}` of a scene file as it is on disk now.
static func state_of_file(path: String) -> Result:
	var found := existing(path)
	if found.is_error():
		return found
	var packed := DormantFiles.open(found.value, "PackedScene") as PackedScene
	if packed == null:
		return Result.err(FileLimits.unloaded(found.value, "INVALID_PARAMS"))
	return Result.ok({"path": found.value, "state": packed.get_state()})


## The path at which a scene of that file and with that name of its root can be made.
static func target(path: String, root_name: String) -> Result:
	if root_name.is_empty() or root_name.validate_node_name() != root_name:
		return Result.err(CommandResult.failed("INVALID_PARAMS",
				"'%s' is no node name." % root_name))
	return free_path(path)


## Writes `root`, named `root_name`, to the file `path` of the request, which must not exist. The
## value has `path`.
static func write_new(root: Node, root_name: String, request: CommandRequest) -> CommandResult:
	var free := target(request.text("path"), root_name)
	if free.is_error():
		return free.error
	root.name = root_name
	var path: String = free.value
	var packed := PackedScene.new()
	packed.pack(root)
	var failure := FileWriter.save(packed, path)
	if failure != null:
		return failure
	await ProjectFiles.announce(path, request)
	return CommandResult.succeeded({"path": path})


## Scenes to begin with: each a list of nodes, the root first, with values in the syntax of
## PROTOCOL.md.
class SceneTemplates extends RefCounted:
	const TEMPLATES: Dictionary = {
		"player_2d": [
			{"type": "CharacterBody2D", "name": "Player", "groups": ["player"]},
			{"type": "Sprite2D", "name": "Sprite"},
			{"type": "CollisionShape2D", "name": "Shape", "properties": {
				"shape": {"type": "Resource", "class": "CapsuleShape2D",
				"properties": {"radius": 12, "height": 40}}}},
			{"type": "Camera2D", "name": "Camera",
			"properties": {"position_smoothing_enabled": true}},
		],
		"player_3d": [
			{"type": "CharacterBody3D", "name": "Player", "groups": ["player"]},
			{"type": "MeshInstance3D", "name": "Look", "properties": {
				"position": "Vector3(0, 1, 0)", "mesh": {"type": "Resource",
				"class": "CapsuleMesh"}}},
			{"type": "CollisionShape3D", "name": "Shape", "properties": {
				"position": "Vector3(0, 1, 0)", "shape": {"type": "Resource",
				"class": "CapsuleShape3D"}}},
			{"type": "Node3D", "name": "Head", "properties": {"position": "Vector3(0, 1.6, 0)"}},
			{"type": "Camera3D", "name": "Camera", "parent": "Head"},
		],
		"enemy_3d": [
			{"type": "CharacterBody3D", "name": "Enemy", "groups": ["enemies"]},
			{"type": "MeshInstance3D", "name": "Look", "properties": {
				"position": "Vector3(0, 1, 0)", "mesh": {"type": "Resource", "class": "CapsuleMesh",
				"properties": {
					"material": {"type": "Resource", "class": "StandardMaterial3D",
					"properties": {"albedo_color": "indianred"}}}}}},
			{"type": "CollisionShape3D", "name": "Shape", "properties": {
				"position": "Vector3(0, 1, 0)", "shape": {"type": "Resource",
				"class": "CapsuleShape3D"}}},
			{"type": "NavigationAgent3D", "name": "Navigation"},
			{"type": "Area3D", "name": "Sight"},
			{"type": "CollisionShape3D", "name": "Shape", "parent": "Sight", "properties": {
				"shape": {"type": "Resource", "class": "SphereShape3D",
				"properties": {"radius": 8}}}},
		],
		"level_3d": [
			{"type": "Node3D", "name": "Level"},
			{"type": "WorldEnvironment", "name": "World", "properties": {
				"environment": {"type": "Resource", "class": "Environment", "properties": {
					"background_mode": "Sky", "sky": {"type": "Resource", "class": "Sky",
					"properties": {
						"sky_material": {"type": "Resource",
						"class": "ProceduralSkyMaterial"}}}}}}},
			{"type": "DirectionalLight3D", "name": "Sun", "properties": {
				"rotation": "Vector3(-0.9, -0.5, 0)", "shadow_enabled": true}},
			{"type": "StaticBody3D", "name": "Ground"},
			{"type": "MeshInstance3D", "name": "Look", "parent": "Ground", "properties": {
				"position": "Vector3(0, -0.5, 0)",
				"mesh": {"type": "Resource", "class": "BoxMesh",
				"properties": {"size": "Vector3(40, 1, 40)"}}}},
			{"type": "CollisionShape3D", "name": "Shape", "parent": "Ground", "properties": {
				"position": "Vector3(0, -0.5, 0)",
				"shape": {"type": "Resource", "class": "BoxShape3D",
				"properties": {"size": "Vector3(40, 1, 40)"}}}},
			{"type": "Marker3D", "name": "Start", "properties": {"position": "Vector3(0, 1, 0)"}},
		],
		"ui_menu": [
			{"type": "Control", "name": "Menu",
			"properties": {"layout_mode": 3, "anchors_preset": 15}},
			{"type": "CenterContainer", "name": "Center",
			"properties": {"layout_mode": 1, "anchors_preset": 15}},
			{"type": "VBoxContainer", "name": "Buttons", "parent": "Center",
			"properties": {"custom_minimum_size": "Vector2(240, 0)"}},
			{"type": "Label", "name": "Title", "parent": "Center/Buttons",
			"properties": {"text": "Title", "horizontal_alignment": "Center"}},
			{"type": "Button", "name": "Play", "parent": "Center/Buttons",
			"properties": {"text": "Play"}},
			{"type": "Button", "name": "Options", "parent": "Center/Buttons",
			"properties": {"text": "Options"}},
			{"type": "Button", "name": "Quit", "parent": "Center/Buttons",
			"properties": {"text": "Quit"}},
		],
	}

	static func names() -> PackedStringArray:
		return PackedStringArray(TEMPLATES.keys())

	## The nodes of a template, owned by their root; the caller frees it.
	static func build(template: String) -> Node:
		var root: Node = null
		for entry: Dictionary in TEMPLATES[template]:
			var node: Node = ClassNames.make_node(entry["type"], Permissions.new()).value
			node.name = entry["name"]
			for group: String in entry.get("groups", []):
				node.add_to_group(group, true)
			if root == null:
				root = node
			else:
				root.get_node(NodePath(entry.get("parent", "."))).add_child(node)
				node.owner = root
			_set_properties(node, entry.get("properties", {}))
		return root

	static func _set_properties(node: Node, properties: Dictionary) -> void:
		var parser := PropertyParser.new()
		for name: String in properties:
			var parsed := parser.parse(properties[name], PropertyInfos.find(node, name),
					node.get(name))
			assert(parsed.fits(), "%s of %s must be %s." % [name, node.name, parsed.expected])
			node.set(name, parsed.value)
