## Finds the resources that are kept inside of a file, by the ids behind `::` in their paths: `res://theme.tres::StyleBoxFlat_a1b2`.
extends RefCounted

const StoredValues := preload("stored_values.gd")

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
		if info["usage"] & PROPERTY_USAGE_STORAGE and info["type"] in [TYPE_OBJECT, TYPE_ARRAY, TYPE_DICTIONARY, TYPE_NIL]:
			values.append(stored.value(info["name"]))
	return values


## Resources among values and in their lists that no other file holds.
static func _inside(values: Array) -> Array[Resource]:
	var inside: Array[Resource] = []
	for value: Variant in values:
		if value is Resource and (value.get_path().is_empty() or value.get_path().contains(MARK)):
			inside.append(value)
		elif value is Array:
			inside.append_array(_inside(value))
		elif value is Dictionary:
			inside.append_array(_inside((value as Dictionary).keys() + (value as Dictionary).values()))
	return inside
