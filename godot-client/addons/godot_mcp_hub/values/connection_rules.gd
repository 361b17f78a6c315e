## Which connections an agent may make while it may not run code: an editor keeps the connections of
## a scene live, and whatever a signal reaches there is called in the editor.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const DormantScripts := preload("../reading/dormant_scripts.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const ScriptLineage := preload("../reading/script_lineage.gd")

const DECLARATION := "\\bfunc\\s+%s\\s*\\("

## Methods of the engine that a signal may reach in an editor, by class: they do what an agent could
## do by setting a property, take only plain values, and lead no further than to another of them.
const HARMLESS: Dictionary = {
	# Whether and how something is seen.
	"CanvasItem": ["show", "hide", "set_visible", "set_modulate", "set_self_modulate",
	"queue_redraw"],
	"CanvasLayer": ["show", "hide", "set_visible"],
	"Node3D": ["show", "hide", "set_visible"],
	"Window": ["show", "hide", "set_visible", "popup", "popup_centered", "set_title"],
	# What a control says and holds.
	"Control": ["grab_focus", "release_focus", "set_tooltip_text"],
	"Label": ["set_text"], "Label3D": ["set_text"],
	"RichTextLabel": ["set_text", "append_text", "add_text", "clear"],
	"LineEdit": ["set_text", "clear", "set_editable"],
	"TextEdit": ["set_text", "clear", "set_editable"],
	"Button": ["set_text"], "BaseButton": ["set_disabled", "set_pressed", "set_pressed_no_signal"],
	"Range": ["set_value", "set_value_no_signal", "set_min", "set_max"], "ColorRect": ["set_color"],
	"TabContainer": ["set_current_tab"], "TabBar": ["set_current_tab"],
	# What plays: an editor calls no method that stands in a track.
	"AnimationPlayer": ["play", "play_backwards", "queue", "pause", "stop"],
	"AnimatedSprite2D": ["play", "play_backwards", "pause", "stop"],
	"AnimatedSprite3D": ["play", "play_backwards", "pause", "stop"],
	"AudioStreamPlayer": ["play", "stop"], "AudioStreamPlayer2D": ["play", "stop"],
	"AudioStreamPlayer3D": ["play", "stop"],
	"VideoStreamPlayer": ["play", "stop"],
	"GPUParticles2D": ["restart", "set_emitting"], "GPUParticles3D": ["restart", "set_emitting"],
	"CPUParticles2D": ["restart", "set_emitting"], "CPUParticles3D": ["restart", "set_emitting"],
	# What takes part in the physics, which an editor does not run.
	"CollisionShape2D": ["set_disabled"], "CollisionShape3D": ["set_disabled"],
	"CollisionPolygon2D": ["set_disabled"], "CollisionPolygon3D": ["set_disabled"],
	"Area2D": ["set_monitoring", "set_monitorable"],
	"Area3D": ["set_monitoring", "set_monitorable"],
	"Timer": ["stop", "set_paused", "set_wait_time"],
}
## What games do all the time and would be felt in an editor: it is let through where only a running
## game sends the signal.
const IN_GAMES: Dictionary = {"Node": ["queue_free"], "Timer": ["start"]}
## Signals that no editor sends for a scene that is edited: it starts no timer, runs no physics, and
## gives a scene no input.
const OF_GAMES: Dictionary = {
	"Timer": ["timeout"],
	"BaseButton": ["pressed", "button_down", "button_up"],
	"Control": ["gui_input", "mouse_entered", "mouse_exited"],
	"CollisionObject2D": ["input_event", "mouse_entered", "mouse_exited", "mouse_shape_entered",
	"mouse_shape_exited"],
	"CollisionObject3D": ["input_event", "mouse_entered", "mouse_exited"],
	"Area2D": [
		"body_entered", "body_exited", "body_shape_entered", "body_shape_exited",
		"area_entered", "area_exited", "area_shape_entered", "area_shape_exited"],
	"Area3D": [
		"body_entered", "body_exited", "body_shape_entered", "body_shape_exited",
		"area_entered", "area_exited", "area_shape_entered", "area_shape_exited"],
	"RigidBody2D": ["body_entered", "body_exited", "body_shape_entered", "body_shape_exited"],
	"RigidBody3D": ["body_entered", "body_exited", "body_shape_entered", "body_shape_exited"],
}


## Why `node` may not call `method` of `target` by its signal; null when it may.
static func refusal(node: Node, signal_name: String, target: Node, method: String) -> CommandResult:
	if ExecutionGate.is_open() or not calls_in_editor(target, method) \
			or _is_harmless(target, method):
		return null
	if _has(IN_GAMES, target, method) and _is_of_games(node, signal_name):
		return null
	var failure := ExecutionGate.refusal("%s, called by %s in the editor," % [method, signal_name])
	failure.details[
			"hint"] = "Connect it to a method of the target's own script that is no @tool, which runs in games only. %s" % failure.details["hint"]
	return failure


## Whether an editor would feel the connection when something plays or ends in it.
static func is_felt(node: Node, signal_name: String, target: Node, method: String) -> bool:
	return calls_in_editor(target, method) and not _is_harmless(target, method) \
			and not _is_of_games(node, signal_name)


## Whether a call of this method runs anything in the editor: what a script that is no tool has
## declared does not.
static func calls_in_editor(target: Node, method: String) -> bool:
	var script: Script = target.get_script()
	return ClassDB.class_has_method(target.get_class(), method) or script == null \
			or DormantScripts.runs_in_editor(script)


## A script that is a tool may have declared a method of the same name.
static func _is_harmless(target: Node, method: String) -> bool:
	var script: Script = target.get_script()
	return _has(HARMLESS, target, method) and (script == null
			or not DormantScripts.runs_in_editor(script) or not _declares(script, method))


## What stands in for a script that must not run lacks the methods that hide the engine's: the text
## says which there are.
static func _declares(script: Script, method: String) -> bool:
	var pattern := RegEx.create_from_string(DECLARATION % method)
	if DormantScripts.is_stand_in(script) and ScriptLineage.of(script).any(
			func(entry: Dictionary) -> bool:
				return pattern.search(FileAccess.get_file_as_string(entry["path"])) != null):
		return true
	return script.get_script_method_list().any(func(info: Dictionary) -> bool:
		return info["name"] == method)


static func _has(table: Dictionary, object: Object, name: String) -> bool:
	for type: String in table:
		if object.is_class(type) and (table[type] as Array).has(name):
			return true
	return false


## The signals of a script that is no tool are sent by its own code, which does not run in the
## editor.
static func _is_of_games(node: Node, signal_name: String) -> bool:
	var script: Script = node.get_script()
	var is_scripts_own := script != null and not DormantScripts.runs_in_editor(script) \
			and script.has_script_signal(signal_name)
	return is_scripts_own or _has(OF_GAMES, node, signal_name)
