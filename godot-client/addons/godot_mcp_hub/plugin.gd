## Connects this editor to a hub. Only wires: everything that is done is done by the parts.
@tool
extends EditorPlugin

const CommandRouter := preload("routing/command_router.gd")
const CommandTable := preload("commands/command_table.gd")
const DormantFiles := preload("reading/dormant_files.gd")
const EditorActivity := preload("editor/editor_activity.gd")
const EditorEvents := preload("editor_events.gd")
const EditorLifecycle := preload("editor/editor_lifecycle.gd")
const EngineLog := preload("engine/engine_log.gd")
const EngineTurns := preload("engine/engine_turns.gd")
const ExportExclusion := preload("editor/export_exclusion.gd")
const FileImports := preload("reading/file_imports.gd")
const FileScan := preload("files/file_scan.gd")
const FrameRate := preload("routing/frame_budget.gd").FrameRate
const FrameBudget := preload("routing/frame_budget.gd")
const GameDebugger := preload("debugging/game_debugger.gd")
const GodotMcpHub := preload("godot_mcp_hub.gd")
const GodotProcess := preload("processes/godot_process.gd")
const GameRuns := preload("playing/game_runs.gd")
const HubConnection := preload("wire/hub_connection.gd")
const HubDock := preload("ui/hub_dock.gd")
const InstanceIdentity := preload("wire/instance_identity.gd")
const ResponseCache := preload("editor/response_cache.gd")
const LaunchedEditor := preload("editor/editor_lifecycle.gd").LaunchedEditor
const SceneEditor := preload("scenes/scene_editor.gd")

const DOCK := "ui/hub_dock.tscn"
## Frames to wait after the first scan, in which the editor opens the scenes of the last time.
const SETTLING_FRAMES := 3

var _connection: HubConnection
var _debugger: GameDebugger
var _dock: HubDock
var _editor: SceneEditor
var _events: EditorEvents
var _identity: InstanceIdentity
var _response_cache: ResponseCache
var _log: EngineLog
var _exclusion := ExportExclusion.new()
var _launched := LaunchedEditor.new()
var _frame_rate: FrameRate
var _router: CommandRouter
var _runs: GameRuns
var _frame_budget: FrameBudget
var _settling_frames: int = SETTLING_FRAMES


func _enter_tree() -> void:
	EngineTurns.begin()
	_identity = InstanceIdentity.new()
	var lifecycle := EditorLifecycle.new()
	_log = EngineLog.new()
	_log.start()
	_frame_rate = FrameRate.new()
	_connection = HubConnection.new(_identity)
	_router = CommandRouter.new(_identity.epoch, _log)
	_frame_budget = FrameBudget.new(_connection, _router, _frame_rate)
	_editor = SceneEditor.new(get_undo_redo())
	_runs = GameRuns.new(_connection)
	_debugger = GameDebugger.new(self, _runs)
	_router.register(CommandTable.commands(_editor, _log, lifecycle, _runs, _debugger))
	_events = EditorEvents.new(self, _editor, _log)
	_response_cache = ResponseCache.new()
	_connection.message_received.connect(_on_message)
	_connection.opened.connect(_on_opened)
	_router.answered.connect(_connection.send_answer)
	_router.progressed.connect(_connection.notify)
	lifecycle.leaving.connect(_connection.leave)
	_events.occurred.connect(_connection.notify)
	_router.is_settling = true
	_router.prepare = FileImports.await_named
	_router.custom = GodotMcpHub.registry()
	_router.custom.changed.connect(_on_custom_commands_changed)
	_router.custom.event_emitted.connect(_events.report)
	_identity.commands = _router.custom.describe()
	_response_cache.changed.connect(_events.report.bind("instance.changed", {}))
	_runs.happened.connect(_events.report)
	_debugger.happened.connect(_events.report)
	_add_dock()
	add_export_plugin(_exclusion)


func _exit_tree() -> void:
	EngineTurns.end()
	_router.custom.event_emitted.disconnect(_events.report)
	_router.custom.changed.disconnect(_on_custom_commands_changed)
	_router.is_closed = true
	remove_export_plugin(_exclusion)
	_debugger.dispose()
	_runs.dispose()
	GodotProcess.end_all()
	_connection.close()
	_frame_rate.restore()
	_events.dispose()
	_response_cache.dispose()
	_editor.dispose()
	_log.stop()
	DormantFiles.dispose()
	remove_control_from_docks(_dock)
	_dock.queue_free()
	_dock = null
	_events = null
	_response_cache = null
	_editor = null
	_log = null
	_router = null
	_frame_budget = null
	_runs = null
	_debugger = null
	_connection = null


func _process(delta: float) -> void:
	if not EngineTurns.take(_work.bind(delta * 1000.0)):
		_keep_in_touch(delta * 1000.0)


func _work(elapsed_ms: float) -> void:
	var router := _router
	var frame_budget := _frame_budget
	router.custom.drop_orphans()
	FileScan.watch()
	frame_budget.use(elapsed_ms, _has_settled() and not _is_held_up())
	if router.is_closed:
		# A command has switched this addon off: what follows is gone.
		return
	_runs.poll()
	_debugger.poll()
	_events.poll()
	_frame_rate.update()
	_launched.update(_connection.state == HubConnection.State.CONNECTED)


## A call into the engine is under way, which runs this frame: the hub is heard and answered, and
## nothing is begun.
func _keep_in_touch(elapsed_ms: float) -> void:
	_connection.poll(elapsed_ms)
	_is_held_up()
	_events.tell_state()


## Whether the engine is at something in which no command begins; those that wait hear of it.
func _is_held_up() -> bool:
	var work := EditorActivity.engine_work()
	if not work.is_empty():
		_router.tell_waiting(work)
	return not work.is_empty()


## The editor is about to play: what it returns is added to the game's command line. Called from
## Godot 4.5 on.
func _run_scene(scene: String, args: PackedStringArray) -> PackedStringArray:
	return _runs.prepare(scene, args)


func _on_message(message: Dictionary) -> void:
	if message.has("id"):
		_frame_rate.keep_short()
		_router.receive(message)
	elif message["method"] == "cancel":
		_router.cancel(message.get("params", {}).get("id"))
	elif message["method"] == "event":
		_on_hub_event(message.get("params", {}))


## Commands wait until the editor has found the project's files and opened the scenes of the last
## time.
func _has_settled() -> bool:
	if _settling_frames > 0 and not FileScan.is_under_way():
		_settling_frames -= 1
		if _settling_frames == 0:
			_events.set_settled()
			_router.settle()
	return _settling_frames == 0


func _on_opened(_resumed: bool) -> void:
	_events.announce_state()
	if not _identity.fits_commands():
		_events.announce_commands(_identity.commands)
	# A hub that has only just been started does not know of it.
	if not _router.pause_reason.is_empty():
		_events.announce_pause(_router.pause_reason)


func _on_custom_commands_changed() -> void:
	_identity.commands = _router.custom.describe()
	_events.announce_commands(_identity.commands)


## A person elsewhere wants a pause or its end, or the hub confirms what was wanted here.
func _on_hub_event(params: Dictionary) -> void:
	if params.get("event") == "hub.instance_paused":
		var data: Dictionary = params.get("data", {})
		_set_paused(str(data.get("reason", "")) if data.get("paused", false) else "")


func _on_paused(reason: String) -> void:
	_set_paused(reason)
	_events.announce_pause(reason)


func _set_paused(reason: String) -> void:
	_router.pause_reason = reason
	_events.set_paused(not reason.is_empty())
	_dock.show_pause(reason)


func _add_dock() -> void:
	var scene: PackedScene = load(
			(get_script() as Script).resource_path.get_base_dir().path_join(DOCK))
	_dock = scene.instantiate()
	_dock.show_work(_connection, _router)
	_dock.paused.connect(_on_paused)
	add_control_to_dock(DOCK_SLOT_RIGHT_BL, _dock)
