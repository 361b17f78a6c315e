## Gets the project's resources, scenes and scripts for a request: as the engine has them, or
## dormant for one that only looks.
extends RefCounted

const DormantFiles := preload("dormant_files.gd")
const DormantScripts := preload("dormant_scripts.gd")
const FileLimits := preload("file_limits.gd")
const LoadedScripts := preload("loaded_scripts.gd")
const Permissions := preload("../requests/permissions.gd")
const StoredValues := preload("stored_values.gd")


## The resource of a file, or one that is kept in a file; null when there is none.
static func resource(path: String, permissions: Permissions) -> Resource:
	var id := InnerResources.id_of(path)
	if not id.is_empty() and not ResourceLoader.has_cached(path):
		var owner := resource(InnerResources.file_of(path), permissions)
		return InnerResources.find(owner, id) if owner != null else null
	if permissions == null or not permissions.only_looks:
		if FileLimits.refusal(path) != null:
			return null
		if path.get_extension().to_lower() == DormantFiles.SCRIPT:
			return LoadedScripts.of(path)
		freshen_scripts_of(path)
		return load(path)
	if path.get_extension().to_lower() == DormantFiles.SCRIPT:
		return DormantScripts.of(path)
	var known := load(path) if ResourceLoader.has_cached(path) else null
	if known is Script:
		return DormantScripts.in_place_of(known as Script)
	return known if known != null and not known is PackedScene and known.get_script() == null \
			else DormantFiles.open(path)


## Brings the loaded scripts of all that a file needs in step with their files, before it is loaded.
static func freshen_scripts_of(path: String) -> void:
	for script: String in DormantFiles.scripts_of([path]):
		if ResourceLoader.has_cached(script):
			LoadedScripts.of(script)


static func scene(path: String, permissions: Permissions) -> PackedScene:
	return resource(path, permissions) as PackedScene


## A copy of a scene, as one that is put into another one.
static func instance(packed: PackedScene, permissions: Permissions) -> Node:
	return DormantFiles.instantiate(packed) if permissions.only_looks \
			else packed.instantiate(PackedScene.GEN_EDIT_STATE_INSTANCE)


## The script of a file; null when there is none.
static func script(path: String, permissions: Permissions) -> Script:
	if permissions == null or not permissions.only_looks:
		return LoadedScripts.of(path)
	return DormantScripts.of(path) if FileAccess.file_exists(path) else null


## Finds the resources that are kept inside of a file, by the ids behind `::` in their paths:
## `res://theme.tres::StyleBoxFlat_a1b2`.
class InnerResources extends RefCounted:
	## Between the path of a file and the id of a resource in it.
	const MARK := "::"
	## Resources of one file that are looked at.
	const MOST := 20000

	static func file_of(path: String) -> String:
		return path.get_slice(MARK, 0)

	## Empty for a file itself.
	static func id_of(path: String) -> String:
		return path.substr(file_of(path).length()).trim_prefix(MARK)

	## The resource with that id inside of `owner`, or null.
	static func find(owner: Resource, id: String) -> Resource:
		return all_in(owner).get(id)

	## Every resource inside of one that a file holds, or of a scene, by its id.
	static func all_in(owner: Resource) -> Dictionary:
		var found: Dictionary = {}
		var seen: Dictionary = {owner: true}
		var left: Array[Resource] = [owner]
		while not left.is_empty() and seen.size() < MOST:
			for inner: Resource in _inside(_values_of(left.pop_back())):
				if not seen.has(inner):
					seen[inner] = true
					left.append(inner)
					found[_id(inner)] = inner
		found.erase("")
		return found

	static func _id(resource: Resource) -> String:
		var id := id_of(resource.get_path())
		return id if not id.is_empty() else resource.get_scene_unique_id()

	static func _values_of(resource: Resource) -> Array:
		var values: Array = []
		if resource is PackedScene:
			var state := (resource as PackedScene).get_state()
			for node: int in state.get_node_count():
				for property: int in state.get_node_property_count(node):
					values.append(state.get_node_property_value(node, property))
			return values
		var stored := StoredValues.new(resource)
		for info: Dictionary in stored.infos():
			if info["usage"] & PROPERTY_USAGE_STORAGE \
					and info["type"] in [TYPE_OBJECT, TYPE_ARRAY, TYPE_DICTIONARY, TYPE_NIL]:
				values.append(stored.value(info["name"]))
		return values

	## Resources among values and in their lists that no other file holds.
	static func _inside(values: Array) -> Array[Resource]:
		var inside: Array[Resource] = []
		for value: Variant in values:
			if value is Resource and (value.get_path().is_empty()
					or value.get_path().contains(MARK)):
				inside.append(value)
			elif value is Array:
				inside.append_array(_inside(value))
			elif value is Dictionary:
				inside.append_array(
						_inside((value as Dictionary).keys() + (value as Dictionary).values()))
		return inside
