## Walks between two places.
class_name Enemy
extends CharacterBody2D

enum Mood { CALM, ANGRY }

@export var mood: Mood = Mood.CALM
@export var speed: float = 60.0
@export var range_of_patrol: Vector2 = Vector2(-80, 80)
@export var target: Node2D
@export var tint: Color = Color.INDIAN_RED

var _direction: float = 1.0
@onready var _start: float = position.x


func _physics_process(_delta: float) -> void:
	if position.x < _start + range_of_patrol.x:
		_direction = 1.0
	elif position.x > _start + range_of_patrol.y:
		_direction = -1.0
	velocity.x = _direction * speed * (2.0 if mood == Mood.ANGRY else 1.0)
	move_and_slide()
