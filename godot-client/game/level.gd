## Shows the player's coins, and ends the game: won at the goal with every coin, lost to an enemy or a fall.
extends Node2D

signal ended(has_won: bool)

enum State { PLAYING, WON, LOST }

## Whoever is below has fallen off, in pixels.
const BOTTOM := 900.0

var state: State = State.PLAYING

@onready var _player: Player = $Player
@onready var _score: Label = $Score
@onready var _goal: Area2D = $Goal
@onready var _message: Label = $Message


func _ready() -> void:
	_player.coins_changed.connect(_on_coins_changed)
	_on_coins_changed(_player.coins)
	_message.text = "Collect the coins and reach the flag: arrow keys, Enter jumps"


func _physics_process(_delta: float) -> void:
	if state != State.PLAYING:
		if Input.is_action_just_pressed(&"ui_accept"):
			get_tree().reload_current_scene()
	elif _player.position.y > BOTTOM:
		_end(State.LOST, "You fell. Enter: try again")
	elif _has_met_an_enemy():
		_end(State.LOST, "Caught! Enter: try again")
	elif _goal.overlaps_body(_player) and $Coins.get_child_count() == 0:
		_end(State.WON, "You win! Enter: play again")


## Either of the two may have run into the other.
func _has_met_an_enemy() -> bool:
	for enemy: Enemy in find_children("*", "Enemy"):
		if _has_touched(enemy, _player) or _has_touched(_player, enemy):
			return true
	return false


static func _has_touched(body: CharacterBody2D, other: CharacterBody2D) -> bool:
	for index: int in body.get_slide_collision_count():
		if body.get_slide_collision(index).get_collider() == other:
			return true
	return false


func _end(how: State, text: String) -> void:
	state = how
	_message.text = text
	_player.set_physics_process(false)
	ended.emit(how == State.WON)


func _on_coins_changed(count: int) -> void:
	_score.text = "Coins: %d" % count
