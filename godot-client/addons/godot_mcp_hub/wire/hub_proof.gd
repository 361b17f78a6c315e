## Proves to the hub that hub.json speaks of that its token is known here, without sending it, and asks for the same: whoever
## listens there may be somebody else by now. As `protocol/proof.ts` of the hub does it.
extends RefCounted

const NONCE_BYTES := 32

## Header of the upgrade.
var header: String = ""

var _expected: String = ""


## `started_at` as hub.json says it.
func _init(token: String, started_at: String) -> void:
	var nonce := Crypto.new().generate_random_bytes(NONCE_BYTES).hex_encode()
	header = "Authorization: Proof %s.%s" % [nonce, proof_of("client", token, started_at, nonce)]
	_expected = proof_of("hub", token, started_at, nonce)


## Whether who sent `proof` with its handshake knows the token, too.
func is_answered_by(proof: String) -> bool:
	return Crypto.new().constant_time_compare(_expected.to_utf8_buffer(), proof.to_utf8_buffer())


## The proof of one side, in hexadecimal digits.
static func proof_of(side: String, token: String, started_at: String, nonce: String) -> String:
	var message := "\n".join(PackedStringArray(["godot-mcp-hub", side, started_at, nonce]))
	var key := token.sha256_text().to_utf8_buffer()
	return Crypto.new().hmac_digest(HashingContext.HASH_SHA256, key, message.to_utf8_buffer()).hex_encode()
