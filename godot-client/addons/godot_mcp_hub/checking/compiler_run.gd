## One run of the engine's compiler over a text, and what it said.
extends RefCounted

var subject: GDScript
## Also makes the script's code and what is known of its members; otherwise the text is only analysed.
var compiles: bool = false
## Warnings are errors in this run: the engine reports them only so.
var is_strict: bool = false
## A run over the same text that makes this one needless when it said `needless_when`; null for none.
var needless_after: RefCounted = null
var needless_when: String = ""
## The part of the engine's log that was written during the run.
var said: String = ""


func _init(text: String, path: String) -> void:
	subject = GDScript.new()
	if not path.is_empty() and subject.has_method("set_path_cache"):
		subject.call("set_path_cache", path)
	subject.source_code = text
