## Knows its arguments by the name of its script.
extends SceneTree

const Runner := preload("res://addons/gdUnit4/src/core/runners/GdUnitTestCIRunner.gd")


func _initialize() -> void:
	var args := Array(OS.get_cmdline_args())
	while not (args.pop_front() as String).contains("GdUnitCmdTool.gd"):
		pass
	var runner := Runner.new()
	root.add_child(runner)
	# Nodes are in the tree from the first frame on.
	runner.main.call_deferred(args)
