## The wire protocol of PROTOCOL.md: versions, codes, and how frames are read and written.
extends RefCounted

const VERSION := 1
const MAX_MESSAGE_BYTES := 32 * 1024 * 1024
const MAX_DEPTH := 128
const MAX_ID_LENGTH := 200
## The hub puts its own id of the sender before an id.
const MAX_WIRE_ID_LENGTH := MAX_ID_LENGTH + 100
## What is looked at of a frame that is no JSON, for its id.
const HEAD_LENGTH := 2048
const A_STRING := '"(?:[^"\\\\]|\\\\.)*+"'

const ERROR_CODES: Dictionary = {
	"PARSE_ERROR": -32700,
	"INVALID_REQUEST": -32600,
	"METHOD_NOT_FOUND": -32601,
	"INVALID_PARAMS": -32602,
	"INTERNAL_ERROR": -32603,
	"NO_SCENE_OPEN": -32000,
	"NOT_FOUND": -32001,
	"SCRIPT_COMPILE_FAILED": -32002,
	"NO_INSTANCE": -32010,
	"TARGET_NOT_FOUND": -32011,
	"TARGET_AMBIGUOUS": -32012,
	"INSTANCE_DISCONNECTED": -32013,
	"OUTCOME_UNKNOWN": -32014,
	"TIMEOUT": -32015,
	"CANCELLED": -32016,
	"BUSY": -32017,
	"LEASE_HELD": -32018,
	"FORBIDDEN": -32019,
	"RATE_LIMITED": -32020,
	"TOO_LARGE": -32021,
	"HUB_SHUTTING_DOWN": -32022,
	"VERSION_UNSUPPORTED": -32023,
	"CONFLICT": -32024,
}

## Kinds after which the same request may be sent again and can succeed.
const RETRYABLE: Array[String] = [
	"NO_INSTANCE",
	"TARGET_NOT_FOUND",
	"INSTANCE_DISCONNECTED",
	"BUSY",
	"LEASE_HELD",
	"RATE_LIMITED",
	"HUB_SHUTTING_DOWN",
]

const CLOSE_CODES: Dictionary = {
	"GOING_AWAY": 1001,
	"BAD_FRAME": 4400,
	"UNAUTHORIZED": 4401,
	"FORBIDDEN": 4403,
	"IDENTIFY_TIMEOUT": 4408,
	"REPLACED": 4409,
	"HEARTBEAT_TIMEOUT": 4410,
	"PROTOCOL_VERSION": 4426,
	"TOO_MANY": 4429,
	"SLOW_CONSUMER": 4430,
}

## Close codes after which a client must not reconnect by itself.
const TERMINAL_CLOSE_CODES: Array[int] = [4401, 4403, 4409, 4426]

const CommandResult := preload("../requests/command_result.gd")


## What stands in a frame: `{"message": Dictionary}`, or `{"id": Variant, "failure": CommandResult}`
## when it is no message of this protocol.
static func read_frame(text: String) -> Dictionary:
	var json := JSON.new()
	if json.parse(text) != OK:
		return _refused(_id_in_head(text), "PARSE_ERROR", "Not JSON: %s" % json.get_error_message())
	# What opens no more brackets than that cannot be deeper: few frames need the walk.
	if text.count("{") + text.count("[") > MAX_DEPTH and _is_deeper_than(json.data, MAX_DEPTH):
		var id: Variant = _readable_id(json.data) if json.data is Dictionary else null
		return _refused(id, "PARSE_ERROR", "Nested deeper than %d." % MAX_DEPTH)
	if not json.data is Dictionary:
		return _refused(null, "INVALID_REQUEST", "A frame must be one JSON object.")
	var message: Dictionary = json.data
	if not message.has("method") and (message.get("type") is String or message.has("error")
			or message.has("result")):
		return {"message": message}
	return _read_rpc(message)


static func encode(message: Dictionary) -> String:
	return _escape_controls(JSON.stringify(message, "", false, true))


## Text of a response; what the hub reads stands before the result, so that it can stop there.
static func encode_answer(id: Variant, result: CommandResult, trace: Dictionary = {}) -> String:
	var head := '{"jsonrpc":"2.0","id":' + encode_value(id)
	if trace.has("traceparent"):
		head += ',"traceparent":' + encode_value(trace["traceparent"])
	if not result.undo_step.is_empty():
		head += ',"undo":' + encode_value(result.undo_step)
	if result.may_be_kept:
		head += ',"keep":true'
	if not result.is_failure():
		return head + ',"result":' + encode_value(result.value) + "}"
	return head + ',"error":' + encode_value(error_object(result)) + "}"


## The trace context among the members of a request's context: `traceparent`, and `tracestate` if
## there is one; empty for none.
static func trace_of(context: Dictionary) -> Dictionary:
	var trace: Dictionary = {}
	for member: String in ["traceparent", "tracestate"]:
		if context.get(member) is String:
			trace[member] = context[member]
	return trace


static func encode_notification(method: String, params: Dictionary) -> String:
	return encode({"jsonrpc": "2.0", "method": method, "params": params})


static func encode_value(value: Variant) -> String:
	return _escape_controls(JSON.stringify(value, "", false, true))


static func error_object(failure: CommandResult) -> Dictionary:
	var data: Dictionary = {"kind": failure.kind, "retryable": RETRYABLE.has(failure.kind)}
	data.merge(failure.details)
	return {"code": ERROR_CODES[failure.kind], "message": failure.message, "data": data}


static func _read_rpc(message: Dictionary) -> Dictionary:
	var id: Variant = _readable_id(message)
	if message.get("jsonrpc") != "2.0":
		return _refused(id, "INVALID_REQUEST", "'jsonrpc' must be \"2.0\".")
	if not message.get("method") is String or (message["method"] as String).is_empty():
		return _refused(id, "INVALID_REQUEST", "'method' must be the name of a command.")
	if message.has("id") and id == null:
		return _refused(null, "INVALID_REQUEST",
				"'id' must be a string of 1 to %d characters, or an integer." % MAX_ID_LENGTH)
	if not message.get("params", {}) is Dictionary:
		return _refused(id, "INVALID_PARAMS", "'params' must be an object.")
	if not message.get("context", {}) is Dictionary:
		return _refused(id, "INVALID_REQUEST", "'context' must be an object.")
	for member: String in ["attempt", "deadlineMs"]:
		if message.has(member) and not _is_positive(message[member]):
			return _refused(id, "INVALID_REQUEST", "'%s' must be a positive number." % member)
	if message.has("epoch") and not message["epoch"] is String:
		return _refused(id, "INVALID_REQUEST", "'epoch' must be a string.")
	if id != null:
		message["id"] = id
	return {"message": message}


## The id as it will be sent back; null when there is none that can be read. JSON has no integers in
## Godot, only floats.
static func _readable_id(message: Dictionary) -> Variant:
	var id: Variant = message.get("id")
	if id is float and is_equal_approx(id, roundf(id)):
		return int(id)
	if id is String and not (id as String).is_empty() \
			and (id as String).length() <= MAX_WIRE_ID_LENGTH:
		return id
	return null


## The id of a frame that is one object by its brackets and yet no JSON, where it stands before all
## lists and objects, as the hub writes it.
static func _id_in_head(text: String) -> Variant:
	if _head == null:
		var plain := '\\s*+"(?!id")[^"\\\\]*+"\\s*+:\\s*+(?:%s|[-+.\\w]++)\\s*+,' % A_STRING
		_head = RegEx.create_from_string('^\\s*+\\{(?:%s)*+\\s*+"id"\\s*+:\\s*+(%s|-?\\d++)'
				% [plain, A_STRING])
		_strings = RegEx.create_from_string(A_STRING)
	var found := _head.search(text.left(HEAD_LENGTH))
	var bare := _strings.sub(text, "", true)
	var json := JSON.new()
	if found == null or bare.count("{") != bare.count("}") or json.parse(found.get_string(1)) != OK:
		return null
	return _readable_id({"id": json.data})


static func _is_positive(value: Variant) -> bool:
	return value is float and value > 0.0


static func _refused(id: Variant, kind: String, text: String) -> Dictionary:
	return {"id": id, "failure": CommandResult.failed(kind, text)}


static func _is_deeper_than(value: Variant, levels: int) -> bool:
	if not (value is Dictionary or value is Array):
		return false
	if levels == 0:
		return true
	var children: Array = (value as Dictionary).values() if value is Dictionary else value
	for child: Variant in children:
		if (child is Dictionary or child is Array) and _is_deeper_than(child, levels - 1):
			return true
	return false


## The engine's JSON leaves most control characters as they are and writes the vertical tab as \v;
## JSON allows neither.
static func _escape_controls(json: String) -> String:
	if _controls == null:
		_controls = RegEx.create_from_string("[\\x{01}-\\x{1f}]")
		_vertical_tab = RegEx.create_from_string("(?<!\\\\)((?:\\\\\\\\)*)\\\\v")
	if json.contains("\\v"):
		json = _vertical_tab.sub(json, "$1\\u000b", true)
	if _controls.search(json) == null:
		return json
	for code: int in range(1, 32):
		json = json.replace(char(code), "\\u%04x" % code)
	return json


static var _controls: RegEx = null
static var _head: RegEx = null
static var _strings: RegEx = null
static var _vertical_tab: RegEx = null
