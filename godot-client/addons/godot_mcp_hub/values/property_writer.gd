## Sets properties of a node or a resource in the order given. A name that the object has only
## after another was set waits for it.
##
## The engine drops some values without a word, and adjusts others by its own rules: what is
## there in the end is compared with what was asked. Who calls takes back what was set when this
## fails.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const FilePaths := preload("../files/file_paths.gd")
const NumberTypes := preload("number_types.gd")
const ParsedValue := preload("parsed_value.gd")
const Permissions := preload("../requests/permissions.gd")
const PropertyInfos := preload("property_infos.gd")
const PropertyValues := preload("property_values.gd")
const Protocol := preload("../wire/protocol.gd")
const ScriptFit := preload("../scripts/script_fit.gd")
const ValueComparison := preload("value_comparison.gd")

const SCRIPT := "script"
## Containers and objects, which may be given as they were read.
const WHOLES: Array[int] = [TYPE_NIL, TYPE_OBJECT, TYPE_DICTIONARY, TYPE_ARRAY]
## Of names that no object lists, by their kind: the types as which a value is tried. A replication
## config takes no text for a path.
const TRIED: Dictionary = {"properties/#/path": [TYPE_NODE_PATH]}
const COMPLAINING: Array[String] = ["Animation", "MeshLibrary", "SceneReplicationConfig",
		"Skeleton3D", "Skin",
		"TileSetAtlasSource"]
const SHOWN_LENGTH := 120
## What to do about a value that the engine drops, by the name of its property.
const NEXT_STEPS: Dictionary = {
	"anchors_preset": "It counts with layout_mode 1 (Anchors) only: set that in the same call.",
	"current_animation": "animation.stop stops what plays.",
	"bus": "The running editor has no such bus: a bus layout is loaded when the editor starts.",
}

## The property by which writing has failed.
var failed_name: String = ""
## What the engine made of values by its own rules.
var notes: Array[String] = []
## (object, names) -> info by name of the properties that there are.
var find_infos: Callable = PropertyInfos.find_all

var _digits := RegEx.create_from_string("(?<![^/:])[0-9]+(?![^/:])")
## The facts about the last property that the object has taken without listing it.
var _info_taken: Dictionary = {}
## The same of one that is like those which are written now; empty when nothing is known.
var _like: Dictionary = {}
var _object: Object
## The scene's root; null outside of scenes.
var _root: Node
## (given, info, current) -> ParsedValue.
var _parse: Callable
## (name, value, whether the object had the name at the beginning).
var _put_value: Callable
## Of the request that writes; null in a game.
var _permissions: Permissions
## Values by name, in the order in which they were set.
var values: Dictionary = {}
## What was there before, by name.
var before: Dictionary = {}
## Names of what was given as it was read.
var _unchanged: Array[String] = []
## Where what was set and cannot be seen before the object is a part of another one is put down, as
## [object, name, given]; null where it is not compared later. A TileSetAtlasSource tells the shapes
## of its tiles only within a TileSet.
var unseen: Variant = null
## What was put down so of the objects that become parts of this one.
var of_parts: Array = []


func _init(object: Object, root: Node, parse: Callable, set_value: Callable,
		permissions: Permissions) -> void:
	_object = object
	_root = root
	_parse = parse
	_put_value = set_value
	_permissions = permissions


## Null when all is set as asked; otherwise the error in the property `failed_name`.
func write(given: Dictionary) -> ParsedValue:
	var waiting: Array = given.keys()
	while not waiting.is_empty() and is_instance_valid(_object):
		var known := _known(waiting)
		var problem := _write_known(given, known) if not known.is_empty() \
				else _write_alike(given, waiting)
		if problem != null:
			return problem
		waiting = waiting.filter(func(name: String) -> bool: return not values.has(name))
	var unsettled := _settle()
	return unsettled if unsettled != null else _compare(given)


## Values by name of what was given otherwise than it was read.
func changed() -> Dictionary:
	var found := values.duplicate()
	for name: String in _unchanged:
		found.erase(name)
	return found


## Those that the object has now, with the facts about them. Which it has behind a script, that
## script says.
func _known(waiting: Array) -> Dictionary:
	var before_script := waiting.find(SCRIPT) + 1
	return find_infos.call(_object, waiting.slice(0, before_script) if before_script > 0
			else waiting)


## All are read before one is set.
func _write_known(given: Dictionary, known: Dictionary) -> ParsedValue:
	var is_first := values.is_empty()
	for name: String in known:
		var problem := _read(name, given[name], known[name])
		if problem != null:
			return problem
	for name: String in known:
		if is_instance_valid(_object):
			_put(name, is_first)
	return null


func _read(name: String, given: Variant, info: Dictionary) -> ParsedValue:
	failed_name = name
	var current: Variant = _object.get(name)
	before[name] = current.duplicate() if current is Array or current is Dictionary else current
	if _is_as_read(name, given, info, current):
		values[name] = current
		_unchanged.append(name)
		return null
	var refusal := _refusal_of_script_file(given) if name == SCRIPT else null
	if refusal != null:
		return ParsedValue.refused(refusal)
	var parsed: ParsedValue = _parse.call(given, PropertyInfos.with_type_of(current, info), current)
	if parsed.fits() and name == SCRIPT and parsed.value is Script \
			and not is_same(parsed.value, current):
		var script: Script = parsed.value
		refusal = ScriptFit.refusal(_object, script, script.resource_path)
		if refusal != null:
			return ParsedValue.refused(refusal)
	if not parsed.fits():
		return parsed
	values[name] = parsed.value
	return null


## What was read and is given back unchanged stays the same thing. Setting it anew would change
## others, as a Control's "anchors_preset" does; only setters of scripts may want to hear of it.
func _is_as_read(name: String, given: Variant, info: Dictionary, current: Variant) -> bool:
	var is_whole: bool = (given is Dictionary or given is Array) \
			and (WHOLES.has(info["type"]) or info["type"] >= TYPE_PACKED_BYTE_ARRAY)
	if current == null or not is_whole and _is_of_script(name):
		return false
	return PropertyValues.is_json_of(given, current, _root)


func _refusal_of_script_file(given: Variant) -> CommandResult:
	var path: Variant = given.get("path") if given is Dictionary else given
	var current: Script = _object.get_script()
	if not path is String or current != null and path == current.resource_path:
		return null
	var refusal := _permissions.refusal(Permissions.ATTACH) if _permissions != null else null
	return refusal if refusal != null else ScriptFit.refusal_of_file(_object, path)


## Writes the first of the names that are waiting, and all that are like it, as "tracks/1/type" is
## like "tracks/0/type": to list what an object has takes longer the more that is, so it is done for
## the first alone.
func _write_alike(given: Dictionary, waiting: Array) -> ParsedValue:
	var first: String = waiting[0]
	var kind := _kind_of(first)
	_like = {}
	var problem := _write_unlisted(first, given[first])
	_like = _info_taken.merged({"name": first})
	for name: String in waiting.slice(1) if problem == null else []:
		# What does not fit yet is looked at again when there is more.
		if _kind_of(name) == kind and is_instance_valid(_object) \
				and _write_unlisted(name, given[name]) != null:
			break
	return problem


## A name without its numbers; without any, how many parts it has. What stands in another name, as
## in "nodes/Run 2/node", is no number: such names keep their order.
func _kind_of(name: String) -> String:
	var kind := _digits.sub(name, "#", true)
	return kind if kind != name else str(name.get_slice_count("/"))


## The engine takes names that no object lists before they are set, such as a theme's
## "Button/colors/font_color". What it makes of the value tells the type, by which the value is
## read again.
func _write_unlisted(name: String, given: Variant) -> ParsedValue:
	failed_name = name
	# A tile set takes "pattern_0".
	if not name.contains("/") and not name.right(1).is_valid_int():
		return ParsedValue.unknown()
	# These list all that they have, and complain of other names.
	before[name] = _object.get(name) if not COMPLAINING.has(_object.get_class()) else null
	var put_down: Array = unseen if unseen is Array else of_parts
	var known := put_down.size()
	var info: Dictionary = {}
	var types: Array = TRIED.get(_kind_of(name), [TYPE_NIL, TYPE_OBJECT])
	var tried: ParsedValue = null
	for type: int in types:
		tried = _parse.call(given, {"type": type, "name": name}, null)
		if not tried.fits() and type == types[0]:
			return tried
		if not tried.fits():
			break
		_put_value.call(name, tried.value, false)
		info = _info_of_taken(name)
		if not info.is_empty():
			break
	if info.is_empty() and unseen is Array:
		(unseen as Array).append([_object, name, given])
		values[name] = null
		return null
	if info.is_empty():
		return ParsedValue.unknown()
	_info_taken = info
	var got: Variant = _object.get(name)
	if got is Object and is_same(got, tried.value):
		values[name] = got
		return null
	# What was made to try it is replaced by what is made now.
	put_down.resize(known)
	var parsed: ParsedValue = _parse.call(given, PropertyInfos.with_type_of(got, info), got)
	if not parsed.fits():
		return parsed
	values[name] = parsed.value
	if WHOLES.has(typeof(got)) or not ValueComparison.same(parsed.value, got):
		_put(name, false)
	return null


## Looks at what could not be seen before: null when all of it has been taken.
func _settle() -> ParsedValue:
	for part: Array in of_parts:
		var object: Object = part[0]
		var name: String = part[1]
		var got: Variant = object.get(name)
		if got == null:
			return ParsedValue.misfit("a property of %s instead of '%s'"
					% [object.get_class(), name])
		var parsed: ParsedValue = _parse.call(part[2], {"type": typeof(got), "name": name}, got)
		if not parsed.fits():
			return parsed.of_part("for '%s' of the %s" % [name, object.get_class()])
		object.set(name, parsed.value)
		if not ValueComparison.same(parsed.value, object.get(name)):
			return ParsedValue.misfit("what '%s' of the %s takes" % [name, object.get_class()])
	return null


## The facts about a property; empty when the object does not have it.
func _info_of(name: String) -> Dictionary:
	return find_infos.call(_object, [name]).get(name, {})


## The facts about a property that has just been tried; empty when the object has not taken it.
## One that is like a taken one counts as taken where it has a value: in the end all are compared.
func _info_of_taken(name: String) -> Dictionary:
	var got: Variant = _object.get(name)
	if _like.is_empty():
		var info: Dictionary = _info_of(name)
		return info if not info.is_empty() or before[name] != null or got == null \
				else {"type": typeof(got), "name": name}
	if got == null:
		return {}
	var alike: Dictionary = {"type": typeof(got), "name": name}
	return alike.merged(_like) if _like.get("type") == alike["type"] else alike


func _put(name: String, was_there: bool) -> void:
	if not _unchanged.has(name):
		_put_value.call(name, values[name], was_there)


## Some values take only where others are set: what is not as asked is set once more. Setters of
## scripts run once.
func _compare(given: Dictionary) -> ParsedValue:
	for name: String in values:
		if is_instance_valid(_object) and not _took(name) and not _is_of_script(name):
			_read_again(name, given[name])
			_put_value.call(name, values[name], true)
	for name: String in values:
		if is_instance_valid(_object) and not _took(name):
			var problem := _judge(name, _object.get(name))
			if problem != null:
				return problem
	return null


## What is there now tells which numbers of an array are floats.
func _read_again(name: String, given: Variant) -> void:
	var current: Variant = _object.get(name)
	if values[name] is Array and current is Array:
		var info: Dictionary = _info_of(name).merged({"type": TYPE_ARRAY}, true)
		var parsed: ParsedValue = _parse.call(given, info, current)
		values[name] = parsed.value if parsed.fits() else values[name]


func _took(name: String) -> bool:
	# A node outside of the tree is nowhere.
	if name.begins_with("global_") and _object is Node and not (_object as Node).is_inside_tree():
		return true
	return ValueComparison.same(values[name], _object.get(name))


func _judge(name: String, got: Variant) -> ParsedValue:
	if _is_adjusted(name, got):
		notes.append("%s is %s, not %s: %s." % [name, _shown(got), _shown(values[name]),
				"its script's setter says so" if _is_of_script(name) else "the engine adjusts it"])
		return null
	failed_name = name
	var what := "'%s'" % (_object as Node).get_name() if _object is Node \
			else "the %s" % _object.get_class()
	return ParsedValue.refused(CommandResult.failed("INVALID_PARAMS",
			"Property '%s' of %s did not take %s: it is %s." % [
					name, what, _shown(values[name]), _shown(got)], NEXT_STEPS.get(name, "")) \
			.with("property", name))


## Numbers and texts that have changed were limited by a rule; others were dropped.
func _is_adjusted(name: String, got: Variant) -> bool:
	if _is_of_script(name) or _object is Range and name == "value" \
			or _object is Control and name == "size":
		return true
	var type := typeof(got)
	var is_plain: bool = type in [TYPE_FLOAT, TYPE_STRING, TYPE_STRING_NAME, TYPE_NODE_PATH] \
			or NumberTypes.MEMBERS.has(type) \
			or type == TYPE_INT and _info_of(name).get("hint") != PROPERTY_HINT_ENUM
	return is_plain and not ValueComparison.same(before[name], got)


func _is_of_script(name: String) -> bool:
	return name != SCRIPT and PropertyInfos.is_of_script(_object, name)


func _shown(value: Variant) -> String:
	var text := Protocol.encode_value(PropertyValues.to_json(value, _root))
	return text if text.length() <= SHOWN_LENGTH else text.left(SHOWN_LENGTH) + "..."
