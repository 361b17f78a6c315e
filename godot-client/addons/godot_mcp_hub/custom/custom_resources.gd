## The resources that the project's own code has registered.
@tool
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const CustomResource := preload("custom_resource.gd")
const NearNames := preload("../texts/near_names.gd")

const MAX_RESOURCES := 500
const MAX_DESCRIPTION := 1000
const MIME_TYPE := "^[\\w.+-]{1,60}/[\\w.+-]{1,60}$"

var _resources: Dictionary = {}


func register(uri: String, description: String, handler: Callable, mime_type: String) -> Error:
	var flaw := _flaw(uri, description, handler, mime_type)
	if not flaw.is_empty():
		push_error("The resource '%s' cannot be registered: %s" % [uri, flaw])
		return ERR_INVALID_PARAMETER
	_resources[uri] = CustomResource.new(uri, description, mime_type, handler)
	return OK


func unregister(uri: String) -> void:
	_resources.erase(uri)


## What agents are told of each that is alive.
func describe() -> Array[Dictionary]:
	_drop_orphans()
	var described: Array[Dictionary] = []
	for resource: CustomResource in _resources.values():
		described.append(resource.describe())
	return described


## Reads what an address names: the resource of just this address, else the first template that it fits.
func read(address: String, request: CommandRequest) -> CommandResult:
	if address.length() > CustomResource.MAX_LENGTH:
		return CommandResult.failed("INVALID_PARAMS", "'uri' must be at most %d characters long." % CustomResource.MAX_LENGTH)
	_drop_orphans()
	var resource: CustomResource = _resources.get(address)
	if resource == null or resource.is_template():
		resource = _fitting(address)
	if resource != null:
		return await resource.read(address, request)
	var near := NearNames.of(address.left(CustomResource.MAX_TEMPLATE_LENGTH), _resources.keys())
	return CommandResult.failed("NOT_FOUND", "There is no resource '%s' of this project." % address,
			("custom.list_resources lists them. " + NearNames.question(near)).strip_edges(), near)


func _fitting(address: String) -> CustomResource:
	for resource: CustomResource in _resources.values():
		if resource.is_template() and resource.params_of(address) != null:
			return resource
	return null


func _drop_orphans() -> void:
	for uri: String in _resources.keys():
		if not (_resources[uri] as CustomResource).is_alive():
			_resources.erase(uri)


func _flaw(uri: String, description: String, handler: Callable, mime_type: String) -> String:
	if not handler.is_valid():
		return "its handler cannot be called."
	if not mime_type.is_empty() and RegEx.create_from_string(MIME_TYPE).search(mime_type) == null:
		return "'%s' is no media type." % mime_type
	if description.length() > MAX_DESCRIPTION:
		return "its description has more than %d characters." % MAX_DESCRIPTION
	if not _resources.has(uri) and _resources.size() >= MAX_RESOURCES:
		return "there are %d already." % MAX_RESOURCES
	return CustomResource.flaw(uri)
