## The editor's search for files that were changed from outside, begun here or by itself: over when
## the editor has taken in what it found, imports too. The engine says no more than that it reads
## folders, and for a moment between that and the imports nothing at all.
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const FileScan := preload("file_scan.gd")
const Wait := preload("../engine/wait.gd")

## A search whose end the engine did not tell counts as over after so many turns without a sign of
## it.
const QUIET_TURNS := 10

static var _is_under_way: bool = false
static var _quiet_turns: int = 0


static func is_under_way() -> bool:
	return _is_under_way or _files().is_scanning()


## How much of it is done, from 0 to 1.
static func progress() -> float:
	return _files().get_scanning_progress() if _files().is_scanning() else 1.0


static func begin() -> void:
	_is_under_way = true
	_quiet_turns = 0
	_files().scan()


## To be called in every turn.
static func watch() -> void:
	if _files().is_scanning():
		_is_under_way = true
		_quiet_turns = 0
	elif _is_under_way:
		_quiet_turns += 1
		_is_under_way = _quiet_turns < QUIET_TURNS


## To be called when the engine says that its sources have changed, or have not: that is the end of
## each search.
static func note_end() -> void:
	_is_under_way = _files().is_scanning()


## Has the editor search. True when it has ended; false when the request is no longer wanted.
static func run(request: CommandRequest) -> bool:
	if not await _until_over(request):
		return false
	begin()
	return await _until_over(request)


## Has the editor look at the files that it knows, and load anew those that have changed. True when
## it has ended.
static func run_over_sources(request: CommandRequest) -> bool:
	if not await _until_over(request):
		return false
	_is_under_way = true
	_quiet_turns = 0
	_files().scan_sources()
	return await _until_over(request)


## Waits for a search that is under way, at most so long. To be awaited.
static func let_end(timeout_ms: int) -> void:
	await Wait.until(func() -> bool: return not is_under_way(), timeout_ms)


static func _until_over(request: CommandRequest) -> bool:
	var is_over := func() -> bool: return request.is_cancelled or not is_under_way()
	await Wait.until(is_over, Wait.FOREVER, func() -> void:
		request.report_progress(roundi(progress() * 100.0), 100, "scanning files")
		await request.let_frame_pass())
	return not request.is_cancelled


static func _files() -> EditorFileSystem:
	return EditorInterface.get_resource_filesystem()


## Tells the editor about files that a command has written.
class ProjectFiles extends RefCounted:
	## Endings of the files that the engine keeps beside another one.
	const SIDE_FILES: Array[String] = [".uid", ".import"]
	const SCAN_TIMEOUT_MS := 10000

	## Makes a written file known, with the class that it may declare. A new folder has to be
	## scanned for, which takes frames.
	static func announce(path: String, request: CommandRequest) -> void:
		var files := EditorInterface.get_resource_filesystem()
		# The editor ignores announcements while it searches.
		await FileScan.let_end(SCAN_TIMEOUT_MS)
		if files.get_filesystem_path(path.get_base_dir()) == null:
			FileScan.begin()
			await FileScan.let_end(SCAN_TIMEOUT_MS)
			request.begin_slice()
		files.update_file(path)

	## Deletes a file and what lies beside it for the engine, and lets the editor forget it.
	static func remove(path: String) -> Error:
		var error := DirAccess.remove_absolute(path)
		if error != OK:
			return error
		for side_file: String in SIDE_FILES:
			if FileAccess.file_exists(path + side_file):
				DirAccess.remove_absolute(path + side_file)
		EditorInterface.get_resource_filesystem().update_file(path)
		return OK
