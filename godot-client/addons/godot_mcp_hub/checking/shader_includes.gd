## Which shaders include which file, directly or by another include.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const FileReferences := preload("../files/file_references.gd")
const FileWalk := preload("../files/file_walk.gd")
const CheckJobs := preload("check_jobs.gd")

const INCLUDE := "gdshaderinc"
## Shaders within which one include is compiled.
const USERS_LIMIT := 16


## Of all shaders of the project. To be awaited.
static func users_of(path: String, request: CommandRequest) -> Array[String]:
	if path.get_extension().to_lower() != INCLUDE:
		return []
	return users(path, await uses(request))


## What each shader and include of the project includes, by its path. To be awaited.
static func uses(request: CommandRequest) -> Dictionary:
	var references := FileReferences.new()
	var by_path: Dictionary = {}
	for file: String in await FileWalk.files_below("res://", true, request):
		if CheckJobs.SHADERS.has(file.get_extension().to_lower()):
			by_path[file] = references.of(file).map(func(edge: Dictionary) -> String:
				return edge["to"])
			await request.let_frame_pass_when_due()
	return by_path


## Shaders that include a file, by what each includes.
static func users(path: String, by_path: Dictionary) -> Array[String]:
	var found: Array[String] = []
	var reached: Dictionary = {path: true}
	var left: Array[String] = [path]
	while not left.is_empty() and found.size() < USERS_LIMIT:
		var used: String = left.pop_front()
		for user: String in by_path:
			if reached.has(user) or not (by_path[user] as Array).has(used):
				continue
			reached[user] = true
			if user.get_extension().to_lower() == INCLUDE:
				left.append(user)
			else:
				found.append(user)
	return found.slice(0, USERS_LIMIT)
