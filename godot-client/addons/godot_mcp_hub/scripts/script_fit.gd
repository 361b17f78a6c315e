## Whether a script can be that of a node or a resource: the same checks for script.attach and for
## every property "script".
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const FilePaths := preload("../files/file_paths.gd")
const LoadedScripts := preload("../reading/loaded_scripts.gd")
const ScriptLineage := preload("../reading/script_lineage.gd")


## Null when the script of a file may be loaded for `object`, as far as its text says: loading may
## run it.
static func refusal_of_file(object: Object, path: String) -> CommandResult:
	var resolved := FilePaths.resolve(path.get_slice("::", 0))
	if resolved.is_error() or path.contains("::"):
		return resolved.error
	return _refusal_of_base(object, ScriptLineage.native_base(resolved.value), path)


## The same for a script that is loaded, or null where it could not be.
static func refusal(object: Object, script: Script, path: String) -> CommandResult:
	if script == null and not FileAccess.file_exists(path):
		return CommandResult.failed("NOT_FOUND", "There is no script %s." % path)
	if script == null or LoadedScripts.is_broken(script):
		return CommandResult.failed("SCRIPT_COMPILE_FAILED", "%s does not compile." % path,
				"script.validate shows why.")
	return _refusal_of_base(object, script.get_instance_base_type(), path)


static func _refusal_of_base(object: Object, base: String, path: String) -> CommandResult:
	if base.is_empty() or ClassDB.is_parent_class(object.get_class(), base):
		return null
	var name := "'%s'" % (object as Node).get_name() if object is Node else "the value"
	return CommandResult.failed("INVALID_PARAMS",
			"%s extends %s; %s is a %s." % [path, base, name, object.get_class()])
