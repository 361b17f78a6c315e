## Whose the state directory is: whoever else can put a file into it decides which hub this editor obeys. As
## `hub-client/state-owner.ts` of the hub has it. Where files have no owners, as on Windows, nothing is asked.
extends RefCounted

## What `stat` is asked for: the owner's number and the mode, by the system's own way of saying so.
const FORMATS: Dictionary = {"linux": ["-c", "%u %a"], "macos": ["-f", "%u %Lp"], "bsd": ["-f", "%u %Lp"]}
const ROOT := "0"
const WRITE := 2
const ENTER := 1

## What was found to be all right: programs are started to find that out, so it is done once for each announcement.
static var _trusted: String = ""
static var _own: String = ""


## Why `files`, which lie in `folder`, are not believed; empty where nothing is wrong. `fingerprint` tells one state of them from
## another.
static func fault_of(folder: String, files: PackedStringArray, fingerprint: String) -> String:
	if fingerprint == _trusted or _format().is_empty():
		return ""
	var fault := _fault_in(folder, files)
	if fault.is_empty():
		_trusted = fingerprint
	return fault


static func _fault_in(folder: String, files: PackedStringArray) -> String:
	var paths := PackedStringArray([folder])
	for file: String in files:
		if FileAccess.file_exists(file):
			paths.append(file)
	var facts := _run("stat", PackedStringArray(["-L"] + _format()) + paths)
	if facts.size() != paths.size():
		return "Whose %s is can't be told: `stat` fails." % folder
	for index: int in paths.size():
		var fact := facts[index].split(" ")
		if fact[0] != ROOT and fact[0] != _own_account():
			return "%s belongs to another account (%s): its owner could have named any hub." % [paths[index], fact[0]]
		# Nobody reaches what lies in a closed folder.
		var is_reached := index == 0 or _rights_of_others(facts[0]) & ENTER != 0
		if is_reached and _rights_of_others(fact[1]) & WRITE != 0:
			return "%s can be written by others (mode %s): look at what is in it, then take that right away." % [
				paths[index], fact[1]]
	return ""


## The last two digits of a mode: what its group and everybody else may do.
static func _rights_of_others(mode: String) -> int:
	return int(mode.right(2).left(1)) | int(mode.right(1))


static func _own_account() -> String:
	if _own.is_empty():
		_own = "".join(_run("id", ["-u"]))
	return _own


static func _format() -> Array:
	for system: String in FORMATS:
		if OS.has_feature(system):
			return FORMATS[system]
	return []


## The lines that a program prints; none when it fails.
static func _run(program: String, arguments: PackedStringArray) -> PackedStringArray:
	var output: Array = []
	if OS.execute(program, arguments, output) != 0:
		return []
	return (output[0] as String).strip_edges().split("\n")
