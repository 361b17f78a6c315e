## Changes what a scene's or resource's file says of other files and of itself, and leaves every
## other character of it as it is: so what cannot be loaded is kept. Compressed files are no text:
## what they miss is found here, too.
extends RefCounted

const ScriptText := preload("../files/script_text.gd")

const TEXTS: Array[String] = ["tscn", "tres"]
const EXTERNAL_PATH := "(?m)^(\\[ext_resource [^\\n]*\\bpath=\")([^\"\\n]*)(\")"
const PLACEHOLDER := "(?m)^(\\[node [^\\n]*\\binstance_placeholder=\")([^\"\\n]*)(\")"
const OWN_ID := "\\A(\\[gd_(?:scene|resource) [^\\n]*\\buid=\")([^\"\\n]*)(\")"


static func is_text(path: String) -> bool:
	return TEXTS.has(path.get_extension().to_lower())


## Has a file name `to` where its loader needs `from`. OK when it has changed, ERR_SKIP when there
## was nothing to change.
static func repoint(path: String, from: String, to: String) -> Error:
	var file := ScriptText.load_from(path)
	var text := file.text
	for pattern: String in [EXTERNAL_PATH, PLACEHOLDER]:
		text = _replaced(text, pattern, from, to)
	if text == file.text:
		return ERR_SKIP
	file.text = text
	return OK if file.save() == null else ERR_FILE_CANT_WRITE


## The bytes of a file with a new id in place of the one that it has.
static func with_new_id(path: String) -> PackedByteArray:
	var text := FileAccess.get_file_as_string(path)
	var found := RegEx.create_from_string(OWN_ID).search(text)
	if found == null:
		return FileAccess.get_file_as_bytes(path)
	var id := ResourceUID.id_to_text(ResourceUID.create_id())
	return (found.get_string(1) + id + text.substr(found.get_end(2))).to_utf8_buffer()


## Files that a scene or resource needs and that are not there.
static func missing(path: String) -> Array[String]:
	var gone: Array[String] = []
	for dependency: String in ResourceLoader.get_dependencies(path):
		var uid := dependency.get_slice("::", 0)
		var id := ResourceUID.text_to_id(uid) if uid.begins_with("uid://") \
				else ResourceUID.INVALID_ID
		var written := dependency.get_slice("::", dependency.get_slice_count("::") - 1)
		var target := ResourceUID.get_id_path(id) if id != ResourceUID.INVALID_ID \
				and ResourceUID.has_id(id) else written
		if not ResourceLoader.exists(target) and not FileAccess.file_exists(target):
			gone.append(target)
	return gone


static func _replaced(text: String, pattern: String, from: String, to: String) -> String:
	var written := ""
	var at := 0
	for found: RegExMatch in RegEx.create_from_string(pattern).search_all(text):
		if found.get_string(2) == from:
			written += text.substr(at, found.get_start(2) - at) + to
			at = found.get_end(2)
	return written + text.substr(at)
