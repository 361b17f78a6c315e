## Waits for its main loop and lets GUT's node do the rest.
extends SceneTree


func _init() -> void:
	while Engine.get_main_loop() == null:
		await create_timer(0.01).timeout
	var gut: Node = (load("res://addons/gut/gut.gd") as GDScript).new()
	root.add_child(gut)
	gut.call("main", Array(OS.get_cmdline_args()))
