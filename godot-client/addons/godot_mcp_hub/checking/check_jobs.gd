## What a check can be asked of a script, and what it tells of one that the engine cannot be given.
extends RefCounted

## The errors in it, and what the engine warns of.
const CHECK := "check"
const OUTLINE := "outline"
const CLASS := "class"
const DECLARATIONS := "declarations"
## The errors in a shader or an include; `users`: shaders that include it.
const SHADER := "shader"

## Ending of what is asked for as a shader.
const SHADERS: Array[String] = ["gdshader", "gdshaderinc"]


## Errors that say why, and `refused`.
static func refused(why: String) -> Dictionary:
	return {"errors": [{"line": 1, "message": why}], "warnings": [], "refused": why}
