## Which nodes a request asks for: by `name`, `type`, `group`, `script`, `property` and `value`, those of them that it gives.
extends RefCounted

const ClassNames := preload("class_names.gd")
const CommandRequest := preload("../command_request.gd")
const Permissions := preload("permissions.gd")
const PropertyInfos := preload("property_infos.gd")
const PropertyParser := preload("property_parser.gd")

var _root: Node
var _request: CommandRequest


func _init(root: Node, request: CommandRequest) -> void:
	_root = root
	_request = request


## Whether a node is what the request asks for.
func fits(node: Node) -> bool:
	if _request.has("name") and not String(node.name).matchn(_request.text("name")):
		return false
	if _request.has("type") and not ClassNames.is_a(node, _request.text("type")):
		return false
	if _request.has("group") and not node.is_in_group(_request.text("group")):
		return false
	return _fits_script(node) and _fits_property(node)


func _fits_script(node: Node) -> bool:
	if not _request.has("script"):
		return true
	var script: Script = node.get_script()
	while script != null:
		if script.resource_path == _request.text("script"):
			return true
		script = script.get_base_script()
	return false


func _fits_property(node: Node) -> bool:
	if not _request.has("property"):
		return true
	var name := _request.text("property")
	var info := PropertyInfos.find(node, name)
	if info.is_empty():
		return false
	if not _request.has("value"):
		return true
	var parsed := PropertyParser.new(_root, Permissions.for_reading()).parse(_request.params["value"], info, node.get(name))
	return parsed.fits() and parsed.value == node.get(name)
