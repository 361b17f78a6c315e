## Looks into the engine's binary resources for scripts that are kept in them, and takes their texts
## out.
extends RefCounted

const PLAIN := "RSRC"
const COMPRESSED := "RSCC"
const SCRIPT_CLASS := "GDScript"
## The property in which a script keeps its text, and a name of the same length that no script has.
const SOURCE := "script/source"
const ABSENT := "script/absent"


## Whether a script may be kept in the file: in one that cannot be read it may.
static func has_scripts(path: String) -> bool:
	var bytes := _plain_bytes(path)
	return bytes.is_empty() or _find(bytes, SCRIPT_CLASS) >= 0


## Writes the resource of a file without its scripts' texts. False when it cannot be read or
## written.
static func write_without_scripts(path: String, to: String) -> bool:
	var bytes := _plain_bytes(path)
	var file := FileAccess.open(to, FileAccess.WRITE)
	if bytes.is_empty() or file == null:
		return false
	var at := _find(bytes, SOURCE)
	while at >= 0:
		for index: int in SOURCE.length():
			bytes[at + index] = ABSENT.unicode_at(index)
		at = _find(bytes, SOURCE)
	file.store_buffer(bytes)
	return file.get_error() == OK


## A file as it is without compression; empty when it is none that can be read.
static func _plain_bytes(path: String) -> PackedByteArray:
	var file := FileAccess.open(path, FileAccess.READ)
	if file == null or file.get_length() < 4:
		return PackedByteArray()
	var head := file.get_buffer(4).get_string_from_ascii()
	if head == PLAIN:
		return FileAccess.get_file_as_bytes(path)
	return _decompressed(file) if head == COMPRESSED else PackedByteArray()


## Behind the head: the method, the size of a block and of all, the compressed size of each block,
## and the blocks.
static func _decompressed(file: FileAccess) -> PackedByteArray:
	var method := file.get_32()
	var block_size := file.get_32()
	var total := file.get_32()
	if block_size == 0 or method > FileAccess.COMPRESSION_GZIP:
		return PackedByteArray()
	var sizes: Array[int] = []
	@warning_ignore("integer_division")
	for block: int in total / block_size + 1:
		sizes.append(file.get_32())
	var bytes := PLAIN.to_ascii_buffer()
	for index: int in sizes.size():
		var size := block_size if index < sizes.size() - 1 else total % block_size
		if size > 0:
			bytes.append_array(file.get_buffer(sizes[index]).decompress(size, method))
	return bytes if bytes.size() == total + PLAIN.length() else PackedByteArray()


static func _find(bytes: PackedByteArray, text: String) -> int:
	var wanted := text.to_ascii_buffer()
	var at := bytes.find(wanted[0])
	while at >= 0 and bytes.slice(at, at + wanted.size()) != wanted:
		at = bytes.find(wanted[0], at + 1)
	return at
