## The main loop of a test scene, and of the runner of test scripts: the engine's own, ended when the editor is gone that has
## started it. A thread sees to that, since a test may hang.
extends SceneTree

const EditorWatch := preload("../runtime/editor_watch.gd")
## Variable in which the editor tells its port: a connection to it lasts as long as the editor wants the tests.
const PORT_VARIABLE := "GODOT_HUB_TESTS_PORT"

var _watch := EditorWatch.new()


func _initialize() -> void:
	if OS.has_environment(PORT_VARIABLE):
		_watch.start(OS.get_environment(PORT_VARIABLE).to_int(), "")


func _finalize() -> void:
	_watch.stop()
