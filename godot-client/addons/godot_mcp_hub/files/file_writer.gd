## Writes files of the project: no file counts as written that the disk does not hold.
##
## Each is written beside its place and read back first. So a full disk takes nothing from the file
## that stood there before.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const FilePaths := preload("file_paths.gd")

## Beside a file: hidden from the editor's search, with the ending by which the engine chooses the
## format.
const BESIDE := ".%s.part.%s"
## What the disk must take beyond a file.
const ROOM_BYTES := 4096
## Files that the engine writes as text. It ends their last line.
const TEXTS: Array[String] = ["tscn", "tres"]
const LINE_END := 10


## Puts `bytes` in the place of the file. Null when it is done.
static func write(path: String, bytes: PackedByteArray) -> CommandResult:
	return _put_in_place(path, _write_bytes.bind(bytes),
			func(written: String) -> bool: return FileAccess.get_file_as_bytes(written) == bytes)


## Copies a file. Null when it is done.
static func copy(from: String, to: String) -> CommandResult:
	return _put_in_place(to,
			func(beside: String) -> Error: return DirAccess.copy_absolute(from, beside),
			func(written: String) -> bool:
				return FileAccess.get_sha256(written) == FileAccess.get_sha256(from))


## Saves a resource through the engine. Null when it is done.
static func save(resource: Resource, path: String) -> CommandResult:
	var saved := func(to: String) -> Error: return ResourceSaver.save(resource, to)
	return by_engine(path, saved, saved, func(written: String) -> bool:
		return _reads_back(written, resource))


## Has the engine write a file itself, when it has done so beside it. `try_beside` and
## `write_in_place` take a path and give an Error; `is_right` takes the path of what was written.
## Null when it is done.
static func by_engine(path: String, try_beside: Callable, write_in_place: Callable,
		is_right: Callable) -> CommandResult:
	var failure := _unwritable(path)
	if failure != null:
		return failure
	var beside := _beside(path)
	failure = _written(beside, path, try_beside, is_right)
	if failure == null and not _has_room(beside):
		failure = failed(path, ERR_FILE_CANT_WRITE)
	_remove(beside)
	if failure != null:
		return failure
	var was_there := FileAccess.file_exists(path)
	var before := FileAccess.get_file_as_bytes(path)
	failure = _written(path, path, write_in_place, is_right)
	if failure != null and was_there:
		_write_bytes(path, before)
	elif failure != null:
		_remove(path)
	return failure


static func ends_its_last_line(path: String) -> bool:
	var file := FileAccess.open(path, FileAccess.READ)
	if file == null or file.get_length() == 0:
		return false
	file.seek_end(-1)
	return file.get_8() == LINE_END


static func failed(path: String, error: Error) -> CommandResult:
	return CommandResult.failed("INTERNAL_ERROR",
			"%s cannot be written: %s. Nothing was saved." % [path, error_string(error)],
			"Look whether the disk is full, or the file or its folder is write-protected, and do it again.")


static func _put_in_place(path: String, write_to: Callable, is_right: Callable) -> CommandResult:
	var failure := _unwritable(path)
	if failure != null:
		return failure
	var place := FilePaths.followed(path)
	var beside := _beside(place)
	failure = _written(beside, path, write_to, is_right)
	if failure == null:
		_keep_permissions(place, beside)
		var error := DirAccess.rename_absolute(beside, place)
		failure = null if error == OK and is_right.call(place) else failed(path, error)
	_remove(beside)
	return failure


static func _written(to: String, path: String, write_to: Callable,
		is_right: Callable) -> CommandResult:
	var error: Error = write_to.call(to)
	if error != OK:
		return failed(path, error)
	return null if is_right.call(to) else failed(path, ERR_FILE_CORRUPT)


## Why the file cannot be written, found without touching it.
static func _unwritable(path: String) -> CommandResult:
	var error := DirAccess.make_dir_recursive_absolute(path.get_base_dir())
	if error != OK:
		return failed(path, error)
	if DirAccess.dir_exists_absolute(path):
		return failed(path, ERR_ALREADY_EXISTS)
	if FileAccess.file_exists(path) and FileAccess.open(path, FileAccess.READ_WRITE) == null:
		return failed(path, FileAccess.get_open_error())
	return null


static func _write_bytes(path: String, bytes: PackedByteArray) -> Error:
	var file := FileAccess.open(path, FileAccess.WRITE)
	if file == null:
		return FileAccess.get_open_error()
	file.store_buffer(bytes)
	file.flush()
	var error := file.get_error()
	file.close()
	return error


## Whether the disk takes more of a file than it has: appends to it. Where it does not, the file may
## have been cut.
static func _has_room(path: String) -> bool:
	var file := FileAccess.open(path, FileAccess.READ_WRITE)
	if file == null:
		return false
	var length := file.get_length() + ROOM_BYTES
	var more := PackedByteArray()
	more.resize(ROOM_BYTES)
	file.seek_end()
	file.store_buffer(more)
	file.close()
	return FileAccess.get_file_as_bytes(path).size() == length


static func _reads_back(path: String, resource: Resource) -> bool:
	if TEXTS.has(path.get_extension().to_lower()) and not ends_its_last_line(path):
		return false
	var in_file := ResourceLoader.load(path, "", ResourceLoader.CACHE_MODE_IGNORE)
	return in_file != null and in_file.get_class() == resource.get_class()


static func _beside(path: String) -> String:
	var folder := ProjectSettings.globalize_path(path.get_base_dir())
	return folder.path_join(BESIDE % [path.get_file().trim_prefix("."), path.get_extension()])


static func _keep_permissions(from: String, to: String) -> void:
	if FileAccess.file_exists(from) and OS.get_name() != "Windows":
		FileAccess.set_unix_permissions(to, FileAccess.get_unix_permissions(from))


static func _remove(path: String) -> void:
	if FileAccess.file_exists(path):
		DirAccess.remove_absolute(path)
