## Where the hub is and what opens it, as far as variables and the state directory say. Read anew at
## each attempt.
extends RefCounted

const HubDiscovery := preload("hub_discovery.gd")

const LOOPBACK := "127.0.0.1"
const OWN_ADDRESSES: Array[String] = ["::1", "::", "0.0.0.0", "localhost"]

## Empty when no hub has announced itself.
var url: String = ""
## Proved to the hub, never sent.
var token: String = ""
## Changes whenever another hub, address or token is announced.
var fingerprint: String = ""
## Why nothing is asked at an address that was given without a token: it is not that of the hub
## whose token would have to do.
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


## Why none of this is believed: another account has a hand in the state directory. Empty where none
## has, and where address and token were given, which then count alone.
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


## What the state directory says of the address. On this machine it says where its hub is: another
## program may have that port of the other loopback address.
func _look_up(hub_file: Dictionary, own_token: String) -> void:
	var announced := str(hub_file.get("url", ""))
	if _given_url.is_empty() or (not announced.is_empty()
			and _port_of(_given_url) == str(hub_file.get("port")).to_int()):
		# A hub that speaks TLS proves who it is under the name that was given.
		url = _given_url if _given_url.begins_with("wss:") else announced
		return
	url = _without_localhost(_given_url)
	# Who gives both means a way to that hub by another port.
	if _given_token.is_empty() and not own_token.is_empty():
		stray = "No token is sent to %s: the hub of %s, whose token it is, %s." % [
			url, _state_directory(), "does not run" if announced.is_empty()
			else "listens at " + announced]


## Whom a hub that speaks TLS is believed: an authority that the engine knows, or the one whose
## certificate GODOT_HUB_TLS_CA names. That is the hub's own as a rule, and proves the hub whatever
## name it was made out for. Null when it can't be read.
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
	# On Windows only some shells set HOME, and an editor that was started from one must find the
	# same hub as all others.
	var user := OS.get_environment("USERPROFILE" if OS.has_feature("windows") else "HOME")
	return user.path_join(".godot-hub")


static func _members_of(hub_file: String) -> Dictionary:
	var json := JSON.new()
	if hub_file.is_empty() or json.parse(hub_file) != OK or not json.data is Dictionary:
		return {}
	return json.data


static func _is_this_machine(address: String) -> bool:
	var host := _host_of(address)
	return OWN_ADDRESSES.has(host) or host.begins_with("127.") or host.begins_with("::ffff:127.") \
			or host.ends_with(".localhost") or IP.get_local_addresses().has(host)


## The same address without the name `localhost`: that means two addresses, and anybody may listen
## on the other one.
static func _without_localhost(address: String) -> String:
	var host := _host_of(address)
	if address.begins_with("wss:") or not (host == "localhost" or host.ends_with(".localhost")):
		return address
	return "ws://%s:%d" % [LOOPBACK, _port_of(address)]


## Without brackets, in lower case.
static func _host_of(address: String) -> String:
	var authority := _authority_of(address)
	var host := authority.get_slice("]", 0).trim_prefix("[") if authority.begins_with("[") \
			else authority.get_slice(":", 0)
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


## Whose the state directory is: another account that can put a file into it decides which hub this
## editor obeys. As `hub-client/state-owner.ts` of the hub has it. Where files have no owners, as on
## Windows, nothing is asked.
class StateOwner extends RefCounted:
	## What `stat` is asked for: the owner's number and the mode, by the system's own way of saying
	## so.
	const FORMATS: Dictionary = {"linux": ["-c", "%u %a"], "macos": ["-f", "%u %Lp"],
			"bsd": ["-f", "%u %Lp"]}
	const ROOT := "0"
	const WRITE := 2
	const ENTER := 1

	## What was found to be all right: programs are started to find that out, so it is done once for
	## each announcement.
	static var _trusted: String = ""
	static var _own: String = ""

	## Why `files`, which lie in `folder`, are not believed; empty where nothing is wrong.
	## `fingerprint` tells one state of them from another.
	static func fault_of(folder: String, files: PackedStringArray, fingerprint: String) -> String:
		if fingerprint == _trusted or _format().is_empty():
			return ""
		var fault := _fault_in(folder, files)
		if fault.is_empty():
			_trusted = fingerprint
		return fault

	static func _fault_in(folder: String, files: PackedStringArray) -> String:
		var paths := PackedStringArray([folder])
		for file: String in files:
			if FileAccess.file_exists(file):
				paths.append(file)
		var facts := _run("stat", PackedStringArray(["-L"] + _format()) + paths)
		if facts.size() != paths.size():
			return "Whose %s is can't be told: `stat` fails." % folder
		for index: int in paths.size():
			var fact := facts[index].split(" ")
			if fact[0] != ROOT and fact[0] != _own_account():
				return "%s belongs to another account (%s): its owner could have named any hub." % [
						paths[index], fact[0]]
			# No other account reaches into a closed folder.
			var is_reached := index == 0 or _rights_of_others(facts[0]) & ENTER != 0
			if is_reached and _rights_of_others(fact[1]) & WRITE != 0:
				return "%s can be written by others (mode %s): look at what is in it, then take that right away." % [
					paths[index], fact[1]]
		return ""

	## The last two digits of a mode: what its group and everybody else may do.
	static func _rights_of_others(mode: String) -> int:
		return int(mode.right(2).left(1)) | int(mode.right(1))

	static func _own_account() -> String:
		if _own.is_empty():
			_own = "".join(_run("id", ["-u"]))
		return _own

	static func _format() -> Array:
		for system: String in FORMATS:
			if OS.has_feature(system):
				return FORMATS[system]
		return []

	## The lines that a program prints; none when it fails.
	static func _run(program: String, arguments: PackedStringArray) -> PackedStringArray:
		var output: Array = []
		if OS.execute(program, arguments, output) != 0:
			return []
		return (output[0] as String).strip_edges().split("\n")
