extends "res://addons/godot_mcp_hub/testing/test_case.gd"

const COIN := preload("res://game/coin.tscn")
const PLAYER := preload("res://game/player.tscn")

var _player: Player


func before_each() -> void:
	_player = PLAYER.instantiate()
	add_child(_player)


func test_the_player_falls_while_nothing_is_below() -> void:
	var start := _player.position.y
	for frame: int in 5:
		await get_tree().physics_frame
	expect_true(_player.position.y > start, "that the player falls")


func test_a_coin_counts_by_its_value_and_is_gone() -> void:
	var coin: Area2D = COIN.instantiate()
	coin.set(&"value", 3)
	add_child(coin)
	coin.body_entered.emit(_player)
	expect_equal(_player.coins, 3)
	expect_true(coin.is_queued_for_deletion(), "that the coin goes")


func test_the_player_tells_the_number_of_coins() -> void:
	var told: Array[int] = []
	_player.coins_changed.connect(told.append)
	_player.coins = 2
	expect_equal(told, [2] as Array[int])
