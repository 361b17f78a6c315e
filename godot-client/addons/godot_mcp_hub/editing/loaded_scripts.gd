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


## Gives the script that is loaded from `path` its new text, and with it the nodes that have it.
static func refresh(path: String, source: String) -> void:
	if ResourceLoader.has_cached(path):
		_renew(load(path) as GDScript, source)


static func _renew(script: GDScript, source: String) -> void:
	if script != null and script.source_code != source:
		script.source_code = source
		script.reload(true)
