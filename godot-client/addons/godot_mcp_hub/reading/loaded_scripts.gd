## Scripts as the engine has them loaded, kept in step with their files.
##
## The engine keeps a script that it could not compile as it was, whatever has come since: its own
## text, a class or an autoload that it names, a script that it extends or preloads. A script counts
## as stale when its file has another text, or when it is broken.
extends RefCounted

const FileLimits := preload("file_limits.gd")
const FileReferences := preload("../files/file_references.gd")
const ScriptText := preload("../files/script_text.gd")

## A name that no script declares.
const PROBE := &"godot_mcp_hub_probe"


## The script in a file, compiled anew where it or one that it needs is stale; null when there is
## none. It may be broken still.
static func of(path: String) -> Script:
	if not FileLimits.problem_of(path).is_empty():
		return null
	var script := load(path) as Script
	if script is GDScript and Engine.is_editor_hint():
		_freshen(script as GDScript, {})
	return script


## Whether the engine could not compile a script when it tried last. What the script does is not run
## for that.
static func is_broken(script: Script) -> bool:
	if script.get_instance_base_type().is_empty():
		return true
	if not script is GDScript or not Engine.is_editor_hint() or script.can_instantiate() \
			or _is_abstract(script):
		return false
	# The engine keeps any value for an object whose script it cannot read.
	var object := Object.new()
	object.set_script(script)
	object.set(PROBE, true)
	var is_kept: bool = object.get(PROBE) == true
	object.free()
	return is_kept


## Whether a loaded script is not what its file says now.
static func is_stale(script: Script) -> bool:
	var path := script.resource_path
	return script is GDScript and FileAccess.file_exists(path) \
			and (is_broken(script) or script.source_code != ScriptText.load_from(path).text)


## Gives the script or shader that is loaded from `path` its new text, and with it the nodes that
## have it. False when it has it already.
static func refresh(path: String, source: String) -> bool:
	var loaded: Resource = load(path) if ResourceLoader.has_cached(path) else null
	if loaded is GDScript:
		var is_old: bool = loaded.source_code != source or is_broken(loaded as GDScript)
		if is_old:
			_renew(loaded as GDScript, source)
		return is_old
	if not (loaded is Shader or loaded is ShaderInclude) or loaded.get("code") == source:
		return false
	loaded.set("code", source)
	return true


## True when the script was compiled anew. What it extends and uses comes before it.
static func _freshen(script: GDScript, seen: Dictionary) -> bool:
	var path := script.resource_path
	if seen.has(path) or not FileAccess.file_exists(path):
		return false
	seen[path] = true
	var base := script.get_base_script() as GDScript
	var has_new_base := base != null and _freshen(base, seen)
	if not has_new_base and not is_stale(script):
		return false
	var text := ScriptText.load_from(path).text
	for edge: Dictionary in FileReferences.new().of_script(path, text):
		var used := load(edge["to"]) as GDScript if ResourceLoader.has_cached(edge["to"]) else null
		if used != null and FileLimits.problem_of(edge["to"]).is_empty():
			_freshen(used, seen)
	_renew(script, text)
	return true


## The engine looks at a script's exports again only when its text has changed.
static func _renew(script: GDScript, source: String) -> void:
	script.source_code = ""
	script.source_code = source
	script.reload(true)


## Scripts can be abstract since Godot 4.5.
static func _is_abstract(script: Script) -> bool:
	return script.has_method("is_abstract") and script.call("is_abstract")
