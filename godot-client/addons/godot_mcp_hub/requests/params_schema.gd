## Checks values against the part of JSON Schema that parameters of custom commands may use.
@tool
extends RefCounted

const TYPES: Dictionary = {
	"string": [TYPE_STRING],
	"integer": [TYPE_INT, TYPE_FLOAT],
	"number": [TYPE_INT, TYPE_FLOAT],
	"boolean": [TYPE_BOOL],
	"array": [TYPE_ARRAY],
	"object": [TYPE_DICTIONARY],
}
const KEYWORDS: Array[String] = [
	"type", "title", "description", "default", "enum", "minimum", "maximum", "minLength",
	"maxLength", "minItems", "maxItems", "items",
	"properties", "required", "additionalProperties",
]


## The error in a schema for parameters; empty when there is none.
static func flaw(schema: Dictionary) -> String:
	if schema.is_empty():
		return ""
	return "the schema's 'type' must be \"object\"." if schema.get("type") != "object" \
			else _flaw_of(schema, "the schema")


## The errors in `value`; empty when it fits. Whole numbers where integers are meant become
## integers in place.
static func misfit(value: Variant, schema: Dictionary, where: String) -> String:
	var type: Variant = schema.get("type")
	if type != null and not (TYPES[type] as Array).has(typeof(value)):
		return "'%s' must be of type %s." % [where, type]
	if type == "integer" and value != floor(value):
		return "'%s' must be of type integer." % where
	if schema.has("enum") and not (schema["enum"] as Array).has(value):
		return "'%s' must be one of %s." % [where, JSON.stringify(schema["enum"])]
	if value is String:
		return _misfit_of_size((value as String).length(), schema, "Length", where)
	if value is Array:
		var problem := _misfit_of_size((value as Array).size(), schema, "Items", where)
		return problem if not problem.is_empty() else _misfit_of_items(value, schema, where)
	if value is Dictionary:
		return _misfit_of_members(value, schema, where)
	if (value is int or value is float) and (value < schema.get("minimum", value)
			or value > schema.get("maximum", value)):
		return "'%s' must be between %s and %s." % [where, schema.get("minimum", "any"),
				schema.get("maximum", "any")]
	return ""


static func _misfit_of_size(size: int, schema: Dictionary, unit: String, where: String) -> String:
	var least: int = schema.get("min" + unit, 0)
	var most: int = schema.get("max" + unit, size)
	return "" if size >= least and size <= most else "'%s' must have %d to %d %s." % [where, least,
			most, "characters" if unit == "Length" else "items"]


static func _misfit_of_items(values: Array, schema: Dictionary, where: String) -> String:
	for index: int in values.size():
		var items: Dictionary = schema.get("items", {})
		var problem := misfit(values[index], items, "%s[%d]" % [where, index])
		if not problem.is_empty():
			return problem
		values[index] = _exact(values[index], items)
	return ""


static func _misfit_of_members(value: Dictionary, schema: Dictionary, where: String) -> String:
	var properties: Dictionary = schema.get("properties", {})
	for name: String in schema.get("required", []):
		if not value.has(name):
			return "'%s' needs '%s'." % [where, name]
	for name: String in value:
		if not properties.has(name):
			if schema.get("additionalProperties", false):
				continue
			return "'%s' has no '%s'; it has: %s." % [where, name,
					", ".join(PackedStringArray(properties.keys()))]
		var problem := misfit(value[name], properties[name],
				name if where == "params" else "%s.%s" % [where, name])
		if not problem.is_empty():
			return problem
		value[name] = _exact(value[name], properties[name])
	return ""


## JSON has no integers in Godot, only floats.
static func _exact(value: Variant, schema: Dictionary) -> Variant:
	return int(value) if schema.get("type") == "integer" else value


static func _flaw_of(schema: Dictionary, where: String) -> String:
	for keyword: Variant in schema:
		if not KEYWORDS.has(keyword):
			return "%s has '%s', which is not checked here." % [where, keyword]
	if schema.has("type") and not TYPES.has(schema["type"]):
		return "%s has the type %s." % [where, JSON.stringify(schema["type"])]
	if not schema.get("properties", {}) is Dictionary or not schema.get("required", []) is Array \
			or not schema.get("enum", []) is Array:
		return "%s needs an object in 'properties' and arrays in 'required' and 'enum'." % where
	var parts: Dictionary = (schema.get("properties", {}) as Dictionary).duplicate()
	if schema.has("items"):
		parts["items"] = schema["items"]
	for name: Variant in parts:
		var problem := _flaw_of(parts[name], "'%s'" % name) if parts[name] is Dictionary \
				else "'%s' is no schema." % name
		if not problem.is_empty():
			return problem
	return ""
