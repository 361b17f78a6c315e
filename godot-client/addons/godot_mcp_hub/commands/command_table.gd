## Every command of the addon, in the order of its groups.
extends RefCounted

const AnimationCommands := preload("animation_commands.gd")
const BreakpointCommands := preload("breakpoint_commands.gd")
const ClassDbCommands := preload("classdb_commands.gd")
const Command := preload("../requests/command.gd")
const CustomContentCommands := preload("custom_content_commands.gd")
const DebugCommands := preload("debug_commands.gd")
const DependencyCommands := preload("dependency_commands.gd")
const EditCommands := preload("edit_commands.gd")
const EditorCommands := preload("editor_commands.gd")
const EditorLifecycle := preload("../editor/editor_lifecycle.gd")
const EngineLog := preload("../engine/engine_log.gd")
const GameDebugger := preload("../debugging/game_debugger.gd")
const GameRuns := preload("../playing/game_runs.gd")
const NodeCommands := preload("node_commands.gd")
const ProfilerCommands := preload("profiler_commands.gd")
const ProjectCommands := preload("project_commands.gd")
const ResourceCommands := preload("resource_commands.gd")
const RunCommands := preload("run_commands.gd")
const SceneCommands := preload("scene_commands.gd")
const SceneFileCommands := preload("scene_file_commands.gd")
const SceneEditor := preload("../scenes/scene_editor.gd")
const ScreenshotCommands := preload("screenshot_commands.gd")
const ScriptCommands := preload("script_commands.gd")
const SettingsCommands := preload("settings_commands.gd")
const SavedSettings := preload("../project/saved_settings.gd")
const TestCommands := preload("test_commands.gd")


## The table; its arguments may be null where commands are only listed, not run.
static func commands(editor: SceneEditor, engine_log: EngineLog = null,
		lifecycle: EditorLifecycle = null, runs: GameRuns = null,
		debugger: GameDebugger = null) -> Array[Command]:
	var table: Array[Command] = []
	var settings := SavedSettings.new()
	table.append_array(ProjectCommands.new().commands())
	table.append_array(SettingsCommands.new(settings).commands())
	table.append_array(DependencyCommands.new().commands())
	table.append_array(SceneCommands.new(editor).commands())
	table.append_array(SceneFileCommands.new(editor, settings).commands())
	table.append_array(NodeCommands.new(editor).commands())
	table.append_array(AnimationCommands.new(editor).commands())
	table.append_array(ScriptCommands.new(editor).commands())
	table.append_array(ResourceCommands.new(editor, settings).commands())
	table.append_array(ClassDbCommands.new().commands())
	table.append_array(EditorCommands.new(editor, engine_log, lifecycle, settings).commands())
	table.append_array(EditCommands.new(editor).commands())
	table.append_array(ScreenshotCommands.new(editor).commands())
	table.append_array(RunCommands.new(editor, runs).commands())
	table.append_array(ProfilerCommands.new(runs).commands())
	table.append_array(BreakpointCommands.new(debugger).commands())
	table.append_array(DebugCommands.new(debugger).commands())
	table.append_array(TestCommands.new().commands())
	table.append_array(CustomContentCommands.new().commands())
	return table
