## What an agent may write as a value of a property, a setting, an argument or a key of an animation.
extends RefCounted

const CommandResult := preload("../command_result.gd")
const Permissions := preload("permissions.gd")

var _permissions: Permissions
## The scene's root; null outside of scenes.
var _root: Node
## The node whose property it is; null for what is no node's.
var _base: Node


func _init(permissions: Permissions, root: Node, base: Node) -> void:
	_permissions = permissions
	_root = root
	_base = base


## Why `value` may not be written for the property of `info`; null when it may. What is there already may be written again.
func refusal(value: Variant, info: Dictionary, current: Variant) -> CommandResult:
	if typeof(value) == typeof(current) and value == current:
		return null
	if value is Script:
		return _permissions.refusal(Permissions.ATTACH)
	if value == null and info.get("name") == "script":
		return _permissions.refusal(Permissions.DETACH)
	return null
