## Walks the project's files in a fixed order, letting frames pass.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const FilePaths := preload("file_paths.gd")


## Paths of all files below `folder`, sorted. Hidden files, the engine's folder and folders with
## .gdignore are left out. So is this addon, unless `folder` is in it: it is no part of the game. Of
## symbolic links only those are followed that lead to where a person has allowed to read; `left`
## takes the others, which may lead anywhere, also back.
static func files_below(folder: String, recursive: bool, request: CommandRequest,
		left: Array[String] = []) -> Array[String]:
	var files: Array[String] = []
	var folders: Array[String] = [folder]
	# Where the links lead on the way to each folder: a second time they would go round in a circle.
	var ways: Dictionary = {folder: []}
	if folder.contains("/."):
		return files
	while not folders.is_empty() and not request.is_cancelled:
		var at: String = folders.pop_back()
		var access := DirAccess.open(at)
		if access == null:
			continue
		for file: String in access.get_files():
			if not file.begins_with(".") and (not access.is_link(file)
					or _is_followed(at.path_join(file), left)):
				files.append(at.path_join(file))
		for inner: String in access.get_directories() if recursive else PackedStringArray():
			var path := at.path_join(inner)
			if path + "/" == FilePaths.OWN_FOLDER or inner.begins_with(".") \
					or access.file_exists(inner.path_join(".gdignore")):
				continue
			if not access.is_link(inner):
				ways[path] = ways[at]
				folders.append(path)
			elif _is_followed(path, left) and not ways[at].has(FilePaths.followed(path)):
				ways[path] = ways[at] + [FilePaths.followed(path)]
				folders.append(path)
		await request.let_frame_pass_when_due()
	files.sort()
	return files


## Whether a link leads to where a person has allowed to read; it is noted in `left` where it does
## not.
static func _is_followed(link: String, left: Array[String]) -> bool:
	var is_allowed := not FilePaths.resolve(link).is_error() \
			and not FilePaths.followed(link).begins_with("res://")
	if not is_allowed:
		left.append(link)
	return is_allowed


## What `candidates` has after `cursor` (the last entry of the page before), at most `limit`
## entries.
static func page(candidates: Array[String], cursor: String, limit: int) -> Array[String]:
	var start := 0 if cursor.is_empty() else candidates.bsearch(cursor, false)
	return candidates.slice(start, start + limit)
