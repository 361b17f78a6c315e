extends "unit_test.gd"

const CommandResult := preload("res://addons/godot_mcp_hub/requests/command_result.gd")
const Protocol := preload("res://addons/godot_mcp_hub/wire/protocol.gd")

const CORPUS := "instance-frames.json"


func test_the_corpus_is_read_as_it_says() -> void:
	var args := OS.get_cmdline_user_args()
	expect_true(args.size() == 1, "that the folder of the corpus is given")
	var corpus: Dictionary = JSON.parse_string(FileAccess.get_file_as_string(args[0].path_join(CORPUS)))
	for case: Dictionary in corpus["cases"]:
		if case["layer"] == "frame":
			_check(case["name"], Protocol.read_frame(case["frame"]), case["expect"])


func test_the_id_stands_before_the_result() -> void:
	var text := Protocol.encode_answer("c:1", CommandResult.succeeded({"a": 1}))
	expect_equal(text, '{"jsonrpc":"2.0","id":"c:1","result":{"a":1}}')
	text = Protocol.encode_answer(7, CommandResult.failed("NOT_FOUND", "No.", "Look.", ["x"]))
	expect_equal(text, '{"jsonrpc":"2.0","id":7,"error":{"code":-32001,"message":"No.",' \
			+ '"data":{"kind":"NOT_FOUND","retryable":false,"hint":"Look.","candidates":["x"]}}}')


func test_control_characters_are_escaped_as_json_wants_them() -> void:
	for code: int in range(1, 32):
		var text := Protocol.encode_value("a" + char(code) + "\\v\\\\b")
		for byte: int in text.to_utf8_buffer():
			expect_true(byte >= 32, "that %d is escaped" % code)
		expect_true(not text.contains("\u000b") and JSON.parse_string(text) == "a" + char(code) + "\\v\\\\b", "that %d is read back" % code)


func test_what_is_nested_deeper_than_128_is_refused() -> void:
	var fitting := '{"jsonrpc":"2.0","method":"x","params":{"a":%s}}'
	expect_true(Protocol.read_frame(fitting % ("[".repeat(126) + "]".repeat(126))).has("message"), "that 128 levels are read")
	expect_equal(Protocol.read_frame(fitting % ("[".repeat(127) + "]".repeat(127)))["failure"].kind, "PARSE_ERROR")


func _check(name: String, read: Dictionary, expected: Dictionary) -> void:
	if expected.has("error"):
		expect_true(read.has("failure"), "%s: that it is refused" % name)
		if read.has("failure"):
			expect_equal(read["failure"].kind, expected["error"], name)
			expect_equal(read["id"], expected["id"], name)
		return
	expect_true(read.has("message"), "%s: that it is accepted" % name)
	for member: String in ["id", "method", "type"]:
		if read.has("message") and expected.has(member):
			expect_equal(read["message"].get(member), expected[member], name)
