/** A project of two thousand files whose references are known, written by rule. */

/** So many of each: scripts, scenes, data files; chains of scenes have ten links. */
const COUNT = 480;
const CHAIN = 10;
const SPARE = 300;
const LEVELS = 260;

/** The scene from which the large project begins. */
export const LARGE_MAIN = "res://big/main.tscn";

/** Paths below res:// of its files, with their texts. */
export function largeProject(): Record<string, string> {
  const files: Record<string, string> = { "big/main.tscn": mainScene() };
  for (let index = 0; index < COUNT; index += 1) {
    files[`big/scripts/s${index}.gd`] = script(index);
    files[`big/scenes/n${index}.tscn`] = scene(index);
    files[`big/data/d${index}.tres`] = '[gd_resource type="Gradient" format=3]\n\n[resource]\n';
  }
  for (let index = 0; index < SPARE; index += 1)
    files[`big/spare/x${index}.tres`] = '[gd_resource type="Curve" format=3]\n\n[resource]\n';
  for (let index = 0; index < LEVELS; index += 1)
    files[`big/levels/l${index}.tres`] = '[gd_resource type="Curve" format=3]\n\n[resource]\n';
  return files;
}

/** What nothing refers to. The levels are loaded by a path that a script puts together. */
export const SPARE_FILES = Array.from({ length: SPARE }, (_, index) => `res://big/spare/x${index}.tres`).toSorted();
export const LEVEL_COUNT = LEVELS;

function mainScene(): string {
  const starts = Array.from({ length: COUNT / CHAIN }, (_, chain) => chain * CHAIN);
  const heads = starts.map(
    (index) => `[ext_resource type="PackedScene" path="res://big/scenes/n${index}.tscn" id="${index}"]`,
  );
  const nodes = starts.map((index) => `[node name="N${index}" parent="." instance=ExtResource("${index}")]`);
  return `[gd_scene format=3]\n\n${heads.join("\n")}\n\n[node name="Main" type="Node2D"]\n\n${nodes.join("\n\n")}\n`;
}

/** Each has its script, and but for the last of a chain it contains the next one. */
function scene(index: number): string {
  const isLast = index % CHAIN === CHAIN - 1;
  const next = `[ext_resource type="PackedScene" path="res://big/scenes/n${index + 1}.tscn" id="2"]\n`;
  const child = '\n[node name="Next" parent="." instance=ExtResource("2")]\n';
  return `[gd_scene format=3]

[ext_resource type="Script" path="res://big/scripts/s${index}.gd" id="1"]
${isLast ? "" : next}
[node name="N${index}" type="Node2D"]
script = ExtResource("1")
${isLast ? "" : child}`;
}

/** Each preloads its data file; one puts the paths of the levels together. */
function script(index: number): string {
  const levels =
    index === 0
      ? '\n\nfunc level(number: int) -> Resource:\n\treturn load("res://big/levels/l%d.tres" % number)\n'
      : "";
  return `class_name Big${index}
extends Node2D

const DATA := preload("res://big/data/d${index}.tres")

@export var speed: float = ${index}.0


func _process(delta: float) -> void:
	position.x += speed * delta
${levels}`;
}
