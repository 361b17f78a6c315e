## Test methods of scripts as the engine sees them: those that they inherit, and names in any
## alphabet, too.
extends RefCounted

const PREFIX := "test_"

## How often each script lists each of its test methods: one that overrides another one is listed
## twice.
var _counts: Dictionary = {}


## The script in which each test method of `script` is written, by name: itself or one that it
## extends. Its own ones stand first.
func owners_in(script: Script) -> Dictionary:
	var owners: Dictionary = {}
	for name: String in _counts_in(script):
		var owner := script
		while owner.get_base_script() != null \
				and _counts_in(owner)[name] == _counts_in(owner.get_base_script()).get(name, 0):
			owner = owner.get_base_script()
		owners[name] = owner
	return owners


## Names of the test methods of `script` that can be called without arguments.
static func callable_in(script: Script) -> Array[String]:
	var names: Array[String] = []
	for method: Dictionary in script.get_script_method_list():
		var needs_arguments := (method["args"] as Array) \
				.size() > (method["default_args"] as Array).size()
		if str(method["name"]).begins_with(PREFIX) and not needs_arguments \
				and not names.has(method["name"]):
			names.append(method["name"])
	return names


func _counts_in(script: Script) -> Dictionary:
	if not _counts.has(script):
		var counts: Dictionary = {}
		for method: Dictionary in script.get_script_method_list():
			var name: String = method["name"]
			if name.begins_with(PREFIX):
				counts[name] = counts.get(name, 0) + 1
		_counts[script] = counts
	return _counts[script]
