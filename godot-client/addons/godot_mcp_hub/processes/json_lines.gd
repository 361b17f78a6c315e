## JSON objects, one a line, over a TCP connection between the editor and a game on the same machine. Never blocks.
extends "byte_stream.gd"

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
