/** A project of scripts, scenes, resources and shaders, of the size that games have them, written by rule. */

/** Where its files are, below res://. */
export const BULK_FOLDER = "bulk";

/** A game of about four files for each of `count`. */
export function bulkProject(count: number): Record<string, string> {
  const files: Record<string, string> = {
    "bulk/noise.gdshaderinc": "float noise(vec2 at) {\n\treturn fract(sin(dot(at, vec2(12.9, 78.2))) * 43758.5);\n}\n",
  };
  for (let index = 0; index < count; index += 1) {
    files[`bulk/scripts/unit_${index}.gd`] = script(index, count);
    files[`bulk/scenes/unit_${index}.tscn`] = scene(index);
    files[`bulk/data/unit_${index}.tres`] = resource(index);
    files[`bulk/shaders/unit_${index}.gdshader`] =
      `shader_type canvas_item;\n#include "res://bulk/noise.gdshaderinc"\nuniform float speed = ${index}.0;\n\nvoid fragment() {\n\tCOLOR.rgb *= noise(UV * speed + TIME);\n}\n`;
  }
  return files;
}

function script(index: number, count: number): string {
  const methods = Array.from(
    { length: 12 },
    (_, each) => `
func act_${each}(amount: float, names: Array[String] = []) -> Dictionary:
	var found: Dictionary = {}
	for name: String in names:
		if name.begins_with("unit") and amount > ${each}.0:
			found[name] = amount * speed
		elif name.length() > ${each}:
			found[name] = position.distance_to(Vector2(amount, ${each}))
	if found.is_empty() and rival != null:
		return rival.act_${each}(amount - 1.0, names)
	return found
`,
  ).join("\n");
  return `class_name Unit${index}
extends Node2D
## One of many.

signal acted(amount: float)

const DATA := preload("res://bulk/data/unit_${index}.tres")

@export var speed: float = ${index}.0
@export var rival: Unit${(index * 7) % count}
var _steps: Array[int] = [1, 2, 3]

${methods}

func _process(delta: float) -> void:
	position.x += speed * delta
	_steps.append(int(position.x))
	acted.emit(speed)
`;
}

function scene(index: number): string {
  const nodes = Array.from(
    { length: 15 },
    (_, each) =>
      `[node name="N${each}" type="Sprite2D" parent="."]\nposition = Vector2(${each}, ${index})\nrotation = 0.${each}\nz_index = ${each}\n`,
  ).join("\n");
  return `[gd_scene format=3]

[ext_resource type="Script" path="res://bulk/scripts/unit_${index}.gd" id="1"]
[ext_resource type="Shader" path="res://bulk/shaders/unit_${index}.gdshader" id="2"]

[sub_resource type="ShaderMaterial" id="m"]
shader = ExtResource("2")

[node name="Unit" type="Node2D"]
material = SubResource("m")
script = ExtResource("1")

${nodes}`;
}

function resource(index: number): string {
  const points = Array.from({ length: 20 }, (_, each) => `${each / 20}`).join(", ");
  const colors = Array.from({ length: 80 }, (_, each) => `0.${(each + index) % 10}`).join(", ");
  return `[gd_resource type="Gradient" format=3]\n\n[resource]\noffsets = PackedFloat32Array(${points})\ncolors = PackedColorArray(${colors})\n`;
}
