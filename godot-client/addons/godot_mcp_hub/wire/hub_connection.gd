## Holds the connection to the hub for as long as the editor runs: finds it, opens it, keeps it
## alive, comes back.
extends RefCounted

const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const LinkedFolders := preload("../requests/linked_folders.gd")
const HubDiscovery := preload("hub_discovery.gd")
const HubProof := preload("hub_proof.gd")
const InstanceIdentity := preload("instance_identity.gd")
const Protocol := preload("protocol.gd")

signal state_changed
## The hub knows this instance now. `resumed`: it kept everything since the last connection.
signal opened(resumed: bool)
## A JSON-RPC request or notification arrived.
signal message_received(message: Dictionary)

enum State { SEARCHING, CONNECTING, OPENING, CONNECTED, REFUSED }

const BACKOFF_MIN_MS := 100.0
const BACKOFF_MAX_MS := 5000.0
const WATCH_INTERVAL_MS := 250.0
const CONNECT_TIMEOUT_MS := 5000.0
## What one frame can add to a silence: a stalled editor must not mistake its own pause for the
## hub's.
const LONGEST_STEP_MS := 1000.0
## Room for the largest message and for what arrives with it.
const BUFFER_BYTES := 2 * Protocol.MAX_MESSAGE_BYTES
const QUEUED_PACKETS := 16384
const HEARTBEAT_INTERVAL_MS := 30000.0
## Where the engine keeps the token while the addon is switched off and on: the hub then knows this
## editor again.
const RESUME_TOKEN_META := &"godot_mcp_hub_resume_token"

var state := State.SEARCHING
## Address of the hub that is connected or was tried last.
var url: String = ""
## Id and name that the hub gave this instance.
var instance_id: String = ""
var instance_name: String = ""
## Why there is no connection, for people.
var reason: String = "No hub has been found."

var _identity: InstanceIdentity
var _socket: WebSocketPeer = null
## What is exchanged with the hub of this attempt; null where no token is known.
var _proof: HubProof = null
var _outbox: Array[PackedByteArray] = []
var _resume_token: String = Engine.get_meta(RESUME_TOKEN_META, "")
var _is_leaving: bool = false
var _message_limit: int = Protocol.MAX_MESSAGE_BYTES
var _heartbeat_interval_ms: float = HEARTBEAT_INTERVAL_MS
var _silence_limit_ms: float = 2.0 * HEARTBEAT_INTERVAL_MS
var _silent_ms: float = 0.0
var _has_asked: bool = false
var _attempts: int = 0
var _wait_ms: float = 0.0
var _watch_ms: float = 0.0
var _tried_fingerprint: String = ""


func _init(identity: InstanceIdentity) -> void:
	_identity = identity


## Does the due work; to be called every frame. `elapsed_ms` is the time since the last time.
func poll(elapsed_ms: float) -> void:
	if _socket == null:
		if not _is_leaving:
			_wait_for_hub(elapsed_ms)
		return
	_socket.poll()
	if _read_packets():
		_silent_ms = 0.0
		_has_asked = false
	else:
		_silent_ms += minf(elapsed_ms, LONGEST_STEP_MS)
	if _socket == null:
		return
	if _socket.get_ready_state() == WebSocketPeer.STATE_CLOSED:
		_lose(_socket.get_close_code(), _socket.get_close_reason())
	else:
		_watch_silence()
		_flush()


## Sends the answer to a request, or says that it is too large for the hub.
func send_answer(id: Variant, text: String) -> void:
	var bytes := text.to_utf8_buffer()
	if bytes.size() > _message_limit:
		var failure := Protocol.CommandResult.failed("TOO_LARGE",
				"The answer has %d bytes; the hub takes %d." % [bytes.size(), _message_limit],
				"Ask for less: limit, depth, names or a range of lines.")
		bytes = Protocol.encode_answer(id,
				failure.with("size", bytes.size()).with("limit", _message_limit)).to_utf8_buffer()
	_post(bytes)


## Sends a notification; without a hub to hear it, it is lost.
func notify(text: String) -> void:
	if state == State.CONNECTED:
		_post(text.to_utf8_buffer())


## Connects at once, also after a refusal.
func reconnect() -> void:
	close()
	_attempts = 0
	_connect()


## Closes the connection and stays as it is until the next poll.
func close() -> void:
	if _socket != null:
		_socket.close(1000, "the editor closes")
		_socket.poll()
		_socket = null
	_enter(State.SEARCHING, "Closed.")


## Closes the connection for good, as one that goes away and comes back: the hub waits for it.
func leave() -> void:
	_is_leaving = true
	if _socket != null:
		_socket.close(Protocol.CLOSE_CODES["GOING_AWAY"], "the editor comes back")
		_socket.poll()
		_socket = null
	_enter(State.SEARCHING, "Comes back.")


func _wait_for_hub(elapsed_ms: float) -> void:
	_wait_ms -= elapsed_ms
	_watch_ms -= elapsed_ms
	if _watch_ms <= 0.0:
		_watch_ms = WATCH_INTERVAL_MS
		if HubDiscovery.read().fingerprint != _tried_fingerprint:
			_attempts = 0
			_connect()
			return
	if _wait_ms <= 0.0 and state != State.REFUSED:
		_connect()


func _connect() -> void:
	var hub := HubDiscovery.read()
	_tried_fingerprint = hub.fingerprint
	url = hub.url
	if url.is_empty():
		_wait_ms = BACKOFF_MAX_MS
		_enter(State.SEARCHING, "No hub has been found.")
		return
	var fault := hub.fault()
	url = hub.url
	if not fault.is_empty() or not hub.stray.is_empty():
		_wait_ms = BACKOFF_MAX_MS
		if fault.is_empty():
			_enter(State.SEARCHING, hub.stray)
		else:
			_distrust(fault)
		return
	_socket = WebSocketPeer.new()
	_socket.inbound_buffer_size = BUFFER_BYTES
	_socket.outbound_buffer_size = BUFFER_BYTES
	_socket.max_queued_packets = QUEUED_PACKETS
	_socket.handshake_headers = PackedStringArray(["User-Agent: " + _identity.user_agent()])
	_proof = null
	if not hub.token.is_empty():
		_proof = HubProof.new(hub.token, hub.address())
		_socket.handshake_headers += PackedStringArray([_proof.header])
	_silent_ms = 0.0
	_has_asked = false
	var trust := HubDiscovery.trust()
	if trust == null:
		_lose(-1, "GODOT_HUB_TLS_CA names no certificate that can be read.")
	elif _socket.connect_to_url(url, trust) != OK:
		_lose(-1, "%s is no address." % url)
	else:
		_enter(State.CONNECTING, "")


## Reads everything that has arrived. Returns whether there was anything.
func _read_packets() -> bool:
	var has_read := false
	while _socket != null and _socket.get_available_packet_count() > 0:
		has_read = true
		_handle(_socket.get_packet().get_string_from_utf8())
	return has_read


func _handle(text: String) -> void:
	var frame := Protocol.read_frame(text)
	if frame.has("failure"):
		send_answer(frame["id"], Protocol.encode_answer(frame["id"], frame["failure"]))
		return
	var message: Dictionary = frame["message"]
	if message.has("method"):
		message_received.emit(message)
		return
	match message.get("type"):
		"handshake": _identify(message)
		"identified": _enter_connected(message)
		"heartbeat": _post(
				Protocol.encode({"type": "heartbeat_ack",
				"timestamp": int(message.get("timestamp", 0))}).to_utf8_buffer())


func _identify(handshake: Dictionary) -> void:
	var proof := "" if _proof == null else _proof.answer_to(handshake)
	if _proof != null and proof.is_empty():
		_lose(-1, "What listens at %s does not know the hub's token." % url)
		return
	var heartbeat: Dictionary = handshake.get("heartbeat", {})
	_heartbeat_interval_ms = heartbeat.get("intervalMs", HEARTBEAT_INTERVAL_MS)
	_silence_limit_ms = heartbeat.get("timeoutMs", 2.0 * HEARTBEAT_INTERVAL_MS)
	_message_limit = mini(int(handshake.get("maxMessageBytes", Protocol.MAX_MESSAGE_BYTES)),
			BUFFER_BYTES)
	_socket.set_no_delay(true)
	var identify := _identity.identify(_resume_token)
	if not proof.is_empty():
		identify["proof"] = proof
	_socket.send_text(Protocol.encode(identify))
	_enter(State.OPENING, "")


func _enter_connected(identified: Dictionary) -> void:
	_resume_token = identified.get("resumeToken", "")
	Engine.set_meta(RESUME_TOKEN_META, _resume_token)
	ExecutionGate.is_opened_by_hub = identified.get("mayRunCode", false)
	LinkedFolders.named_by_hub = PackedStringArray(identified.get("mayFollowLinksTo", []) as Array)
	instance_id = identified.get("clientId", "")
	instance_name = identified.get("name", "")
	var resumed: bool = identified.get("resumed", false)
	if not resumed:
		_outbox.clear()
	_attempts = 0
	_enter(State.CONNECTED, "")
	opened.emit(resumed)


func _watch_silence() -> void:
	if state == State.CONNECTING or state == State.OPENING:
		if _silent_ms > CONNECT_TIMEOUT_MS:
			_lose(-1, "The hub does not answer.")
	elif _silent_ms > _silence_limit_ms:
		_lose(Protocol.CLOSE_CODES["HEARTBEAT_TIMEOUT"], "The hub has fallen silent.")
	elif _silent_ms > _heartbeat_interval_ms and not _has_asked:
		_has_asked = true
		_post(
				Protocol.encode({"type": "heartbeat",
				"timestamp": Time.get_ticks_msec()}).to_utf8_buffer())


## Answers wait for a connection that resumes this one; frames wait for room in the socket's buffer.
func _post(bytes: PackedByteArray) -> void:
	_outbox.append(bytes)
	_flush()


func _flush() -> void:
	if state != State.CONNECTED or _socket == null:
		return
	while not _outbox.is_empty():
		var bytes := _outbox[0]
		if _socket.get_current_outbound_buffered_amount() + bytes.size() > BUFFER_BYTES \
				or _socket.send(bytes, WebSocketPeer.WRITE_MODE_TEXT) != OK:
			return
		_outbox.pop_front()


func _lose(close_code: int, why: String) -> void:
	_socket = null
	ExecutionGate.is_opened_by_hub = false
	LinkedFolders.named_by_hub = PackedStringArray()
	if Protocol.TERMINAL_CLOSE_CODES.has(close_code):
		_enter(State.REFUSED, "The hub refused this editor (%d %s)." % [close_code, why])
		return
	_wait_ms = randf() * minf(BACKOFF_MIN_MS * pow(2.0, _attempts), BACKOFF_MAX_MS)
	_attempts += 1
	_enter(State.SEARCHING, why if not why.is_empty() else "The hub at %s cannot be reached." % url)


## Says it where people look, and once where they look when nothing works.
func _distrust(fault: String) -> void:
	if fault != reason:
		push_warning("godot_mcp_hub: " + fault)
	_enter(State.SEARCHING, fault)


func _enter(next: State, why: String) -> void:
	if next == state and why == reason:
		return
	state = next
	reason = why
	state_changed.emit()
