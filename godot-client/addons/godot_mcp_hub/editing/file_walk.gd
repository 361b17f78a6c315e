## Walks the project's files in a fixed order, letting frames pass.
extends RefCounted

const CommandRequest := preload("../command_request.gd")
const FilePaths := preload("file_paths.gd")


## Paths of all files below `folder`, sorted. Hidden files, the engine's folder, folders with .gdignore and symbolic links
## are left out: those may lead anywhere, also back. So is this addon, unless `folder` is in it: it is no part of the game.
static func files_below(folder: String, recursive: bool, request: CommandRequest) -> Array[String]:
	var files: Array[String] = []
	var folders: Array[String] = [folder]
	if folder.contains("/."):
		return files
	while not folders.is_empty() and not request.is_cancelled:
		var at: String = folders.pop_back()
		var access := DirAccess.open(at)
		if access == null:
			continue
		for file: String in access.get_files():
			if not file.begins_with(".") and not access.is_link(file):
				files.append(at.path_join(file))
		for inner: String in access.get_directories() if recursive else PackedStringArray():
			if at.path_join(inner) + "/" == FilePaths.OWN_FOLDER:
				continue
			if not inner.begins_with(".") and not access.is_link(inner) and not access.file_exists(inner.path_join(".gdignore")):
				folders.append(at.path_join(inner))
		await request.let_frame_pass_when_due()
	files.sort()
	return files


## What `candidates` has after `cursor` (the last entry of the page before), at most `limit` entries.
static func page(candidates: Array[String], cursor: String, limit: int) -> Array[String]:
	var start := 0 if cursor.is_empty() else candidates.bsearch(cursor, false)
	return candidates.slice(start, start + limit)
