## Where the hub is and what opens it, as far as variables and the state directory say. Read anew at each attempt.
extends RefCounted

const HubDiscovery := preload("hub_discovery.gd")
const StateOwner := preload("state_owner.gd")

## Empty when no hub has announced itself.
var url: String = ""
var token: String = ""
## When the hub was started that hub.json speaks of; empty for an address that was given, and for a hub that takes no proofs.
var started_at: String = ""
## Changes whenever another hub, address or token is announced.
var fingerprint: String = ""

## What has been read of the state directory; empty where variables say all.
var _read_files: PackedStringArray = []


static func read() -> HubDiscovery:
	var found := HubDiscovery.new()
	var home := _state_directory()
	var hub_file := _text_of(home.path_join("hub.json"))
	found.url = OS.get_environment("GODOT_HUB_URL")
	if found.url.is_empty():
		found._read_files.append(home.path_join("hub.json"))
		found.url = _member_of(hub_file, "url")
		if _member_of(hub_file, "proof") == "true":
			found.started_at = _member_of(hub_file, "startedAt")
	found.token = OS.get_environment("GODOT_HUB_TOKEN")
	if found.token.is_empty():
		found._read_files.append(home.path_join("token"))
		found.token = _text_of(home.path_join("token")).strip_edges()
	found.fingerprint = (found.url + "\n" + found.token + "\n" + hub_file).sha256_text()
	return found


## Why none of this is believed: another account has a hand in the state directory. Empty where none has.
func fault() -> String:
	return "" if _read_files.is_empty() else StateOwner.fault_of(_state_directory(), _read_files, fingerprint)


## Whom a hub that speaks TLS is believed: an authority that the engine knows, or the one whose certificate GODOT_HUB_TLS_CA
## names. That is the hub's own as a rule, and proves the hub whatever name it was made out for. Null when it can't be read.
static func trust() -> TLSOptions:
	var path := OS.get_environment("GODOT_HUB_TLS_CA")
	if path.is_empty():
		return TLSOptions.client()
	var certificate := X509Certificate.new()
	return TLSOptions.client_unsafe(certificate) if certificate.load(path) == OK else null


static func _state_directory() -> String:
	var home := OS.get_environment("GODOT_HUB_HOME")
	if not home.is_empty():
		return home
	# On Windows only some shells set HOME, and an editor that was started from one must find the same hub as all others.
	var user := OS.get_environment("USERPROFILE" if OS.has_feature("windows") else "HOME")
	return user.path_join(".godot-hub")


static func _member_of(hub_file: String, member: String) -> String:
	var json := JSON.new()
	if hub_file.is_empty() or json.parse(hub_file) != OK or not json.data is Dictionary:
		return ""
	return str((json.data as Dictionary).get(member, ""))


static func _text_of(path: String) -> String:
	var file := FileAccess.open(path, FileAccess.READ)
	return "" if file == null else file.get_as_text()
