## Shows the player's coins.
extends Node2D

@onready var _player: Player = $Player
@onready var _score: Label = $Score


func _ready() -> void:
	_player.coins_changed.connect(_on_coins_changed)
	_on_coins_changed(_player.coins)


func _on_coins_changed(count: int) -> void:
	_score.text = "Coins: %d" % count
