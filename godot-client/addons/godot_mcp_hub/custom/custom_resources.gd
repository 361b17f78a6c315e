## The resources that the project's own code has registered.
@tool
extends RefCounted

const CustomHandler := preload("custom_commands.gd").CustomHandler
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const NearNames := preload("../texts/near_names.gd")
const PropertyValues := preload("../values/property_values.gd")

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


## The description of each that is alive, for agents.
func describe() -> Array[Dictionary]:
	_drop_orphans()
	var described: Array[Dictionary] = []
	for resource: CustomResource in _resources.values():
		described.append(resource.describe())
	return described


## Reads what an address names: the resource of just this address, else the first template that it
## fits.
func read(address: String, request: CommandRequest) -> CommandResult:
	if address.length() > CustomResource.MAX_LENGTH:
		return CommandResult.failed("INVALID_PARAMS",
				"'uri' must be at most %d characters long." % CustomResource.MAX_LENGTH)
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


## A resource of the project's own code: one address, or a template that many addresses fit.
class CustomResource extends RefCounted:
	const SCHEME := "custom://"
	## Characters of an address that is read, and of what is registered.
	const MAX_LENGTH := 1000
	const MAX_TEMPLATE_LENGTH := 200
	## Characters of what is read, bytes as base64.
	const MAX_LENGTH_READ := 8 * 1024 * 1024
	## A part between two slashes, with at most one parameter; only the last may take slashes, too.
	## So no address is slow to compare.
	const PART := "[A-Za-z0-9_.~:@,=%-]*"
	const TEMPLATE := "^custom://(?!$)(?:PART(?:\\{[A-Za-z]\\w{0,39}\\}PART)?/)*(?:PART(?:\\{[A-Za-z]\\w{0,39}\\}PART)?|\\{\\+[A-Za-z]\\w{0,39}\\})$"
	const PARAMETER := "\\{(\\+?)(\\w+)\\}"

	## The address, or the template.
	var uri: String
	var description: String
	var mime_type: String
	var _handler: CustomHandler
	## Names of the template's parameters.
	var _names := PackedStringArray()
	var _pattern := RegEx.new()

	func _init(address: String, about: String, mime: String, callable: Callable) -> void:
		uri = address
		description = about
		mime_type = mime
		_handler = CustomHandler.new(callable)
		_read_template()

	## The error in an address or a template; empty when there is none.
	static func flaw(address: String) -> String:
		if address.length() > MAX_TEMPLATE_LENGTH:
			return "it has more than %d characters." % MAX_TEMPLATE_LENGTH
		if RegEx.create_from_string(TEMPLATE.replace("PART", PART)).search(address) == null:
			return "it must be custom://..., with at most one {parameter} between two slashes; {+parameter} may end it."
		var names: Dictionary = {}
		for found: RegExMatch in RegEx.create_from_string(PARAMETER).search_all(address):
			if names.has(found.get_string(2)):
				return "it has the parameter '%s' twice." % found.get_string(2)
			names[found.get_string(2)] = true
		return ""

	func is_alive() -> bool:
		return _handler.is_alive()

	func is_template() -> bool:
		return not _names.is_empty()

	func describe() -> Dictionary:
		var address := "uriTemplate" if is_template() else "uri"
		var described: Dictionary = {address: uri, "name": uri.trim_prefix(SCHEME),
				"description": description}
		if not mime_type.is_empty():
			described["mimeType"] = mime_type
		return described

	## The parameters of an address; null when it is not of this resource.
	func params_of(address: String) -> Variant:
		var found := _pattern.search(address)
		if found == null:
			return null
		var params: Dictionary = {}
		for index: int in _names.size():
			params[_names[index]] = found.get_string(index + 1).uri_decode()
		return params

	## Reads it at an address that fits.
	func read(address: String, request: CommandRequest) -> CommandResult:
		var content: Variant = await _handler.answer(params_of(address), request)
		if content is CommandResult:
			return content
		var result: Dictionary = {"uri": address}
		if content is PackedByteArray:
			result.merge({"mimeType": _mime_type_or("application/octet-stream"),
					"blob": Marshalls.raw_to_base64(content)})
		elif content is String:
			result.merge({"mimeType": _mime_type_or("text/plain"), "text": content})
		elif content is Dictionary or content is Array:
			result.merge({"mimeType": _mime_type_or("application/json"), "text": _json(content)})
		else:
			return CommandResult.failed("INTERNAL_ERROR",
					"%s returned %s instead of a text, data or bytes."
					% [uri, type_string(typeof(content))],
					"Its handler must return a String, a Dictionary, an Array or a PackedByteArray; the editor's output shows whether it broke off.")
		var size := (result.get("text", result.get("blob")) as String).length()
		if size > MAX_LENGTH_READ:
			return CommandResult.failed("TOO_LARGE",
					"%s has %d characters; %d may be read." % [address, size, MAX_LENGTH_READ],
					"Let it be a template that reads a part.")
		return CommandResult.succeeded(result)

	func _mime_type_or(usual: String) -> String:
		return mime_type if not mime_type.is_empty() else usual

	static func _json(content: Variant) -> String:
		return JSON.stringify(PropertyValues.to_json(content,
				EditorInterface.get_edited_scene_root()), "  ", false, true)

	## Makes the expression that its addresses fit.
	func _read_template() -> void:
		var expression := ""
		var end := 0
		for found: RegExMatch in RegEx.create_from_string(PARAMETER).search_all(uri):
			expression += "\\Q%s\\E" % uri.substr(end, found.get_start() - end)
			expression += "([^?#]+)" if found.get_string(1) == "+" else "([^/?#]+)"
			_names.append(found.get_string(2))
			end = found.get_end()
		_pattern.compile("^%s\\Q%s\\E$" % [expression, uri.substr(end)])
