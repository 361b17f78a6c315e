## What can be known of a scene file before the editor is asked to open it, and why it could not.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const EngineLog := preload("../engine/engine_log.gd")
const FileLimits := preload("../reading/file_limits.gd")
const MissingParts := preload("../reading/missing_parts.gd")


## Why the editor cannot open a scene that is not open; null when it may be asked to.
static func refusal_of(path: String) -> CommandResult:
	if FileAccess.file_exists(path + ".import"):
		return CommandResult.failed("INVALID_PARAMS", "%s is imported: the editor does not edit it." % path,
				"Put it into a scene with scene.instance, and change it there.")
	var missing := MissingParts.below(path)
	if missing.is_empty():
		return null
	# The editor loads it once more, and reports then what it complains of now.
	EngineLog.begin_check()
	var root := DormantFiles.instantiate(DormantFiles.open(path, "PackedScene") as PackedScene, PackedScene.GEN_EDIT_STATE_INSTANCE)
	EngineLog.end_check()
	if root == null:
		return not_loaded(path, missing)
	root.free()
	return null


## The answer for a scene whose file cannot be loaded to look at it.
static func unloaded(path: String) -> CommandResult:
	var missing := MissingParts.below(path)
	return not_loaded(path, missing) if not missing.is_empty() else FileLimits.unloaded(path, "NO_SCENE_OPEN")


## The answer for a scene that the editor could not load; `said` is what it has announced.
static func not_loaded(path: String, missing: Array[Dictionary], said := PackedStringArray()) -> CommandResult:
	var why := ""
	if not missing.is_empty():
		why = " It needs what is missing: %s." % MissingParts.listed(missing)
	elif not said.is_empty():
		why = " The editor says: %s" % " ".join(said)
	var hint := "Bring the missing files back, or take them out of the scene's file." if not missing.is_empty() else "The engine's errors say where."
	var result := CommandResult.failed("NO_SCENE_OPEN", "The editor cannot load %s.%s" % [path, why], hint)
	return result.with("missing", missing) if not missing.is_empty() else result
