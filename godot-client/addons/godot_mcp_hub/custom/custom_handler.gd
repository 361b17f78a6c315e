## A function of the project's own code that answers agents. It goes with the object that it belongs to.
@tool
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")

var _callable: Callable


func _init(callable: Callable) -> void:
	_callable = callable


## Whether there is still something to call.
func is_alive() -> bool:
	return _callable.is_valid()


## What it returns for `params`. One that takes a second argument gets who asks, and as a part of which trace.
func answer(params: Dictionary, request: CommandRequest) -> Variant:
	if _callable.get_argument_count() < 2:
		return await _callable.call(params)
	var context := request.trace.duplicate()
	context["agent"] = request.agent
	return await _callable.call(params, context)
