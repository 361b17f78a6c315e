/** Declares the demonstration's game, as the arguments of the tool calls that build it. */

/** A place to stand on: from `left` to `right`, with its surface at `top`, in pixels. */
export interface Platform {
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

export const SCENE = "res://lantern_run.tscn";

/** From the start to the door. */
export const PLATFORMS: readonly Platform[] = [
  { left: 40, right: 330, top: 560 },
  { left: 440, right: 640, top: 500 },
  { left: 760, right: 900, top: 430 },
  { left: 980, right: 1_130, top: 520 },
];

/** Half of the player's size, in pixels. */
export const HALF_PLAYER = { x: 12, y: 20 };
/** How far the player walks in one frame of the physics, in pixels. */
export const PIXELS_A_FRAME = 4;

const STARS = [
  [250, 470],
  [540, 470],
  [830, 330],
] as const;

/** A mistake that the demonstration makes first, and corrects after the engine's error. */
export const SLIP = { path: "res://star.gd", wrong: "queue_fre()", right: "queue_free()" } as const;

/** Scripts by file. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  "res://player.gd": `## Walks, jumps, and looks where it goes.
extends CharacterBody2D

const SPEED := 240.0
const JUMP_SPEED := 480.0
const GRAVITY := 980.0

@onready var _look: Node2D = $Look


func _physics_process(delta: float) -> void:
	velocity.y += GRAVITY * delta
	var axis := Input.get_axis(&"ui_left", &"ui_right")
	velocity.x = axis * SPEED
	if axis != 0.0:
		_look.scale.x = signf(axis)
	if is_on_floor() and Input.is_action_just_pressed(&"ui_accept"):
		velocity.y = -JUMP_SPEED
	move_and_slide()
`,
  "res://star.gd": `## Turns slowly, and is gone when somebody touches it.
extends Area2D


func _ready() -> void:
	body_entered.connect(func(_body: Node2D) -> void: ${SLIP.wrong})


func _process(delta: float) -> void:
	rotation += delta
`,
  "res://lantern_run.gd": `## Counts the stars that are left; without any, the door is open.
extends Node2D

const BOTTOM := 900.0

var has_won: bool = false

@onready var _player: CharacterBody2D = $Player
@onready var _start: Vector2 = _player.position
@onready var _door: Area2D = $Door
@onready var _light: Polygon2D = $Door/Light
@onready var _label: Label = $Label


func _physics_process(_delta: float) -> void:
	var left := get_tree().get_nodes_in_group(&"stars").size()
	_light.visible = left == 0
	if _player.position.y > BOTTOM:
		_player.position = _start
	if left == 0 and _door.overlaps_body(_player):
		has_won = true
	_label.text = "You made it!" if has_won else "Stars left: %d" % left
`,
};

/** Operations of scene_edit, in the order in which they are asked for. */
export const EDITS: readonly { label: string; operations: object[] }[] = [
  { label: "Night sky", operations: sky() },
  { label: "Platforms", operations: PLATFORMS.flatMap(platform) },
  { label: "Player", operations: player() },
  { label: "Stars and door", operations: [...stars(), ...door()] },
  { label: "Label", operations: label() },
];

function sky(): object[] {
  return [
    polygon("Sky", ".", "#ffffff", box(0, 0, 1_152, 648), {
      vertex_colors: ["#0b1026", "#0b1026", "#4a3b76", "#4a3b76"],
    }),
    polygon("Moon", ".", "#f6edc8", circle(940, 120, 46)),
    polygon("Hills", ".", "#241f45", [0, 520, 180, 430, 380, 500, 620, 400, 860, 490, 1_152, 420, 1_152, 648, 0, 648]),
  ];
}

function platform({ left, right, top }: Platform, at: number): object[] {
  const [width, name] = [right - left, `Platform${at + 1}`];
  const half = width / 2;
  return [
    { op: "add", type: "StaticBody2D", name, as: name, properties: { position: vector(left + half, top + 14) } },
    shape(`$${name}`, "RectangleShape2D", { size: vector(width, 28) }),
    polygon("Stone", `$${name}`, "#3b3561", box(-half, -14, width, 28)),
    polygon("Moss", `$${name}`, "#5fa777", box(-half, -14, width, 6)),
  ];
}

function player(): object[] {
  const { x, y } = HALF_PLAYER;
  return [
    {
      op: "add",
      type: "CharacterBody2D",
      name: "Player",
      as: "player",
      properties: { position: vector(90, 540), script: "res://player.gd" },
    },
    shape("$player", "RectangleShape2D", { size: vector(2 * x, 2 * y) }),
    { op: "add", parent: "$player", type: "Node2D", name: "Look", as: "look" },
    polygon("Cloak", "$look", "#e2725b", [-12, 20, -10, -8, 0, -20, 10, -8, 12, 20]),
    polygon("Face", "$look", "#ffe3c4", box(-3, -12, 11, 9)),
    polygon("Eye", "$look", "#241f45", box(3, -10, 3, 4)),
    polygon("Lantern", "$look", "#ffd166", circle(15, 4, 4)),
  ];
}

function stars(): object[] {
  return STARS.flatMap(([x, y], at) => {
    const name = `Star${at + 1}`;
    return [
      {
        op: "add",
        type: "Area2D",
        name,
        as: name,
        properties: { position: vector(x, y), script: "res://star.gd" },
      },
      { op: "set_groups", path: `$${name}`, add: ["stars"] },
      shape(`$${name}`, "CircleShape2D", { radius: 16 }),
      polygon("Look", `$${name}`, "#ffd166", star(14, 6)),
    ];
  });
}

function door(): object[] {
  return [
    { op: "add", type: "Area2D", name: "Door", as: "door", properties: { position: vector(1_080, 490) } },
    shape("$door", "RectangleShape2D", { size: vector(20, 60) }),
    polygon("Frame", "$door", "#7a5c3e", [-22, 30, -22, -20, -12, -36, 12, -36, 22, -20, 22, 30]),
    polygon("Dark", "$door", "#1a1533", [-16, 30, -16, -18, -8, -30, 8, -30, 16, -18, 16, 30]),
    polygon("Light", "$door", "#ffe9a8", [-16, 30, -16, -18, -8, -30, 8, -30, 16, -18, 16, 30], { visible: false }),
  ];
}

function label(): object[] {
  const properties = {
    offset_left: 24,
    offset_top: 16,
    "theme_override_font_sizes/font_size": 30,
    text: "Stars left: 3",
  };
  return [
    { op: "add", type: "Label", name: "Label", properties },
    { op: "attach_script", path: ".", script: "res://lantern_run.gd" },
    // The player stands before the door, not behind it.
    { op: "move", path: "Player", parent: ".", index: 16 },
  ];
}

function shape(parent: string, type: string, properties: object): object {
  return {
    op: "add",
    parent,
    type: "CollisionShape2D",
    name: "Shape",
    properties: { shape: { type: "Resource", class: type, properties } },
  };
}

function polygon(name: string, parent: string, color: string, numbers: readonly number[], more: object = {}): object {
  const points = numbers.flatMap((x, at) => (at % 2 === 0 ? [vector(x, numbers[at + 1] ?? 0)] : []));
  return { op: "add", parent, type: "Polygon2D", name, properties: { color, polygon: points, ...more } };
}

function vector(x: number, y: number): string {
  return `Vector2(${x}, ${y})`;
}

function box(x: number, y: number, width: number, height: number): number[] {
  return [x, y, x + width, y, x + width, y + height, x, y + height];
}

function circle(x: number, y: number, radius: number): number[] {
  return ring(28, () => radius).map((each, at) => Math.round(each + (at % 2 === 0 ? x : y)));
}

function star(outer: number, inner: number): number[] {
  return ring(10, (at) => (at % 2 === 0 ? outer : inner)).map((each) => Math.round(10 * each) / 10);
}

function ring(corners: number, radiusOf: (at: number) => number): number[] {
  return Array.from({ length: corners }, (_, at) => {
    const angle = (2 * Math.PI * at) / corners - Math.PI / 2;
    return [radiusOf(at) * Math.cos(angle), radiusOf(at) * Math.sin(angle)];
  }).flat();
}
