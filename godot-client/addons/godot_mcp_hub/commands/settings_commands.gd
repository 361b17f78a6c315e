## The project's settings: as such, and as input actions and autoloads.
extends RefCounted

const BrokenScripts := preload("../scripts/broken_scripts.gd")
const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const FilePaths := preload("../files/file_paths.gd")
const FileValues := preload("../values/file_values.gd")
const InputEvents := preload("../values/input_events.gd")
const NearNames := preload("../texts/near_names.gd")
const PropertyInfos := preload("../values/property_infos.gd")
const PropertyParser := preload("../values/property_parser.gd")
const PropertyValues := preload("../values/property_values.gd")
const Secrets := preload("../texts/secrets.gd")
const SettingRules := preload("../project/saved_settings.gd").SettingRules
const SavedSettings := preload("../project/saved_settings.gd")
const ValueComparison := preload("../values/value_comparison.gd")

const DEFAULT_LIMIT := 200
const INPUT := SettingRules.INPUT
const AUTOLOAD := SettingRules.AUTOLOAD
## Actions of the engine's own user interface.
const BUILT_IN := "ui_"
const DEFAULT_DEADZONE := 0.2
## Marks an autoload that scripts reach by its name.
const SINGLETON_MARK := "*"

var _saved: SavedSettings


func _init(stored: SavedSettings) -> void:
	_saved = stored


func commands() -> Array[Command]:
	return [
		Command.read("project.get_settings", _get_settings, {
			"names?": TYPE_ARRAY, "prefix?": TYPE_STRING, "all?": TYPE_BOOL, "limit?": TYPE_INT,
			"cursor?": TYPE_STRING}),
		Command.write("project.set_settings", _set_settings,
		{"settings": TYPE_DICTIONARY, "create?": TYPE_BOOL}),
		Command.read("project.list_input_actions", _list_input_actions, {"builtIn?": TYPE_BOOL}),
		Command.write("project.set_input_action", _set_input_action,
		{"name": TYPE_STRING, "events": TYPE_ARRAY, "deadzone?": TYPE_FLOAT}),
		Command.write("project.remove_input_action", _remove_input_action, {"name": TYPE_STRING}),
		Command.read("project.list_autoloads", _list_autoloads),
		Command.write("project.add_autoload", _add_autoload,
		{"name": TYPE_STRING, "path": TYPE_STRING, "singleton?": TYPE_BOOL}),
		Command.write("project.remove_autoload", _remove_autoload, {"name": TYPE_STRING}),
	]


func _get_settings(request: CommandRequest) -> CommandResult:
	var names: Array[String] = []
	if request.has("names"):
		for name: Variant in request.params["names"]:
			if not name is String or not ProjectSettings.has_setting(name):
				return _unknown_setting(str(name))
			if not names.has(name):
				names.append(name)
	else:
		for info: Dictionary in ProjectSettings.get_property_list():
			if _is_shown(info, request):
				names.append(info["name"])
	names.sort()
	var start := names.bsearch(request.text("cursor"), false) if request.has("cursor") else 0
	var shown := names.slice(start, start + request.number("limit", DEFAULT_LIMIT))
	var answer: Dictionary = {"settings": _values(shown), "total": names.size()}
	if not shown.is_empty() and shown[-1] != names[-1]:
		answer.merge({"truncated": true, "cursor": shown[-1]})
	return _saved.answer(answer)


static func _is_shown(info: Dictionary, request: CommandRequest) -> bool:
	var name: String = info["name"]
	if not name.begins_with(request.text("prefix")) or not name.contains("/") \
			or not ProjectSettings.has_setting(name):
		return false
	if request.flag("all", false):
		return true
	return not ProjectSettings.property_can_revert(name) \
			or ProjectSettings.property_get_revert(name) != ProjectSettings.get_setting(name)


func _set_settings(request: CommandRequest) -> CommandResult:
	var given: Dictionary = request.params["settings"]
	var infos: Dictionary = {}
	for info: Dictionary in ProjectSettings.get_property_list():
		infos[info["name"]] = info
	var values: Dictionary = {}
	var previous: Dictionary = {}
	for name: String in given:
		var is_known := ProjectSettings.has_setting(name)
		var refusal := SettingRules.refusal(name, given[name], request.permissions)
		if refusal != null:
			return refusal
		if not is_known and (not request.flag("create", false) or not name.contains("/")):
			return _unknown_setting(name)
		previous[name] = _value(name) if is_known else null
		values[name] = null
		if given[name] == null:
			continue
		if is_known and ValueComparison.same_json(given[name], previous[name]):
			values[name] = ProjectSettings.get_setting(name)
			continue
		var parsed := PropertyParser.new(null, request.permissions) \
				.parse(given[name], _info_of(name, infos), ProjectSettings.get_setting(name))
		if parsed.refusal != null:
			return parsed.refusal
		if not parsed.fits():
			return CommandResult.failed("INVALID_PARAMS",
					"The setting '%s' must be %s." % [name, parsed.expected]) \
					.with("property", name).with("expected", parsed.expected)
		if name.begins_with(INPUT) and not InputEvents.is_action(parsed.value):
			return CommandResult.failed("INVALID_PARAMS",
					"The setting '%s' must be an input action: {\"deadzone\":0.2,\"events\":[...]}, each event an InputEvent." % name,
					"project.set_input_action makes one of keys and buttons.").with("property",
					name)
		values[name] = parsed.value
	var failure := _saved.store(values)
	return failure if failure != null \
			else CommandResult.succeeded({"settings": _values(given.keys()), "previous": previous})


## Info of a setting; of one for certain features only ("a/b.windows") it is that of the one
## without.
static func _info_of(name: String, infos: Dictionary) -> Dictionary:
	var plain := name.get_base_dir().path_join(name.get_file().get_slice(".", 0))
	var info := FileValues.hinted_by_name(infos.get(name if infos.has(name) else plain,
			{"type": TYPE_NIL}), plain)
	return PropertyInfos.with_type_of(ProjectSettings.get_setting(name), info)


static func _values(names: Array) -> Dictionary:
	var values: Dictionary = {}
	for name: String in names:
		values[name] = _value(name)
	return values


static func _value(name: String) -> Variant:
	return Secrets.redact(PropertyValues.to_json(ProjectSettings.get_setting(name), null), name)


static func _unknown_setting(name: String) -> CommandResult:
	var names: Array = ProjectSettings.get_property_list() \
			.map(func(info: Dictionary) -> String: return info["name"])
	var near := NearNames.of(name, names)
	return CommandResult.failed("NOT_FOUND", "The project has no setting '%s'." % name,
			(
			NearNames.question(near)
			+ " create:true makes a new one, as section/name.").strip_edges(), near)


func _list_input_actions(request: CommandRequest) -> CommandResult:
	var actions: Array[Dictionary] = []
	for name: String in _names_below(INPUT):
		if request.flag("builtIn", false) or not name.begins_with(BUILT_IN):
			actions.append(_describe_action(name))
	return _saved.answer({"actions": actions})


static func _describe_action(name: String) -> Dictionary:
	var action: Dictionary = ProjectSettings.get_setting(INPUT + name)
	var events: Array[Dictionary] = []
	for event: InputEvent in _events_of(name):
		events.append(InputEvents.to_json(event))
	return {"name": name, "deadzone": action.get("deadzone", DEFAULT_DEADZONE), "events": events}


## Without what is no event: a project's file may say null there.
static func _events_of(name: String) -> Array:
	var action: Variant = ProjectSettings.get_setting(INPUT + name, {})
	var events: Variant = action.get("events") if action is Dictionary else null
	return (events as Array).filter(func(event: Variant) -> bool: return event is InputEvent) \
			if events is Array else []


func _set_input_action(request: CommandRequest) -> CommandResult:
	var name := request.text("name")
	if name.is_empty() or name != name.validate_filename() or name.contains("/") \
			or name.contains("="):
		return CommandResult.failed("INVALID_PARAMS", "'%s' is no name of an action." % name)
	var deadzone: float = request.params.get("deadzone", DEFAULT_DEADZONE)
	if deadzone < 0.0 or deadzone > 1.0:
		return CommandResult.failed("INVALID_PARAMS", "'deadzone' must be between 0 and 1.")
	var parsed := InputEvents.parse_all(request.params["events"], _events_of(name),
			request.permissions)
	if parsed.has("misfit"):
		return CommandResult.failed("INVALID_PARAMS",
				"Event %d must be %s." % [parsed["misfit"], InputEvents.EXPECTED])
	var failure := _saved.store({INPUT + name: {"deadzone": deadzone, "events": parsed["events"]}})
	return failure if failure != null else CommandResult.succeeded(_describe_action(name))


func _remove_input_action(request: CommandRequest) -> CommandResult:
	var failure := _unknown(INPUT, request.text("name"), "input action")
	if failure == null:
		failure = _saved.store({INPUT + request.text("name"): null})
	return failure if failure != null else _removed(request)


func _list_autoloads(_call: CommandRequest) -> CommandResult:
	var autoloads: Array[Dictionary] = []
	for name: String in _names_below(AUTOLOAD):
		autoloads.append(_describe_autoload(name))
	return _saved.answer({"autoloads": autoloads})


static func _describe_autoload(name: String) -> Dictionary:
	var value := str(ProjectSettings.get_setting(AUTOLOAD + name))
	var path := value.trim_prefix(SINGLETON_MARK)
	return {"name": name, "path": FilePaths.resolve(path).value_or(path),
			"singleton": value.begins_with(SINGLETON_MARK)}


func _add_autoload(request: CommandRequest) -> CommandResult:
	var name := request.text("name")
	if not name.is_valid_unicode_identifier() or ClassDB.class_exists(name) \
			or Engine.has_singleton(name):
		return CommandResult.failed("INVALID_PARAMS",
				"'%s' cannot be the name of an autoload: it must be an identifier that no class of the engine has." % name)
	if _names_below(AUTOLOAD).has(name):
		return CommandResult.failed("CONFLICT", "There is an autoload '%s' already." % name,
				"Remove it first with project.remove_autoload.")
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		if entry["class"] == name:
			return CommandResult.failed("CONFLICT",
					"'%s' is the class_name of %s." % [name, entry["path"]])
	var resolved := FilePaths.resolve(request.text("path"))
	if resolved.is_error():
		return resolved.error
	var path: String = resolved.value
	if not ResourceLoader.exists(path, "Script") and not ResourceLoader.exists(path, "PackedScene"):
		return CommandResult.failed("NOT_FOUND", "There is no script or scene %s." % path)
	var failure := _add(name, path) if request.flag("singleton", true) \
			else _saved.store({AUTOLOAD + name: path})
	if failure == null:
		BrokenScripts.mend([name])
	return failure if failure != null else CommandResult.succeeded(_describe_autoload(name))


## The editor's own way: only so do scripts find the name at once.
func _add(name: String, path: String) -> CommandResult:
	var failure := _saved.newer_file()
	if failure != null:
		return failure
	var plugin := EditorPlugin.new()
	plugin.add_autoload_singleton(name, path)
	failure = _saved.save()
	if failure != null:
		plugin.remove_autoload_singleton(name)
	plugin.free()
	return failure


func _remove_autoload(request: CommandRequest) -> CommandResult:
	var failure := _unknown(AUTOLOAD, request.text("name"), "autoload")
	if failure == null:
		failure = _saved.newer_file()
	if failure != null:
		return failure
	var setting := AUTOLOAD + request.text("name")
	var path := str(ProjectSettings.get_setting(setting))
	var plugin := EditorPlugin.new()
	plugin.remove_autoload_singleton(request.text("name"))
	failure = _saved.save()
	if failure != null:
		plugin.add_autoload_singleton(request.text("name"), path.trim_prefix(SINGLETON_MARK))
		ProjectSettings.set_setting(setting, path)
	plugin.free()
	return failure if failure != null else _removed(request)


static func _removed(request: CommandRequest) -> CommandResult:
	return CommandResult.succeeded({"name": request.text("name"), "removed": true})


static func _unknown(section: String, name: String, what: String) -> CommandResult:
	var names := _names_below(section)
	var near := NearNames.of(name, names)
	return null if names.has(name) else CommandResult.failed("NOT_FOUND",
			"There is no %s '%s'." % [what, name], NearNames.question(near), near)


## Names of the settings in a section, in the order in which the project has them.
static func _names_below(section: String) -> Array[String]:
	var names: Array[String] = []
	for info: Dictionary in ProjectSettings.get_property_list():
		if (info["name"] as String).begins_with(section):
			names.append((info["name"] as String).trim_prefix(section))
	return names
