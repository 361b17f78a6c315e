## Finds the shaders that a scene or a resource keeps in its own text.
extends RefCounted

const CheckJobs := preload("check_jobs.gd")

const HEADER := "(?m)^\\[(?:sub_resource|gd_resource) type=\"Shader\"(?:[^\\]\\n]* id=\"([^\"\\n]*)\")?[^\\n]*\\]$"
const CODE := "(?m)^code = \"((?:[^\"\\\\]|\\\\[\\s\\S])*+)\""
const SECTION := "(?m)^\\[[a-z_]+[ \\]]"
const MAIN := "\n[resource]\n"
## How a shader's text begins on its first line.
const CODE_HEAD := "code = \""
const FILES: Array[String] = ["tscn", "tres"]


## Jobs to check them {asks, path, source, file, line}: `path` is as answers show it, `line` where
## the text begins in the file.
static func jobs_of(path: String) -> Array[Dictionary]:
	var jobs: Array[Dictionary] = []
	var text := FileAccess.get_file_as_string(path) if FILES.has(path.get_extension().to_lower()) \
			else ""
	# Most have none.
	if not text.contains("type=\"Shader\""):
		return jobs
	for header: RegExMatch in RegEx.create_from_string(HEADER).search_all(text):
		var is_inner := not header.get_string(1).is_empty()
		var from := header.get_end() if is_inner else text.find(MAIN) + MAIN.length()
		var code := RegEx.create_from_string(CODE).search(text, from)
		var next := RegEx.create_from_string(SECTION).search(text, from)
		if code != null and (next == null or code.get_start() < next.get_start()):
			jobs.append({"asks": CheckJobs.SHADER,
					"path": "%s::%s" % [path, header.get_string(1)] if is_inner else path,
					"source": code.get_string(1).c_unescape(), "file": path,
					"line": text.count("\n", 0, code.get_start()) + 1})
	return jobs
