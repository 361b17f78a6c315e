## Bytes over a TCP connection on the same machine, for the messages that are made of them. Never
## blocks.
extends RefCounted

const ByteStream := preload("byte_stream.gd")

## What has come and is not taken yet.
var received: PackedByteArray = []

var _peer: StreamPeerTCP
var _unsent: PackedByteArray = []


func _init(peer: StreamPeerTCP) -> void:
	_peer = peer


func is_open() -> bool:
	return _peer != null


func is_connected_to_host() -> bool:
	return _peer != null and _peer.get_status() == StreamPeerTCP.STATUS_CONNECTED


## Gives the connection away, open as it is; null when it is closed.
func hand_over() -> StreamPeerTCP:
	var peer := _peer
	_peer = null
	return peer


func close() -> void:
	if _peer != null:
		_peer.disconnect_from_host()
		_peer = null


## Sends what waits and receives what has come. Afterwards it is closed when the other end is.
func exchange() -> void:
	if _peer == null:
		return
	_peer.poll()
	_flush()
	_receive()
	if not _peer.get_status() in [StreamPeerTCP.STATUS_CONNECTED, StreamPeerTCP.STATUS_CONNECTING]:
		close()


func post(bytes: PackedByteArray) -> void:
	_unsent.append_array(bytes)
	_flush()


func _receive() -> void:
	if not is_connected_to_host() or _peer.get_available_bytes() <= 0:
		return
	var read := _peer.get_partial_data(_peer.get_available_bytes())
	if read[0] == OK:
		received.append_array(read[1])


func _flush() -> void:
	if _unsent.is_empty() or not is_connected_to_host():
		return
	var written := _peer.put_partial_data(_unsent)
	if written[0] == OK:
		_unsent = _unsent.slice(written[1])


## JSON objects, one a line, over a TCP connection between the editor and a game on the same
## machine. Never blocks.
class JsonLines extends ByteStream:
	## A longer line is no message of ours: the connection is given up.
	const LINE_LIMIT := 65536
	const NEWLINE := 10

	func _init(peer: StreamPeerTCP) -> void:
		super(peer)
		peer.set_no_delay(true)

	## Sends what waits and reads what has come, oldest first. To be called every frame.
	func poll() -> Array[Dictionary]:
		var messages: Array[Dictionary] = []
		exchange()
		while received.has(NEWLINE):
			var end := received.find(NEWLINE)
			var message: Variant = JSON.parse_string(received.slice(0, end).get_string_from_utf8())
			received = received.slice(end + 1)
			if message is Dictionary:
				messages.append(message)
		if received.size() > LINE_LIMIT:
			close()
		return messages

	func send(message: Dictionary) -> void:
		post((JSON.stringify(message) + "\n").to_utf8_buffer())
