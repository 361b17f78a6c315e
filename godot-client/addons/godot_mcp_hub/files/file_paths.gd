## Keeps file paths inside the project: res:// only, normalised, through no symbolic link that leads
## out but to where a person has allowed to read, and to nothing private.
@tool
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const LinkedFolders := preload("../requests/linked_folders.gd")
const Result := preload("../requests/result.gd")
const LINK_LIMIT := 32
## Longest path of a file, in characters; disks take less.
const LONGEST := 1024
## What agents must not change: it holds the switch for code execution.
const OWN_FOLDER := "res://addons/godot_mcp_hub/"
## Where a symbolic link leads that leaves the project.
const OUTSIDE := ".."


## The res:// path of a file that may be named by its id; an id that no file has stays as it is.
static func of_id(path: String) -> String:
	var id := ResourceUID.text_to_id(path) if path.begins_with("uid://") else ResourceUID.INVALID_ID
	return ResourceUID.get_id_path(id) if id != ResourceUID.INVALID_ID and ResourceUID.has_id(id) \
			else path


## The normalised res:// path.
static func resolve(path: String) -> Result:
	if path.begins_with("uid://"):
		var id := ResourceUID.text_to_id(path)
		if id == ResourceUID.INVALID_ID or not ResourceUID.has_id(id):
			return Result.err(CommandResult.failed("NOT_FOUND", "No file has the id %s." % path))
		path = ResourceUID.get_id_path(id)
	if not path.begins_with("res://"):
		return _refused(path, "is not a path of the project")
	if path.length() > LONGEST:
		return _refused(path.left(100) + "…", "has more than %d characters" % LONGEST)
	var inner := path.trim_prefix("res://")
	if inner.contains("\\") or inner.contains(":") or inner.begins_with("/"):
		return _refused(path, "is not a path of the project")
	for segment: String in inner.split("/", false):
		var why := "contains '..'" if segment == ".." else FileNames.flaw(segment)
		if not why.is_empty():
			return _refused(path, why)
	var plain := "res://" + inner.simplify_path()
	if inner.is_empty() or inner == "." or plain == "res://.":
		plain = "res://"
	var real := _followed(plain.trim_prefix("res://"))
	if real == OUTSIDE:
		return Result.err(CommandResult.failed("INVALID_PARAMS",
				"'%s' leads out of the project through a symbolic link." % path,
				LinkedFolders.hint()))
	var is_outside := real.is_absolute_path()
	for way: String in [plain.trim_prefix("res://"),
			LinkedFolders.place_of(real) if is_outside else real]:
		if FileNames.is_private(way.split("/", false)) or is_outside and ("/" + way).contains("/."):
			return Result.err(CommandResult.failed("INVALID_PARAMS",
					"'%s' is private: commands neither read nor write there." % path,
					"The engine's own folder, that of version control, and files whose names begin with a dot are a person's."))
	return Result.ok(plain)


## Like resolve, for a folder that exists.
static func resolve_folder(path: String) -> Result:
	var resolved := resolve(path)
	if not resolved.is_error() and not DirAccess.dir_exists_absolute(resolved.value):
		return Result.err(CommandResult.failed("NOT_FOUND", "There is no folder %s." % path,
				"project.list_files shows which there are."))
	return resolved


## Like resolve, for a file that will be written: with one of `extensions`, and a new one with a
## name that every platform has.
static func resolve_for_writing(path: String, extensions: Array[String]) -> Result:
	var resolved := resolve(path)
	if resolved.is_error():
		return resolved
	var plain: String = resolved.value
	var refusal := guard(plain)
	if refusal == null and not extensions.has(plain.get_extension().to_lower()):
		refusal = CommandResult.failed("INVALID_PARAMS",
				"'%s' must end in .%s." % [path, " or .".join(PackedStringArray(extensions))])
	if refusal == null and not FileAccess.file_exists(plain):
		refusal = _unportable(plain)
	return resolved if refusal == null else Result.err(refusal)


## Null for a file that commands may change, delete and move; `plain` is a resolved path.
static func guard(plain: String) -> CommandResult:
	var inner := plain.trim_prefix("res://")
	var real := _followed(inner)
	if real.is_absolute_path():
		return CommandResult.failed("FORBIDDEN",
				"'%s' lies outside of the project, where a link leads: it can be read and instanced, not changed." % plain,
				"Copy it into the project, and change the copy.")
	for way: String in [inner, real]:
		var names := Array(way.split("/", false)).map(FileNames.folded)
		if ("res://" + "/".join(PackedStringArray(names)) + "/").begins_with(OWN_FOLDER):
			return CommandResult.failed("FORBIDDEN",
					"'%s' is part of the addon that keeps to what a person allows." % plain,
					"A person can change it, outside of this connection.")
	return null


## Where a resolved path leads through the project's own symbolic links: one outside of it as it is
## in the file system.
static func followed(plain: String) -> String:
	var real := _followed(plain.trim_prefix("res://"))
	return plain if real == OUTSIDE else real if real.is_absolute_path() else "res://" + real


## Null for a new file whose name, and those of its new folders, every platform can hold.
static func _unportable(plain: String) -> CommandResult:
	var at := "res://"
	for segment: String in plain.trim_prefix("res://").split("/", false):
		at = at.path_join(segment)
		var why := FileNames.unportable(segment) if not DirAccess.dir_exists_absolute(at) else ""
		if not why.is_empty():
			return CommandResult.failed("INVALID_PARAMS", "'%s' %s." % [plain, why],
					"Choose a name that every platform can hold.")
	var other := FileNames.collision(plain)
	return null if other.is_empty() else CommandResult.failed("CONFLICT",
			"'%s' differs from %s only in what Windows or macOS does not tell apart."
			% [plain, other],
			"Choose another name, or write it as that one.")


static func _refused(path: String, why: String) -> Result:
	return Result.err(CommandResult.failed("INVALID_PARAMS", "'%s' %s." % [path, why],
			"Paths begin with res:// and stay inside the project."))


## The path in the project to which `inner` leads through symbolic links; absolute where it leads to
## a folder outside that a person has named, OUTSIDE where it leads elsewhere.
static func _followed(inner: String) -> String:
	var root := ProjectSettings.globalize_path("res://").trim_suffix("/")
	var folder := DirAccess.open(root)
	if folder == null or not folder.has_method("is_link"):
		return inner
	var at := root
	var remaining := Array(inner.split("/", false))
	var followed := 0
	while not remaining.is_empty():
		at = at.path_join(remaining.pop_front())
		if not folder.is_link(at):
			continue
		followed += 1
		var target := folder.read_link(at)
		target = (target if target.is_absolute_path() else at.get_base_dir().path_join(target)) \
				.simplify_path()
		if followed > LINK_LIMIT:
			return OUTSIDE
		if not (target == root or target.begins_with(root + "/")):
			var real := LinkedFolders.real_path("/".join(PackedStringArray([target] + remaining)))
			return real if LinkedFolders.place_of(real) != null else OUTSIDE
		remaining = Array(target.trim_prefix(root).split("/", false)) + remaining
		at = root
	return at.trim_prefix(root).trim_prefix("/")


## Judges names of files and folders: what is private, what another file system takes for another
## name, and what it cannot hold.
## A tool script, since the editor gives static variables of other scripts no initial values.
class FileNames extends RefCounted:
	## Folders in which the engine, version control and other programs keep what is theirs, with
	## credentials among it. What is named so without the dot is a folder as any other.
	const PRIVATE_FOLDERS: Array[String] = [
		".godot", ".import", ".git", ".hg", ".svn", ".ssh", ".gnupg", ".aws", ".azure", ".docker",
		".kube", ".config", ".gradle",
		".android", ".vscode", ".idea", ".secrets", ".claude", ".codex", ".cursor", ".gemini",
	]
	## Files that hold keys and certificates and nothing else.
	const KEY_FILES: Array[String] = ["pem", "key", "p8", "p12", "pfx", "jks", "keystore", "kdbx",
			"ppk", "mobileprovision"]
	## Names of devices on Windows, whatever stands behind a dot.
	const DEVICES: Array[String] = ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"]
	const NUMBERED_DEVICES: Array[String] = ["com", "lpt"]
	const DEVICE_NUMBERS := "0123456789¹²³"
	## Characters that no file name has on Windows.
	const NOT_ON_WINDOWS := "<>:\"|?*\\/"
	## Bytes that a name may have on most disks.
	const LONGEST_BYTES := 255
	## Control characters, and what the engine makes of a NUL.
	const CONTROLS := "[\\x{00}-\\x{1f}\\x{7f}-\\x{9f}\\x{fffd}]"
	## What macOS leaves out when it compares names.
	const UNSEEN := "[\\x{ad}\\x{200b}-\\x{200f}\\x{2028}-\\x{202e}\\x{2060}-\\x{206f}\\x{feff}]"
	## The short form that Windows gives to longer names: GODOT~1 is .godot.
	const SHORT := "^[^.~]{1,6}~\\d{1,6}(\\.[^.]{0,3})?$"

	static var _controls := RegEx.create_from_string(CONTROLS)
	static var _unseen := RegEx.create_from_string(UNSEEN)
	static var _short := RegEx.create_from_string(SHORT)

	## Why no file is called so, or none that is known for sure; empty for a name.
	static func flaw(name: String) -> String:
		if _controls.search(name) != null:
			return "contains a control character"
		if _short.search(name) != null:
			return "has a name that Windows takes for the short form of another"
		return ""

	## The name as the disk sees it that tells the fewest names apart.
	static func folded(name: String) -> String:
		var seen := _unseen.sub(name, "", true).to_lower()
		return seen if seen.trim_prefix(".").is_empty() else seen.rstrip(". ")

	## Whether the last of these names, or a folder before it, is not for agents to see.
	static func is_private(names: PackedStringArray) -> bool:
		var seen := Array(names).map(folded)
		return not seen.is_empty() and (seen[-1] as String).begins_with(".") \
				or seen.any(PRIVATE_FOLDERS.has)

	## Whether a file holds keys, by its name.
	static func is_key_file(path: String) -> bool:
		return KEY_FILES.has(path.get_extension().to_lower())

	## Why a file system of another platform cannot hold a name; empty when all can.
	static func unportable(name: String) -> String:
		for character: String in NOT_ON_WINDOWS:
			if name.contains(character):
				return "contains '%s', which no name has on Windows" % character
		var stem := name.get_slice(".", 0).strip_edges().to_lower()
		if DEVICES.has(stem) or stem.length() == 4 and NUMBERED_DEVICES.has(stem.left(3)) \
				and DEVICE_NUMBERS.contains(stem[3]):
			return "has a name that is a device on Windows"
		if name != name.strip_edges() or name.ends_with("."):
			return "has a name that begins or ends with a space, or ends with a dot"
		if name.to_utf8_buffer().size() > LONGEST_BYTES:
			return "has a name of more than %d bytes" % LONGEST_BYTES
		return ""

	## What stands in the way of a new file at `path`, because on Windows and macOS both would be
	## one; empty when nothing does.
	static func collision(path: String) -> String:
		var folder := "res://"
		for name: String in path.trim_prefix("res://").split("/", false):
			if not DirAccess.dir_exists_absolute(folder):
				return ""
			var others := DirAccess.get_directories_at(folder) + DirAccess.get_files_at(folder)
			if not others.has(name):
				for other: String in others:
					if folded(other) == folded(name):
						return folder.path_join(other)
			folder = folder.path_join(name)
		return ""
