extends "unit_test.gd"

const HubDiscovery := preload("res://addons/godot_mcp_hub/wire/hub_discovery.gd")

const OWN := "own-token-of-this-state-directory"
const STARTED := "2026-01-01T12:00:00.000Z"

var _home: String = OS.get_cache_dir().path_join("godot-hub-home-%d" % OS.get_process_id())


func test_without_an_address_hub_json_names_it() -> void:
	_announce({"url": "ws://127.0.0.1:7001", "port": 7001, "startedAt": STARTED, "proof": true})
	_expect("", "", ["ws://127.0.0.1:7001", OWN, STARTED, ""])
	_announce({"url": "ws://127.0.0.1:7001", "port": 7001, "startedAt": STARTED})
	_expect("", "", ["ws://127.0.0.1:7001", OWN, "", ""])
	_forget()


func test_an_address_of_the_hub_leads_to_where_it_listens_with_a_proof() -> void:
	_announce({"url": "ws://127.0.0.1:7001", "port": 7001, "startedAt": STARTED, "proof": true})
	for url: String in ["ws://localhost:7001", "ws://[::1]:7001/", "ws://LocalHost.:7001/x", "ws://127.0.0.1:7001", "ws://a.localhost:7001"]:
		_expect(url, "", ["ws://127.0.0.1:7001", OWN, STARTED, ""])
		_expect(url, "another", ["ws://127.0.0.1:7001", "another", STARTED, ""])
	_expect("wss://localhost:7001", "", ["wss://localhost:7001", OWN, STARTED, ""])
	_forget()


func test_the_own_token_goes_nowhere_else_on_this_machine() -> void:
	_announce({"url": "ws://127.0.0.1:7001", "port": 7001, "startedAt": STARTED, "proof": true})
	expect_true(_found("ws://localhost:7002", "").stray.contains("listens at ws://127.0.0.1:7001"), "that it is withheld")
	_expect("ws://localhost:7002", OWN, ["ws://127.0.0.1:7002", OWN, STARTED, ""])
	_announce({})
	for token: String in ["", OWN]:
		expect_true(_found("ws://[::1]:7002", token).stray.contains("does not run"), "that it is withheld")
	_forget()


func test_a_token_of_another_hub_goes_to_the_address_that_it_was_given_with() -> void:
	_announce({"url": "ws://127.0.0.1:7001", "port": 7001, "startedAt": STARTED, "proof": true})
	_expect("ws://localhost:7002", "another", ["ws://127.0.0.1:7002", "another", "", ""])
	_expect("ws://hub.example:7001", "another", ["ws://hub.example:7001", "another", "", ""])
	_expect("ws://hub.example", "", ["ws://hub.example", OWN, "", ""])
	_forget()


func test_a_state_directory_of_others_counts_for_nothing_where_address_and_token_are_given() -> void:
	if OS.has_feature("windows"):
		return
	_announce({"url": "ws://127.0.0.1:7003", "port": 7001, "startedAt": STARTED, "proof": true})
	OS.execute("chmod", ["777", _home])
	_expect("ws://127.0.0.1:7001", "another", ["ws://127.0.0.1:7001", "another", "", ""])
	expect_true(_found("ws://127.0.0.1:7001", "").fault().contains("can be written by others"), "that it is refused")
	_forget()


func _expect(url: String, token: String, expected: Array) -> void:
	var found := _found(url, token)
	expect_equal(found.fault(), "")
	expect_equal([found.url, found.token, found.started_at, found.stray], expected)


func _found(url: String, token: String) -> HubDiscovery:
	OS.set_environment("GODOT_HUB_URL", url)
	OS.set_environment("GODOT_HUB_TOKEN", token)
	return HubDiscovery.read()


func _announce(hub: Dictionary) -> void:
	DirAccess.make_dir_recursive_absolute(_home)
	OS.execute("chmod", ["700", _home])
	OS.set_environment("GODOT_HUB_HOME", _home)
	_write("token", OWN)
	_write("hub.json", JSON.stringify(hub))


func _write(file_name: String, text: String) -> void:
	FileAccess.open(_home.path_join(file_name), FileAccess.WRITE).store_string(text)


func _forget() -> void:
	for file_name: String in ["token", "hub.json"]:
		DirAccess.remove_absolute(_home.path_join(file_name))
	DirAccess.remove_absolute(_home)
	for variable: String in ["GODOT_HUB_URL", "GODOT_HUB_TOKEN", "GODOT_HUB_HOME"]:
		OS.unset_environment(variable)
