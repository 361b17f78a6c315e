extends "unit_test.gd"

const HubDiscovery := preload("res://addons/godot_mcp_hub/wire/hub_discovery.gd")
const HubProof := preload("res://addons/godot_mcp_hub/wire/hub_proof.gd")

const OWN := "own-token-of-this-state-directory"

var _home: String = OS.get_cache_dir().path_join("godot-hub-home-%d" % OS.get_process_id())


func test_without_an_address_hub_json_names_it() -> void:
	_announce({"url": "ws://127.0.0.1:7001", "port": 7001})
	_expect("", "", ["ws://127.0.0.1:7001", OWN, ""])
	_forget()


func test_an_address_of_the_hub_leads_to_where_it_listens() -> void:
	_announce({"url": "ws://127.0.0.1:7001", "port": 7001})
	for url: String in ["ws://localhost:7001", "ws://[::1]:7001/", "ws://LocalHost.:7001/x", "ws://127.0.0.1:7001", "ws://a.localhost:7001"]:
		_expect(url, "", ["ws://127.0.0.1:7001", OWN, ""])
		_expect(url, "another", ["ws://127.0.0.1:7001", "another", ""])
	_expect("wss://localhost:7001", "", ["wss://localhost:7001", OWN, ""])
	_forget()


func test_the_own_token_is_proved_elsewhere_on_this_machine_only_where_it_is_given() -> void:
	_announce({"url": "ws://127.0.0.1:7001", "port": 7001})
	expect_true(_found("ws://localhost:7002", "").stray.contains("listens at ws://127.0.0.1:7001"), "that it is withheld")
	_expect("ws://localhost:7002", OWN, ["ws://127.0.0.1:7002", OWN, ""])
	_announce({})
	expect_true(_found("ws://[::1]:7002", "").stray.contains("does not run"), "that it is withheld")
	_expect("ws://[::1]:7002", OWN, ["ws://[::1]:7002", OWN, ""])
	_forget()


func test_a_token_of_another_hub_is_proved_at_the_address_that_it_was_given_with() -> void:
	_announce({"url": "ws://127.0.0.1:7001", "port": 7001})
	_expect("ws://localhost:7002", "another", ["ws://127.0.0.1:7002", "another", ""])
	_expect("ws://hub.example:7001", "another", ["ws://hub.example:7001", "another", ""])
	_expect("ws://hub.example", "", ["ws://hub.example", OWN, ""])
	_forget()


func test_a_state_directory_of_others_counts_for_nothing_where_address_and_token_are_given() -> void:
	if OS.has_feature("windows"):
		return
	_announce({"url": "ws://127.0.0.1:7003", "port": 7001})
	OS.execute("chmod", ["777", _home])
	_expect("ws://127.0.0.1:7001", "another", ["ws://127.0.0.1:7001", "another", ""])
	expect_true(_found("ws://127.0.0.1:7001", "").fault().contains("can be written by others"), "that it is refused")
	_forget()


func test_the_address_that_is_proved_names_host_and_port() -> void:
	_announce({})
	for pair: Array in [["ws://localhost:7001/x", "127.0.0.1:7001"], ["wss://Hub.example", "hub.example:443"], ["ws://10.0.0.7", "10.0.0.7:80"], ["ws://[::1]:7001", "[::1]:7001"]]:
		expect_equal(_found(pair[0] as String, "another").address(), pair[1])
	_forget()


## With the known answers of `test/protocol/proof.test.ts`.
func test_proofs_are_those_of_the_hub() -> void:
	var exchange := HubProof.new("0123456789abcdef", "127.0.0.1:6520", "a".repeat(64))
	expect_equal(exchange.header, "Authorization: Challenge 127.0.0.1:6520 %s 36e4f50d01890c187de6d9ee864737f763b89742c9c5f17cdc82749ad1707f01" % "a".repeat(64))
	var handshake := {"nonce": "b".repeat(64), "proof": "0c760b9909128c125f74219db6179d6e2edba08dcca5aa51c1f11ab8bf7a3710"}
	expect_equal(exchange.answer_to(handshake), "52ed64fd30762895e4f8ce824c079089890e72f463dcd3e8ef6591be6e4ab885")
	for wrong: Dictionary in [{}, {"nonce": handshake["nonce"]}, handshake.merged({"nonce": "c".repeat(64)}, true), handshake.merged({"proof": ""}, true)]:
		expect_equal(exchange.answer_to(wrong), "")


func _expect(url: String, token: String, expected: Array) -> void:
	var found := _found(url, token)
	expect_equal(found.fault(), "")
	expect_equal([found.url, found.token, found.stray], expected)


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
