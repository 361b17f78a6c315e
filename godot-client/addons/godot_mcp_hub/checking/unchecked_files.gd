## Says of files why nobody has checked their text: what they are, and how they are checked.
extends RefCounted

const CSHARP := "cs"
const BUILT := "res://.godot/mono/temp/bin/Debug"
const RESOURCES: Array[String] = ["tscn", "scn", "tres", "res"]
const NO_PROJECT := "C# is checked when it is built, and the project has no .csproj: the .NET editor makes one (Project > Tools > C# > Create C# Solution)."
const UNBUILT := "C# is checked when it is built: `dotnet build` in the project's folder, or Build in the .NET editor, tells its errors. It was not built since it was written."
const RESOURCE := "It is a %s: its text is not checked here. project.validate loads it and looks for what it needs."
const OTHER := "It is %s: only scripts, shaders, scenes and resources are checked."


## Why the text of a file is not checked; empty for C# that the last build has taken.
static func reason(path: String) -> String:
	var extension := path.get_extension().to_lower()
	if extension == CSHARP:
		return _reason_of_csharp(path)
	var type := String(EditorInterface.get_resource_filesystem().get_file_type(path))
	if RESOURCES.has(extension):
		return RESOURCE % (type if not type.is_empty() else "resource")
	if type.is_empty() or type == "OtherFile" or type == "TextFile":
		return OTHER % ("a .%s file" % extension if not extension.is_empty() else "a file without an ending")
	return OTHER % ("a %s" % type)


## A build that fails leaves the assembly as it was.
static func _reason_of_csharp(path: String) -> String:
	var projects := Array(DirAccess.get_files_at("res://")).filter(func(file: String) -> bool: return file.get_extension() == "csproj")
	if projects.is_empty():
		return NO_PROJECT
	for project: String in projects:
		var assembly := BUILT.path_join(project.get_basename() + ".dll")
		if FileAccess.file_exists(assembly) and FileAccess.get_modified_time(assembly) >= FileAccess.get_modified_time(path):
			return ""
	return UNBUILT
