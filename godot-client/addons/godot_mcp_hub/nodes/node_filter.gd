## Which nodes a request asks for: by `name`, `type`, `group`, `script`, `property` and `value`, those of them that it gives.
extends RefCounted

const ClassNames := preload("../scripts/class_names.gd")
const CommandRequest := preload("../requests/command_request.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const Permissions := preload("../requests/permissions.gd")
const PropertyInfos := preload("../values/property_infos.gd")
const PropertyParser := preload("../values/property_parser.gd")
const ScriptLineage := preload("../reading/script_lineage.gd")
const StoredValues := preload("../reading/stored_values.gd")
const Wildcards := preload("../texts/wildcards.gd")

var _root: Node
var _request: CommandRequest


func _init(root: Node, request: CommandRequest) -> void:
	_root = root
	_request = request


## Whether a node is what the request asks for.
func fits(node: Node) -> bool:
	if _request.has("name") and not Wildcards.fits(String(node.get_name()), _request.text("name")):
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
	return script != null and ScriptLineage.has(script, "path", _request.text("script"))


func _fits_property(node: Node) -> bool:
	if not _request.has("property"):
		return true
	var name := _request.text("property")
	var info := PropertyInfos.find(node, name, false)
	if info.is_empty():
		return false
	if not _request.has("value"):
		return true
	var value: Variant = StoredValues.read(node, name)
	var parser := PropertyParser.new(_root, Permissions.for_reading())
	var parsed := parser.parse(_request.params["value"], info, value)
	return parsed.fits() and _is_same(parsed.value, value)


## A resource is the same wherever it was loaded.
static func _is_same(wanted: Variant, value: Variant) -> bool:
	if wanted is Resource and value is Resource and not DormantFiles.path_of(wanted).is_empty():
		return DormantFiles.path_of(wanted) == DormantFiles.path_of(value)
	return type_convert(wanted, typeof(value)) == value \
			and (typeof(wanted) == typeof(value) or not wanted is Object)
