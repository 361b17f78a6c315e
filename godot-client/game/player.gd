## Walks with the arrow keys, jumps, and counts coins.
class_name Player
extends CharacterBody2D

signal coins_changed(count: int)

@export var speed: float = 220.0
@export var jump_speed: float = 420.0
@export var gravity: float = 980.0

var coins: int = 0:
	set(value):
		coins = value
		coins_changed.emit(coins)


func _physics_process(delta: float) -> void:
	velocity.y += gravity * delta
	velocity.x = Input.get_axis(&"ui_left", &"ui_right") * speed
	if is_on_floor() and Input.is_action_just_pressed(&"ui_accept"):
		velocity.y = -jump_speed
	move_and_slide()
