## Tells how many arguments a connection gives to its method.
## Godot: 4.3, whose callables do not tell how many arguments they leave out.
## Remove when: the addon needs Godot 4.4, which has Callable.get_unbound_arguments_count().
extends RefCounted


## How many of the signal's last arguments a callable leaves out. Asked without a type: the method
## came with 4.4.
static func unbinds_of(callable: Variant) -> int:
	return callable.get_unbound_arguments_count() if Engine.get_version_info()["hex"] >= 0x040400 \
			else 0


static func count_of_signal(node: Node, signal_name: String) -> int:
	for info: Dictionary in node.get_signal_list():
		if info["name"] == signal_name:
			return (info["args"] as Array).size()
	return 0
