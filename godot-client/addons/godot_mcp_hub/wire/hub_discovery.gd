## Where the hub is and what opens it, as far as variables and the state directory say. Read anew at each attempt.
extends RefCounted

const HubDiscovery := preload("hub_discovery.gd")
const StateOwner := preload("state_owner.gd")

const LOOPBACK := "127.0.0.1"
const OWN_ADDRESSES: Array[String] = ["::1", "::", "0.0.0.0", "localhost"]

## Empty when no hub has announced itself.
var url: String = ""
## Proved to the hub, never sent.
var token: String = ""
## Changes whenever another hub, address or token is announced.
var fingerprint: String = ""
## Why nothing is asked at an address that was given without a token: it is not that of the hub whose token would have to do.
var stray: String = ""

var _given_url: String = OS.get_environment("GODOT_HUB_URL")
var _given_token: String = OS.get_environment("GODOT_HUB_TOKEN")
## What is believed of the state directory.
var _read_files: PackedStringArray = []


static func read() -> HubDiscovery:
	var found := HubDiscovery.new()
	var home := _state_directory()
	var hub_file := _text_of(home.path_join("hub.json"))
	var own_token := _text_of(home.path_join("token")).strip_edges()
	found.url = found._given_url
	found.token = found._given_token if not found._given_token.is_empty() else own_token
	found.fingerprint = "\n".join([found.url, found.token, own_token, hub_file]).sha256_text()
	if found.url.is_empty() or _is_this_machine(found.url):
		for file: String in [home.path_join("hub.json"), home.path_join("token")]:
			if FileAccess.file_exists(file):
				found._read_files.append(file)
		found._look_up(_members_of(hub_file), own_token)
	elif found._given_token.is_empty():
		found._read_files = [home.path_join("token")]
	return found


## Why none of this is believed: another account has a hand in the state directory. Empty where none has, and where address and
## token were given, which then count alone.
func fault() -> String:
	if _read_files.is_empty():
		return ""
	var found := StateOwner.fault_of(_state_directory(), _read_files, fingerprint)
	if found.is_empty() or _given_url.is_empty() or _given_token.is_empty():
		return found
	url = _given_url
	stray = ""
	return ""


## Host and port that are dialed.
func address() -> String:
	var host := _host_of(url)
	return "%s:%d" % ["[%s]" % host if host.contains(":") else host, _port_of(url)]


## What the state directory says of the address. On this machine it says where its hub is: another program may have that port of
## the other loopback address.
func _look_up(hub_file: Dictionary, own_token: String) -> void:
	var announced := str(hub_file.get("url", ""))
	if _given_url.is_empty() or (not announced.is_empty() and _port_of(_given_url) == str(hub_file.get("port")).to_int()):
		# A hub that speaks TLS proves who it is under the name that was given.
		url = _given_url if _given_url.begins_with("wss:") else announced
		return
	url = _without_localhost(_given_url)
	# Who gives both means a way to that hub by another port.
	if _given_token.is_empty() and not own_token.is_empty():
		stray = "No token is sent to %s: the hub of %s, whose token it is, %s." % [
			url, _state_directory(), "does not run" if announced.is_empty() else "listens at " + announced]


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


static func _members_of(hub_file: String) -> Dictionary:
	var json := JSON.new()
	if hub_file.is_empty() or json.parse(hub_file) != OK or not json.data is Dictionary:
		return {}
	return json.data


static func _is_this_machine(address: String) -> bool:
	var host := _host_of(address)
	return OWN_ADDRESSES.has(host) or host.begins_with("127.") or host.begins_with("::ffff:127.") or host.ends_with(".localhost") or IP.get_local_addresses().has(host)


## The same address without the name `localhost`: that means two addresses, and anybody may listen on the other one.
static func _without_localhost(address: String) -> String:
	var host := _host_of(address)
	if address.begins_with("wss:") or not (host == "localhost" or host.ends_with(".localhost")):
		return address
	return "ws://%s:%d" % [LOOPBACK, _port_of(address)]


## Without brackets, in lower case.
static func _host_of(address: String) -> String:
	var authority := _authority_of(address)
	var host := authority.get_slice("]", 0).trim_prefix("[") if authority.begins_with("[") else authority.get_slice(":", 0)
	return host.trim_suffix(".")


static func _port_of(address: String) -> int:
	var authority := _authority_of(address)
	var after := authority.get_slice("]", 1) if authority.begins_with("[") else authority
	if after.contains(":"):
		return int(after.get_slice(":", 1))
	return 443 if address.begins_with("wss:") else 80


static func _authority_of(address: String) -> String:
	return address.to_lower().get_slice("://", 1).get_slice("/", 0).get_slice("@", 0)


static func _text_of(path: String) -> String:
	var file := FileAccess.open(path, FileAccess.READ)
	return "" if file == null else file.get_as_text()
