## Scripts as the engine has them loaded, kept in step with their files.
extends RefCounted

const FileLimits := preload("../reading/file_limits.gd")
const ScriptText := preload("script_text.gd")


## The script in a file; null when there is none. The engine keeps one that it could not compile as it was, whatever the file says since.
static func of(path: String) -> Script:
	if not FileLimits.problem_of(path).is_empty():
		return null
	var script := load(path) as Script
	if script is GDScript and script.get_instance_base_type().is_empty():
		_renew(script as GDScript, ScriptText.load_from(path).text)
	return script


## Gives the script or shader that is loaded from `path` its new text, and with it the nodes that have it. False when it has it already.
static func refresh(path: String, source: String) -> bool:
	var loaded: Resource = load(path) if ResourceLoader.has_cached(path) else null
	if loaded is GDScript:
		return _renew(loaded as GDScript, source)
	if not (loaded is Shader or loaded is ShaderInclude) or loaded.get("code") == source:
		return false
	loaded.set("code", source)
	return true


static func _renew(script: GDScript, source: String) -> bool:
	if script.source_code == source:
		return false
	script.source_code = source
	script.reload(true)
	return true
