## Finds the port on which this editor's own debug adapter listens, and gives it a free one where it
## has none.
##
## All editors of a machine read one port from the editor settings, and only the first of them gets
## it; the others have no adapter and say nothing. Such an editor gets a free port for its own
## lifetime: the settings stay as they are.
## Godot: 4.3 to 4.6.
## Remove when: the editor takes a free port by itself and tells it (DebugAdapterServer or
## EditorDebuggerPlugin).
@tool
extends RefCounted

const SERVER_CLASS := "DebugAdapterServer"
const PORT_SETTING := "network/debug_adapter/remote_port"
const SYNC_SETTING := "network/debug_adapter/sync_breakpoints"

## The port that was chosen here; 0 while the adapter has that of the settings.
var _own_port: int = 0
## Whenever settings change the adapter looks at its port again and moves to the one that is taken:
## this brings it back.
var _restore: SettingsRestore = null


## The port to dial; 0 when this editor has no adapter at all.
func find() -> int:
	var server := _server()
	if server == null:
		return 0
	# The engine turns this on when the adapter has got its port.
	if not server.is_processing_internal():
		move_away()
	return _own_port if _own_port > 0 \
			else int(EditorInterface.get_editor_settings().get_setting(PORT_SETTING))


## Gives the adapter a free port, because the one in the settings belongs to another editor. False
## when it stays without one.
func move_away() -> bool:
	var probe := TCPServer.new()
	if _server() == null or probe.listen(0, "127.0.0.1") != OK:
		return false
	var free_port := probe.get_local_port()
	probe.stop()
	_own_port = free_port
	_show({PORT_SETTING: free_port})
	_restore_port_on_changes()
	return _server().is_processing_internal()


## From now on the adapter takes the editor's breakpoints over when a client introduces itself,
## instead of removing them.
func keep_breakpoints() -> void:
	var settings: Dictionary = {SYNC_SETTING: true}
	if _own_port > 0:
		# It looks at its port too, and would move.
		settings[PORT_SETTING] = _own_port
	_show(settings)


func dispose() -> void:
	if _restore != null:
		_restore.queue_free()
		_restore = null


## Nodes hear of changes in the order in which they were added: this one after the adapter.
func _restore_port_on_changes() -> void:
	if _restore == null:
		_restore = SettingsRestore.new()
		_restore.on_settings_changed = func() -> void: _show({PORT_SETTING: _own_port})
		_server().get_parent().add_child(_restore)


## Lets the adapter read settings with other values, which no other part sees and which are not
## saved.
static func _show(values: Dictionary) -> void:
	var settings := EditorInterface.get_editor_settings()
	# A change with its signal makes the editor announce all settings 1.5 s later: the adapter would
	# move again, and be brought back again, for ever, and lose its connections each time.
	settings.set_block_signals(true)
	var before: Dictionary = {}
	for setting: String in values:
		before[setting] = settings.get_setting(setting)
		settings.set_setting(setting, values[setting])
	_server().notification(EditorSettings.NOTIFICATION_EDITOR_SETTINGS_CHANGED)
	for setting: String in before:
		settings.set_setting(setting, before[setting])
	settings.set_block_signals(false)


static func _server() -> Node:
	var found := EditorInterface.get_base_control().get_tree() \
			.root.find_children("*", SERVER_CLASS, true, false)
	return null if found.is_empty() else found[0]


## A node beside the debug adapter's: does something when the editor tells its nodes that settings
## have changed.
class SettingsRestore extends Node:
	var on_settings_changed := Callable()

	func _notification(what: int) -> void:
		if what == EditorSettings.NOTIFICATION_EDITOR_SETTINGS_CHANGED \
				and on_settings_changed.is_valid():
			on_settings_changed.call()
