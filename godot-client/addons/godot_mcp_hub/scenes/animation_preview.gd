## Plays animations in the editor as a preview: what they move gets its values back when they stop.
extends RefCounted

## By instance id of a player: entries [node, property path, value] of what was before.
var _kept: Dictionary = {}


func play(player: AnimationPlayer, name: String, speed: float, from: float) -> void:
	stop(player)
	_kept[player.get_instance_id()] = _values_before(player, player.get_animation(name))
	player.play(name, -1, speed, speed < 0.0)
	if from > 0.0:
		player.seek(from, true)


## Stops the player and puts back what it has moved. Whether it played.
func stop(player: AnimationPlayer) -> bool:
	var was_playing := player.is_playing()
	player.stop(true)
	for entry: Array in _kept.get(player.get_instance_id(), []):
		if is_instance_valid(entry[0]):
			(entry[0] as Node).set_indexed(entry[1], entry[2])
	_kept.erase(player.get_instance_id())
	return was_playing


## Ends every preview in the scene of `root`: nothing of one may be saved or undone into.
func stop_all(root: Node) -> void:
	for id: int in _kept.keys():
		var player := instance_from_id(id) as AnimationPlayer
		if player == null:
			_kept.erase(id)
		elif player == root or root.is_ancestor_of(player):
			stop(player)


func dispose() -> void:
	for id: int in _kept.keys():
		var player := instance_from_id(id) as AnimationPlayer
		if player != null:
			stop(player)


static func _values_before(player: AnimationPlayer, animation: Animation) -> Array[Array]:
	var values: Array[Array] = []
	var base := player.get_node_or_null(player.root_node)
	for track: int in animation.get_track_count() if base != null else 0:
		var path := animation.track_get_path(track)
		var node := base.get_node_or_null(NodePath(path.get_concatenated_names()))
		if node == null:
			continue
		var property := String(path.get_concatenated_subnames())
		if animation.track_get_type(track) in [Animation.TYPE_POSITION_3D,
				Animation.TYPE_ROTATION_3D, Animation.TYPE_SCALE_3D]:
			property = "transform"
		if not property.is_empty():
			values.append([node, NodePath(property), node.get_indexed(NodePath(property))])
	values.reverse()
	return values
