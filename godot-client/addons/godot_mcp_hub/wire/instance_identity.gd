## What this editor says of itself when it meets a hub.
extends RefCounted

const InstanceIdentity := preload("instance_identity.gd")
const Protocol := preload("protocol.gd")
const FEATURES: Array[String] = ["journal", "events"]
## The hub takes an `identify` of 64 KiB: what does not fit well is told of afterwards.
const COMMAND_BYTES := 32 * 1024

## Random, and new with each journal: tells a reconnect from a restart.
var epoch: String = Crypto.new().generate_random_bytes(8).hex_encode()
var version: String = _own_version()
## Custom commands, as the hub is told of them.
var commands: Array[Dictionary] = []


func engine_version() -> String:
	var info := Engine.get_version_info()
	return "%d.%d.%d" % [info["major"], info["minor"], info["patch"]]


func project_name() -> String:
	var named: String = ProjectSettings.get_setting("application/config/name", "")
	return named if not named.is_empty() else project_path().get_file()


## Absolute path of the project's folder, without a slash at its end.
func project_path() -> String:
	return ProjectSettings.globalize_path("res://").trim_suffix("/")


## False where there is too much to say of the commands for an `identify`.
func fits_commands() -> bool:
	return Protocol.encode_value(commands).to_utf8_buffer().size() <= COMMAND_BYTES


func identify(resume_token: String) -> Dictionary:
	var message: Dictionary = {
		"type": "identify",
		"clientType": "godot",
		"clientVersion": version,
		"godotVersion": engine_version(),
		"protocolVersion": Protocol.VERSION,
		"maxMessageBytes": Protocol.MAX_MESSAGE_BYTES,
		"pid": OS.get_process_id(),
		"project": {"name": project_name(), "path": project_path()},
		"instance": {
			"epoch": epoch,
			"pid": OS.get_process_id(),
			"headless": DisplayServer.get_name() == "headless",
			"executable": OS.get_executable_path(),
		},
		"capabilities": {"commands": commands if fits_commands() else [], "features": FEATURES},
	}
	# A hub that started this editor recognises it by this, and may end it again.
	if OS.has_environment("GODOT_HUB_LAUNCH_ID"):
		message["instance"]["launchId"] = OS.get_environment("GODOT_HUB_LAUNCH_ID")
	if not resume_token.is_empty():
		message["resumeToken"] = resume_token
	return message


func user_agent() -> String:
	return "Godot/%s godot-mcp-hub/%s" % [engine_version(), version]


static func _own_version() -> String:
	var config := ConfigFile.new()
	var folder := (InstanceIdentity as Script).resource_path.get_base_dir().get_base_dir()
	return config.get_value("plugin", "version") \
			if config.load(folder.path_join("plugin.cfg")) == OK else "0"
