## Walks the project's files in a fixed order, letting frames pass.
extends RefCounted

const CommandCall := preload("../command_call.gd")


## Paths of all files below `folder`, sorted; hidden files, the engine's folder and folders with .gdignore are left out.
static func files_below(folder: String, recursive: bool, call: CommandCall) -> Array[String]:
	var files: Array[String] = []
	var folders: Array[String] = [folder]
	while not folders.is_empty() and not call.is_cancelled:
		var at: String = folders.pop_back()
		for file: String in DirAccess.get_files_at(at):
			if not file.begins_with("."):
				files.append(at.path_join(file))
		if recursive:
			for inner: String in DirAccess.get_directories_at(at):
				if not inner.begins_with(".") and not FileAccess.file_exists(at.path_join(inner).path_join(".gdignore")):
					folders.append(at.path_join(inner))
		await call.let_frame_pass_when_due()
	files.sort()
	return files


## What `candidates` has after `cursor` (the last entry of the page before), at most `limit` entries.
static func page(candidates: Array[String], cursor: String, limit: int) -> Array[String]:
	var start := 0 if cursor.is_empty() else candidates.bsearch(cursor, false)
	return candidates.slice(start, start + limit)
