## Is collected by the player who touches it.
extends Area2D

@export_range(1, 100) var value: int = 1


func _ready() -> void:
	body_entered.connect(_on_body_entered)


func _on_body_entered(body: Node2D) -> void:
	var player := body as Player
	if player == null:
		return
	player.coins += value
	queue_free()
