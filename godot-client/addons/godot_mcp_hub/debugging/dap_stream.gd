## Messages of the Debug Adapter Protocol over a TCP connection: JSON behind a Content-Length header. Never blocks.
extends RefCounted

## A longer message is no message of an editor: the connection is given up.
const MESSAGE_LIMIT := 64 * 1024 * 1024
const HEADER_LIMIT := 1024
const LENGTH := "content-length:"
const CARRIAGE_RETURN := 13

var _peer: StreamPeerTCP
var _received: PackedByteArray = []
var _unsent: PackedByteArray = []


func _init(peer: StreamPeerTCP) -> void:
	_peer = peer


func is_open() -> bool:
	return _peer != null


func is_connected_to_adapter() -> bool:
	return _peer != null and _peer.get_status() == StreamPeerTCP.STATUS_CONNECTED


## Sends what waits and reads what has come, oldest first. To be called every frame.
func poll() -> Array[Dictionary]:
	var messages: Array[Dictionary] = []
	if _peer == null:
		return messages
	_peer.poll()
	_flush()
	_receive()
	while _peer != null:
		var message := _take_message()
		if message.is_empty():
			break
		messages.append(message)
	if _peer != null and not _peer.get_status() in [StreamPeerTCP.STATUS_CONNECTED, StreamPeerTCP.STATUS_CONNECTING]:
		close()
	return messages


func send(message: Dictionary) -> void:
	var body := JSON.stringify(message).to_utf8_buffer()
	_unsent.append_array(("Content-Length: %d\r\n\r\n" % body.size()).to_utf8_buffer())
	_unsent.append_array(body)
	_flush()


func close() -> void:
	if _peer != null:
		_peer.disconnect_from_host()
		_peer = null


## The next whole message; empty while there is none. What is no message ends the connection.
func _take_message() -> Dictionary:
	var header_end := _end_of_header()
	if header_end < 0:
		if _received.size() > HEADER_LIMIT:
			close()
		return {}
	var length := _length_in(_received.slice(0, header_end).get_string_from_ascii())
	if length <= 0 or length > MESSAGE_LIMIT:
		close()
		return {}
	var begin := header_end + 4
	if _received.size() < begin + length:
		return {}
	var message: Variant = JSON.parse_string(_received.slice(begin, begin + length).get_string_from_utf8())
	_received = _received.slice(begin + length)
	if not message is Dictionary:
		close()
		return {}
	return message


func _end_of_header() -> int:
	var at := _received.find(CARRIAGE_RETURN)
	while at >= 0 and at + 3 < _received.size():
		if _received.slice(at, at + 4) == PackedByteArray([13, 10, 13, 10]):
			return at
		at = _received.find(CARRIAGE_RETURN, at + 1)
	return -1


static func _length_in(header: String) -> int:
	for line: String in header.split("\r\n"):
		if line.to_lower().begins_with(LENGTH):
			return line.substr(LENGTH.length()).strip_edges().to_int()
	return 0


func _receive() -> void:
	if _peer.get_status() != StreamPeerTCP.STATUS_CONNECTED or _peer.get_available_bytes() <= 0:
		return
	var read := _peer.get_partial_data(_peer.get_available_bytes())
	if read[0] == OK:
		_received.append_array(read[1])


func _flush() -> void:
	if _unsent.is_empty() or _peer == null or _peer.get_status() != StreamPeerTCP.STATUS_CONNECTED:
		return
	var written := _peer.put_partial_data(_unsent)
	if written[0] == OK:
		_unsent = _unsent.slice(written[1])
