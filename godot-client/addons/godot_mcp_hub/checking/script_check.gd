## Asks the engine what it finds in the text of a script or a shader: the error in it, or what
## it declares. Nothing of the text runs.
extends RefCounted

const CheckProcess := preload("check_process.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const CheckJobs := preload("check_jobs.gd")
const Result := preload("../requests/result.gd")
const ShaderIncludes := preload("shader_includes.gd")

const GDSCRIPT := "gd"


## `{"errors", "warnings"}` as {line, column, message} in the order of their lines. With `refused`
## the engine must not be given the text at all. `not_checked` says why it was not checked.
static func diagnose(source: String, path: String, request: CommandRequest,
		with_warnings: bool) -> Result:
	var extension := path.get_extension().to_lower()
	var job: Dictionary = {"asks": CheckJobs.CHECK, "path": path, "source": source,
			"warnings": with_warnings}
	if CheckJobs.SHADERS.has(extension):
		job.merge({"asks": CheckJobs.SHADER, "users": await ShaderIncludes.users_of(path, request)},
				true)
	elif not path.is_empty() and extension != GDSCRIPT:
		var reason := UncheckedFiles.reason(path)
		var nothing: Dictionary = {"errors": [] as Array[Dictionary],
				"warnings": [] as Array[Dictionary]}
		return Result.ok(nothing if reason.is_empty() else nothing.merged({"not_checked": reason}))
	var asked := await ask(job, request)
	if asked.is_error() or not (asked.value as Dictionary).has("errors"):
		return asked
	asked.value["errors"] = diagnostics(source, asked.value["errors"])
	asked.value["warnings"] = diagnostics(source, asked.value["warnings"])
	return asked


## Asks for the errors of a script or shader as its file has it.
static func job_of_file(path: String) -> Dictionary:
	return {"asks": CheckJobs.SHADER if CheckJobs.SHADERS.has(path.get_extension().to_lower())
			else CheckJobs.CHECK, "path": path}


## The report of one job, as ScriptReport describes it.
static func ask(job: Dictionary, request: CommandRequest) -> Result:
	var results := await CheckProcess.new(request).run([job])
	return results[0] if not results.is_empty() else Result.err(request.cancelled())


## Reports {line, message} with their columns, in the order of their lines.
static func diagnostics(source: String, reports: Array) -> Array[Dictionary]:
	var lines := source.split("\n")
	var found: Array[Dictionary] = []
	for report: Dictionary in reports:
		var line: int = mini(report["line"], lines.size())
		found.append({"line": line, "column": _column(lines[line - 1], report["message"]),
				"message": report["message"]})
	found.sort_custom(func(a: Dictionary, b: Dictionary) -> bool: return a["line"] < b["line"])
	return found


## The engine names only the line: the column is where the thing that the message quotes stands in
## it, else where the line begins.
static func _column(text: String, message: String) -> int:
	for quoted: String in message.split('"'):
		var name := quoted.trim_suffix("()")
		var at := text.find(name) if not name.contains(" ") and not name.is_empty() else -1
		if at >= 0:
			return at + 1
	return text.length() - text.strip_edges(true, false).length() + 1


## Says why the text of a file was not checked: what they are, and how they are checked.
class UncheckedFiles extends RefCounted:
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
			return OTHER % ("a .%s file" % extension if not extension.is_empty()
					else "a file without an ending")
		return OTHER % ("a %s" % type)

	## A build that fails leaves the assembly as it was.
	static func _reason_of_csharp(path: String) -> String:
		var projects := Array(DirAccess.get_files_at("res://")) \
				.filter(func(file: String) -> bool: return file.get_extension() == "csproj")
		if projects.is_empty():
			return NO_PROJECT
		for project: String in projects:
			var assembly := BUILT.path_join(project.get_basename() + ".dll")
			if FileAccess.file_exists(assembly) \
					and FileAccess.get_modified_time(assembly) >= FileAccess.get_modified_time(
					path):
				return ""
		return UNBUILT
