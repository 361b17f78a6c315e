## The main loop of a test scene, and of the runner of test scripts: the engine's own, ended when
## the editor is gone that has started it. A thread sees to that, since a test may hang.
extends SceneTree

const EditorMonitor := preload("editor_channel.gd").EditorMonitor
## Variable in which the editor tells its port: a connection to it lasts as long as the editor wants
## the tests.
const PORT_VARIABLE := "GODOT_HUB_TESTS_PORT"

var _watch: EditorMonitor


func _initialize() -> void:
	_watch = begin_watch(self)


## Ends the process of `tree` when the editor is gone that has started it. To be kept until the tree
## ends.
static func begin_watch(tree: SceneTree) -> EditorMonitor:
	var watch := EditorMonitor.new()
	if OS.has_environment(PORT_VARIABLE):
		watch.start(OS.get_environment(PORT_VARIABLE).to_int(), "")
		tree.root.tree_exiting.connect(watch.stop)
	return watch
