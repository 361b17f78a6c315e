## The classes that there are: the engine's own, and those that the project's scripts declare.
extends RefCounted

const ClassReference := preload("../checker/class_reference.gd")
const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const ResponseCache := preload("../editor/response_cache.gd")
const NearNames := preload("../texts/near_names.gd")
const ScriptCheck := preload("../checking/script_check.gd")
const CheckJobs := preload("../checking/check_jobs.gd")

const DEFAULT_LIMIT := 50


func commands() -> Array[Command]:
	return [
		Command.read("classdb.get_class", _get_class_reference,
		{"name": TYPE_STRING, "inherited?": TYPE_BOOL, "sections?": TYPE_ARRAY}),
		Command.read("classdb.search", _search,
		{"query": TYPE_STRING, "base?": TYPE_STRING, "members?": TYPE_BOOL, "limit?": TYPE_INT,
		"cursor?": TYPE_STRING}),
	]


func _get_class_reference(request: CommandRequest) -> CommandResult:
	var name := request.text("name")
	var sections: Array = request.params.get("sections", ClassReference.SECTIONS)
	for section: Variant in sections:
		if not ClassReference.SECTIONS.has(section):
			return CommandResult.failed("INVALID_PARAMS",
					"'sections' may have %s." % ", ".join(
					PackedStringArray(ClassReference.SECTIONS)))
	if ClassDB.class_exists(name):
		return ResponseCache.vouch(
				CommandResult.succeeded(ClassReference.of_engine(name,
				request.flag("inherited", false), sections)), ResponseCache.revision)
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		if entry["class"] == name:
			return await _of_script(entry, sections, request)
	var near := NearNames.of(name, _names())
	return CommandResult.failed("NOT_FOUND", "There is no class '%s'." % name,
			NearNames.question(near), near)


static func _of_script(entry: Dictionary, sections: Array,
		request: CommandRequest) -> CommandResult:
	var told := await ScriptCheck.ask({
		"asks": CheckJobs.CLASS, "path": entry["path"], "entry": entry,
				"inherited": request.flag("inherited", false),
		"sections": sections}, request)
	if told.is_error():
		return told.error
	if not (told.value as Dictionary).has("class"):
		return CommandResult.failed("SCRIPT_COMPILE_FAILED",
				"%s (%s) does not compile." % [entry["class"], entry["path"]],
				"script.validate shows why.")
	return CommandResult.succeeded(told.value["class"])


## Classes whose names contain the query, those that begin with it first; with `members`, also what
## they declare.
func _search(request: CommandRequest) -> CommandResult:
	var revision := ResponseCache.revision
	var first := request.place()
	if first < 0:
		return request.not_a_cursor()
	var query := request.text("query").to_lower()
	var base := request.text("base")
	if not base.is_empty() and not _names().has(base):
		var near := NearNames.of(base, _names())
		return CommandResult.failed("NOT_FOUND", "There is no class '%s'." % base,
				NearNames.question(near), near)
	var classes: Array[Dictionary] = []
	var members: Array[Dictionary] = []
	for entry: Dictionary in _entries():
		if not base.is_empty() and not _inherits(entry, base):
			continue
		if query.is_empty() or entry["name"].to_lower().contains(query):
			classes.append(entry)
		if request.flag("members", false) and entry["source"] == "engine":
			members.append_array(_members_with(query, entry["name"]))
		await request.let_frame_pass_when_due()
	classes.sort_custom(func(a: Dictionary, b: Dictionary) -> bool:
		return _rank(a["name"], query) < _rank(b["name"], query))
	# One list after the other, so that a page has no more entries than it may.
	var end := first + request.number("limit", DEFAULT_LIMIT)
	var answer: Dictionary = {"classes": classes.slice(first, end),
			"total": classes.size() + members.size()}
	if request.flag("members", false):
		answer["members"] = members.slice(maxi(0, first - classes.size()),
				maxi(0, end - classes.size()))
	if end < answer["total"]:
		answer.merge({"truncated": true, "cursor": str(end)})
	return ResponseCache.vouch(CommandResult.succeeded(answer), revision)


static func _rank(name: String, query: String) -> String:
	var place := name.to_lower().find(query)
	return "%d%s" % [0 if name.to_lower() == query else 1 if place == 0 else 2, name]


## {class, name, kind} of what a class itself declares.
static func _members_with(query: String, type: String) -> Array[Dictionary]:
	var found: Array[Dictionary] = []
	var lists: Dictionary = {
		"property": ClassDB.class_get_property_list(type, true),
		"method": ClassDB.class_get_method_list(type, true),
		"signal": ClassDB.class_get_signal_list(type, true),
	}
	for kind: String in lists:
		for info: Dictionary in lists[kind]:
			if (info["name"] as String).to_lower().contains(query) \
					and not int(info.get("usage", 0)) & (
					PROPERTY_USAGE_CATEGORY | PROPERTY_USAGE_GROUP | PROPERTY_USAGE_SUBGROUP):
				found.append({"class": type, "name": info["name"], "kind": kind})
	return found


## Every class as {name, base, source}.
static func _entries() -> Array[Dictionary]:
	var entries: Array[Dictionary] = []
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		entries.append({"name": entry["class"], "base": entry["base"], "source": entry["path"]})
	for name: String in ClassDB.get_class_list():
		entries.append({"name": name, "base": ClassDB.get_parent_class(name), "source": "engine"})
	return entries


static func _names() -> Array:
	return _entries().map(func(entry: Dictionary) -> String: return entry["name"])


static func _inherits(entry: Dictionary, base: String) -> bool:
	if entry["name"] == base:
		return true
	if entry["source"] == "engine":
		return ClassDB.is_parent_class(entry["name"], base)
	for other: Dictionary in ProjectSettings.get_global_class_list():
		if other["class"] == entry["base"]:
			return other["class"] == base \
					or _inherits({"name": other["class"], "base": other["base"],
					"source": other["path"]}, base)
	return ClassDB.class_exists(base) and ClassDB.is_parent_class(entry["base"], base)
