## Where a copy of a scene stands while its picture is taken: in a world that nothing else sees, at
## rest.
extends SubViewport

const PictureStage := preload("picture_stage.gd")

const WIDTH := "display/window/size/viewport_width"
const HEIGHT := "display/window/size/viewport_height"


## Takes over the copy. The stage is to be put into the tree, and freed.
static func with(copy: Node) -> PictureStage:
	var stage := PictureStage.new()
	stage.own_world_3d = true
	stage.gui_embed_subwindows = true
	stage.gui_disable_input = true
	stage.process_mode = Node.PROCESS_MODE_DISABLED
	stage.render_target_update_mode = SubViewport.UPDATE_DISABLED
	stage.size = Vector2i(ProjectSettings.get_setting(WIDTH, 1152),
			ProjectSettings.get_setting(HEIGHT, 648))
	stage.add_child(copy)
	if copy.find_children("*", "Light3D", true, false).is_empty():
		stage._light()
	return stage


## As the editor's own view does where a scene brings no light.
func _light() -> void:
	var sun := DirectionalLight3D.new()
	sun.rotation_degrees = Vector3(-60.0, 30.0, 0.0)
	add_child(sun)
