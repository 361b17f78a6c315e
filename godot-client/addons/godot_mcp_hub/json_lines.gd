## JSON objects, one a line, over a TCP connection between the editor and a game on the same machine. Never blocks.
extends RefCounted

## A longer line is no message of ours: the connection is given up.
const LINE_LIMIT := 65536
const NEWLINE := 10

var _peer: StreamPeerTCP
var _received: PackedByteArray = []
var _unsent: PackedByteArray = []


func _init(peer: StreamPeerTCP) -> void:
	_peer = peer
	_peer.set_no_delay(true)


func is_open() -> bool:
	return _peer != null


## Sends what waits and reads what has come, oldest first. To be called every frame.
func poll() -> Array[Dictionary]:
	var messages: Array[Dictionary] = []
	if _peer == null:
		return messages
	_peer.poll()
	_flush()
	_receive()
	while _received.has(NEWLINE):
		var end := _received.find(NEWLINE)
		var message: Variant = JSON.parse_string(_received.slice(0, end).get_string_from_utf8())
		_received = _received.slice(end + 1)
		if message is Dictionary:
			messages.append(message)
	if _peer != null and (_peer.get_status() != StreamPeerTCP.STATUS_CONNECTED or _received.size() > LINE_LIMIT):
		close()
	return messages


func send(message: Dictionary) -> void:
	_unsent.append_array((JSON.stringify(message) + "\n").to_utf8_buffer())
	_flush()


func close() -> void:
	if _peer != null:
		_peer.disconnect_from_host()
		_peer = null


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
