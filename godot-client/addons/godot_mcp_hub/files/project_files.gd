## Tells the editor about files that a command has written.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const FileScan := preload("file_scan.gd")

## Endings of the files that the engine keeps beside another one.
const SIDE_FILES: Array[String] = [".uid", ".import"]
const SCAN_TIMEOUT_MS := 10000


## Makes a written file known, with the class that it may declare. A new folder has to be scanned for, which takes frames.
static func announce(path: String, request: CommandRequest) -> void:
	var files := EditorInterface.get_resource_filesystem()
	# What the editor is told while it searches is lost.
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
