## Judges names of files and folders: what is private, what another file system takes for another name, and what it cannot hold.
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

## Folders in which the engine, version control and other programs keep what is theirs, with credentials among it. What is
## named so without the dot is a folder as any other.
const PRIVATE_FOLDERS: Array[String] = [
	".godot", ".import", ".git", ".hg", ".svn", ".ssh", ".gnupg", ".aws", ".azure", ".docker", ".kube", ".config", ".gradle",
	".android", ".vscode", ".idea", ".secrets", ".claude", ".codex", ".cursor", ".gemini",
]
## Files that hold keys and certificates and nothing else.
const KEY_FILES: Array[String] = ["pem", "key", "p8", "p12", "pfx", "jks", "keystore", "kdbx", "ppk", "mobileprovision"]
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
	return not seen.is_empty() and (seen[-1] as String).begins_with(".") or seen.any(PRIVATE_FOLDERS.has)


## Whether a file holds keys, by its name.
static func is_key_file(path: String) -> bool:
	return KEY_FILES.has(path.get_extension().to_lower())


## Why a file system of another platform cannot hold a name; empty when all can.
static func unportable(name: String) -> String:
	for character: String in NOT_ON_WINDOWS:
		if name.contains(character):
			return "contains '%s', which no name has on Windows" % character
	var stem := name.get_slice(".", 0).strip_edges().to_lower()
	if DEVICES.has(stem) or stem.length() == 4 and NUMBERED_DEVICES.has(stem.left(3)) and DEVICE_NUMBERS.contains(stem[3]):
		return "has a name that is a device on Windows"
	if name != name.strip_edges() or name.ends_with("."):
		return "has a name that begins or ends with a space, or ends with a dot"
	if name.to_utf8_buffer().size() > LONGEST_BYTES:
		return "has a name of more than %d bytes" % LONGEST_BYTES
	return ""


## What stands in the way of a new file at `path`, because on Windows and macOS both would be one; empty when nothing does.
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

