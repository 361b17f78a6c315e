## The root of a scene that is a test: it passes by quitting with 0.
extends Node

const FRAMES := 10


func _ready() -> void:
	for frame: int in FRAMES:
		await get_tree().physics_frame
	var player: Player = $Level.get_node("Player")
	get_tree().quit(0 if player.coins == 0 else 1)
