## One run of an engine's compiler, of scripts or of shaders, over a text, and what it said.
extends RefCounted

const CompilerRun := preload("compiler_run.gd")

## The script; null for a shader.
var subject: GDScript = null
## The shader, and the material that has the engine compile it; null for a script.
var shader: Shader = null
var material: ShaderMaterial = null
## Stands in the place of the file that the shader includes, with `include_code`; null for the file as it is.
var include: ShaderInclude = null
var include_code: String = ""
var include_path: String = ""
var code: String = ""
## Also makes the script's code and what is known of its members; otherwise the text is only analysed.
var compiles: bool = false
## Warnings are errors in this run: the engine reports them only so.
var is_strict: bool = false
## A run over the same text that makes this one needless when it said `needless_when`; null for none.
var needless_after: RefCounted = null
var needless_when: String = ""
## The part of the engine's log that was written during the run.
var said: String = ""


static func of_script(text: String, path: String) -> CompilerRun:
	var run := CompilerRun.new()
	run.subject = GDScript.new()
	_name(run.subject, path)
	run.subject.source_code = text
	return run


static func of_shader(text: String, path: String) -> CompilerRun:
	var run := CompilerRun.new()
	run.shader = Shader.new()
	_name(run.shader, path)
	run.material = ShaderMaterial.new()
	run.code = text
	return run


static func _name(resource: Resource, path: String) -> void:
	if not path.is_empty() and resource.has_method("set_path_cache"):
		resource.call("set_path_cache", path)
