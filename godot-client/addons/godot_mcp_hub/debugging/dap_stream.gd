## Messages of the Debug Adapter Protocol over a TCP connection: JSON behind a Content-Length
## header. Never blocks.
extends "../processes/byte_stream.gd"

## A longer message is no message of an editor: the connection is given up.
const MESSAGE_LIMIT := 64 * 1024 * 1024
const HEADER_LIMIT := 1024
const LENGTH := "content-length:"
const CARRIAGE_RETURN := 13


## Sends what waits and reads what has come, oldest first. To be called every frame.
func poll() -> Array[Dictionary]:
	var messages: Array[Dictionary] = []
	exchange()
	var message := _take_message()
	while not message.is_empty():
		messages.append(message)
		message = _take_message()
	return messages


func send(message: Dictionary) -> void:
	var body := JSON.stringify(message).to_utf8_buffer()
	post(("Content-Length: %d\r\n\r\n" % body.size()).to_utf8_buffer() + body)


## The next whole message; empty while there is none. What is no message ends the connection.
func _take_message() -> Dictionary:
	var header_end := _end_of_header()
	if header_end < 0:
		if received.size() > HEADER_LIMIT:
			close()
		return {}
	var length := _length_in(received.slice(0, header_end).get_string_from_ascii())
	if length <= 0 or length > MESSAGE_LIMIT:
		close()
		return {}
	var begin := header_end + 4
	if received.size() < begin + length:
		return {}
	var message: Variant = JSON.parse_string(received.slice(begin,
			begin + length).get_string_from_utf8())
	received = received.slice(begin + length)
	if not message is Dictionary:
		close()
		return {}
	return message


func _end_of_header() -> int:
	var at := received.find(CARRIAGE_RETURN)
	while at >= 0 and at + 3 < received.size():
		if received.slice(at, at + 4) == PackedByteArray([13, 10, 13, 10]):
			return at
		at = received.find(CARRIAGE_RETURN, at + 1)
	return -1


static func _length_in(header: String) -> int:
	for line: String in header.split("\r\n"):
		if line.to_lower().begins_with(LENGTH):
			return line.substr(LENGTH.length()).strip_edges().to_int()
	return 0
