## Proves to the hub that its token is known here, without sending it, once the hub has proved the
## same: another program may listen there. As `protocol/proof.ts` of the hub does it.
extends RefCounted

const NONCE_BYTES := 32

## Header of the upgrade.
var header: String = ""

var _key: PackedByteArray = []
## Host and port that are dialed, and a number of this side.
var _subject: PackedStringArray = []


## `address`: host and port that are dialed. `nonce`: 64 hexadecimal digits that are used once.
func _init(token: String, address: String, nonce: String = fresh_nonce()) -> void:
	_key = token.sha256_text().to_utf8_buffer()
	_subject = [address, nonce]
	header = "Authorization: Challenge %s %s %s" % [address, nonce, _mac_of("claim", _subject)]


## The proof for `identify`; empty when who sent this handshake has not proved that it knows the
## token.
func answer_to(handshake: Dictionary) -> String:
	var subject := _subject + PackedStringArray([str(handshake.get("nonce", ""))])
	var expected := _mac_of("hub", subject).to_utf8_buffer()
	if not Crypto.new().constant_time_compare(expected,
			str(handshake.get("proof", "")).to_utf8_buffer()):
		return ""
	return _mac_of("client", subject)


static func fresh_nonce() -> String:
	return Crypto.new().generate_random_bytes(NONCE_BYTES).hex_encode()


func _mac_of(kind: String, subject: PackedStringArray) -> String:
	var message := "\n".join(PackedStringArray(["godot-mcp-hub", kind]) + subject)
	return Crypto.new().hmac_digest(HashingContext.HASH_SHA256, _key, message.to_utf8_buffer()) \
			.hex_encode()
