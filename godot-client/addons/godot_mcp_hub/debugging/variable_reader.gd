## Reads the variables of a stopped game through the adapter, as deep as is asked for and not more
## than a limit.
extends RefCounted

const AdapterConnection := preload("adapter_connection.gd")
const DebuggerMonitor := preload("debugger_monitor.gd")
const Wait := preload("../engine/wait.gd")

## Scopes of a frame, as the adapter calls them.
const SCOPES: Dictionary = {"locals": "Locals", "members": "Members", "globals": "Globals"}
## How the engine writes an object that lives in the game, by a number that means nothing there, and
## how it is written here until it is known.
const OBJECT := "<EncodedObjectAsID#"
const UNNAMED := "object #"
const MOST_SPACES := 64
## What the adapter puts the variables and constants of a script below.
const CATEGORIES: Array[String] = ["Members", "Constants"]
const TEXT_LENGTH := 2000
## How long the game may take to send the variables of a frame.
const ARRIVAL_TIMEOUT_MS := 2000

## Why something could not be read; empty when all was.
var problem: String = ""
## There was more than the limit allows.
var is_cut: bool = false
## Variables that an earlier page had, and those that have been passed or described by now.
var first: int = 0
var place: int = 0

var _adapter: AdapterConnection
var _watch: DebuggerMonitor
var _left: int
## Where the game has stopped.
var _place: String


func _init(adapter: AdapterConnection, watch: DebuggerMonitor, place: String, limit: int) -> void:
	_adapter = adapter
	_watch = watch
	_place = place
	_left = limit


## Reference of a scope's variables, by the scope's name in SCOPES, once the game has sent those of
## this frame.
func scopes_of(frame: int) -> Dictionary:
	var response := await _adapter.request("scopes", {"frameId": frame})
	var references: Dictionary = {}
	for scope: Dictionary in (response.get("body", {}) as Dictionary).get("scopes", []):
		references[SCOPES.find_key(scope["name"])] = int(scope["variablesReference"])
	if references.is_empty():
		problem = "The debug adapter knows no frame %d." % frame
		return {}
	await _await_arrival(references["locals"])
	return references


## What a reference of the adapter leads to, with `depth` further levels.
func read(container: int, depth: int) -> Array[Dictionary]:
	var variables: Array[Dictionary] = []
	for told: Dictionary in await raw(container):
		if _left > 0:
			place += 1
		if place <= first:
			continue
		if _left <= 0:
			is_cut = true
			break
		_left -= 1
		# What is inside of a described one has no place.
		var own_place := place
		variables.append(await _described(told, depth))
		place = own_place
	return variables


## The variable that `names` lead to, from one of `roots`, in the adapter's own words; empty when
## there is none.
func find(roots: Array, names: PackedStringArray) -> Dictionary:
	var references := roots
	var found: Dictionary = {}
	for name: String in names:
		found = {}
		for container: int in references:
			if found.is_empty():
				found = await _named(container, name)
		if found.is_empty():
			problem = "There is no variable '%s'." % name
			return {}
		references = [int(found["variablesReference"])]
	return found


## The variable of that name in a container; a property of an object is also found without the class
## that it stands below.
func _named(container: int, name: String) -> Dictionary:
	var variables := await raw(container)
	for told: Dictionary in variables:
		if told["name"] == name:
			return told
	for told: Dictionary in variables:
		if int(told.get("variablesReference", 0)) > 0 and _is_category(told):
			for property: Dictionary in await raw(int(told["variablesReference"])):
				if property["name"] == name:
					return property
	return {}


## A class of the object, or its script, below which the adapter puts the properties that it
## declares.
static func _is_category(told: Dictionary) -> bool:
	return told.get("type", "") in ["", "Category"] or CATEGORIES.has(told["name"]) \
			or ClassDB.class_exists(str(told["name"]))


## What is inside a variable that was found.
func children_of(found: Dictionary, depth: int) -> Array[Dictionary]:
	var container := int(found.get("variablesReference", 0))
	return await read(container, depth) if container > 0 else ([] as Array[Dictionary])


## What a reference of the adapter leads to, in the adapter's own words.
func raw(container: int) -> Array:
	var response := await _adapter.request("variables", {"variablesReference": container})
	if not response.get("success", false):
		problem = "The game did not send these variables."
		return []
	return (response.get("body", {}) as Dictionary).get("variables", [])


func _described(told: Dictionary, depth: int) -> Dictionary:
	var variable := describe_value(str(told.get("value", "")), str(told.get("type", "")))
	variable["name"] = told["name"]
	var container := int(told.get("variablesReference", 0))
	if container > 0 and depth > 0:
		variable["children"] = await read(container, depth - 1)
	elif container > 0:
		variable["hasChildren"] = true
	return variable


## Writes for each object among these variables of a frame, and in what is inside of them, what it
## is: node, class, script. `above` is the path that leads to them: a scope ("" for any) and names.
func name_objects(frame: int, above: Array, variables: Array) -> void:
	var objects: Array[Dictionary] = []
	var paths: Array[Array] = []
	_collect_objects(above, variables, objects, paths)
	if objects.is_empty():
		return
	var own := await _own_id(frame) \
			if paths.any(func(path: Array) -> bool: return path[1] == "self") else 0
	var number := _watch.ask_objects(frame, own, paths)
	await Wait.until(func() -> bool: return _watch.objects_of(number) != null, ARRIVAL_TIMEOUT_MS)
	var names: Variant = _watch.objects_of(number)
	for index: int in mini(objects.size(), (names as Array).size()) if names != null else 0:
		if not str(names[index]).is_empty():
			objects[index]["value"] = names[index]


static func _collect_objects(above: Array, variables: Array, objects: Array[Dictionary],
		paths: Array[Array]) -> void:
	for variable: Dictionary in variables:
		var path := above + [variable["name"]] if variable.has("name") else above
		if variable.get("type") == "Object" and (variable["value"] as String).begins_with(UNNAMED):
			objects.append(variable)
			paths.append(path)
		_collect_objects(path, variable.get("children", []), objects, paths)


## The number by which the game knows the instance of a frame; 0 when it does not say. The adapter
## tells equal expressions apart by spaces.
func _own_id(frame: int) -> int:
	var expression := "get_instance_id()" + " ".repeat(_adapter.request_count() % MOST_SPACES)
	var response := await _adapter.request("evaluate",
			{"expression": expression, "frameId": frame, "context": "repl"})
	return str((response.get("body", {}) as Dictionary).get("result", "")).to_int()


## {type?, value}: an object is named by its id in the game, long texts are cut.
static func describe_value(value: String, type: String) -> Dictionary:
	var described: Dictionary = {"value": value.left(TEXT_LENGTH)}
	if value.begins_with(OBJECT):
		described["value"] = UNNAMED + value.trim_prefix(OBJECT).trim_suffix(">")
		type = "Object"
	if value.length() > TEXT_LENGTH:
		described["truncated"] = true
	if not type.is_empty():
		described["type"] = type
	return described


## The adapter may still have nothing of this frame, or what it had before: the game's echo comes
## after what it has sent.
func _await_arrival(container: int) -> void:
	var echo := _watch.tell_stopped(_place)
	if await Wait.until(_watch.has_echoed.bind(echo), ARRIVAL_TIMEOUT_MS):
		return
	# A game without this addon's runtime does not echo.
	if not (await _adapter.request("variables", {"variablesReference": container})) \
			.get("success", false):
		problem = "The game did not send the variables of this frame."
