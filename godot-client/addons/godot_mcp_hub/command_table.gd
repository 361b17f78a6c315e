## Every command of the addon, in the order of its groups.
extends RefCounted

const AnimationCommands := preload("commands/animation_commands.gd")
const BreakpointCommands := preload("commands/breakpoint_commands.gd")
const ClassDbCommands := preload("commands/classdb_commands.gd")
const Command := preload("command.gd")
const DebugCommands := preload("commands/debug_commands.gd")
const DependencyCommands := preload("commands/dependency_commands.gd")
const EditCommands := preload("commands/edit_commands.gd")
const EditorCommands := preload("commands/editor_commands.gd")
const EditorLifecycle := preload("editor_lifecycle.gd")
const EngineLog := preload("engine_log.gd")
const GameDebugger := preload("debugging/game_debugger.gd")
const GameRuns := preload("playing/game_runs.gd")
const NodeCommands := preload("commands/node_commands.gd")
const ProfilerCommands := preload("commands/profiler_commands.gd")
const ProjectCommands := preload("commands/project_commands.gd")
const ResourceCommands := preload("commands/resource_commands.gd")
const RunCommands := preload("commands/run_commands.gd")
const SceneCommands := preload("commands/scene_commands.gd")
const SceneFileCommands := preload("commands/scene_file_commands.gd")
const SceneEditor := preload("editing/scene_editor.gd")
const ScreenshotCommands := preload("commands/screenshot_commands.gd")
const ScriptCommands := preload("commands/script_commands.gd")
const SettingsCommands := preload("commands/settings_commands.gd")
const StoredSettings := preload("editing/stored_settings.gd")
const TestCommands := preload("commands/test_commands.gd")


## The table; its arguments may be null where commands are only listed, not run.
static func commands(editor: SceneEditor, engine_log: EngineLog = null, lifecycle: EditorLifecycle = null, runs: GameRuns = null,
		debugger: GameDebugger = null) -> Array[Command]:
	var table: Array[Command] = []
	var settings := StoredSettings.new()
	table.append_array(ProjectCommands.new().commands())
	table.append_array(SettingsCommands.new(settings).commands())
	table.append_array(DependencyCommands.new().commands())
	table.append_array(SceneCommands.new(editor).commands())
	table.append_array(SceneFileCommands.new(editor).commands())
	table.append_array(NodeCommands.new(editor).commands())
	table.append_array(AnimationCommands.new(editor).commands())
	table.append_array(ScriptCommands.new(editor).commands())
	table.append_array(ResourceCommands.new(editor, settings).commands())
	table.append_array(ClassDbCommands.new().commands())
	table.append_array(EditorCommands.new(editor, engine_log, lifecycle).commands())
	table.append_array(EditCommands.new(editor).commands())
	table.append_array(ScreenshotCommands.new(editor).commands())
	table.append_array(RunCommands.new(editor, runs).commands())
	table.append_array(ProfilerCommands.new(runs).commands())
	table.append_array(BreakpointCommands.new(debugger).commands())
	table.append_array(DebugCommands.new(debugger).commands())
	table.append_array(TestCommands.new().commands())
	return table
