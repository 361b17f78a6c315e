## Answers that the hub may keep: those that depend on nothing but the classes that there are.
## Notices when these change.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")

## What the classes have been vouched for with may not be right any more.
signal changed

## What the engine says when extensions, and their classes with them, come and go; the first two
## from Godot 4.5 on.
const EXTENSION_SIGNALS: Array[StringName] = [&"extension_loaded", &"extension_unloading",
		&"extensions_reloaded"]

## Counts the changes.
static var revision: int = 0


func _init() -> void:
	EditorInterface.get_resource_filesystem().script_classes_updated.connect(_on_changed)
	for name: StringName in EXTENSION_SIGNALS:
		if GDExtensionManager.has_signal(name):
			GDExtensionManager.connect(name, _on_extension)


func dispose() -> void:
	EditorInterface.get_resource_filesystem().script_classes_updated.disconnect(_on_changed)
	for name: StringName in EXTENSION_SIGNALS:
		if GDExtensionManager.has_signal(name):
			GDExtensionManager.disconnect(name, _on_extension)


## Lets the hub keep an answer that speaks of classes only, unless they have changed since `since`,
## when it was begun. Where the engine does not tell of everything that changes them, nothing is
## kept.
static func vouch(result: CommandResult, since: int) -> CommandResult:
	var is_told := EXTENSION_SIGNALS.all(func(name: StringName) -> bool:
		return GDExtensionManager.has_signal(name))
	result.may_be_kept = is_told and since == revision and not result.is_failure()
	return result


func _on_extension(_extension: Variant = null) -> void:
	_on_changed()


func _on_changed() -> void:
	revision += 1
	changed.emit()
