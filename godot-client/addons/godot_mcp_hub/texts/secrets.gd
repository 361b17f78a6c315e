## Takes credentials out of what commands tell: by the names that values have, and by their own
## looks. As the hub does it in its audit log (hub/access/redaction.ts). A tool script, since the
## editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

const REDACTED := "[redacted]"
## Names of settings and members whose values are secret.
const NAME := r"""(?i)pass(word|wd|phrase|code)|(?<![a-z])pwd(?![a-z])|secret|token|authori[sz]ation|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key|encryption[-_ ]?key|credential|cookie|bearer|keystore/.*user"""
## What each of the looks has: most texts have none of it, and need no further look.
const MAY_BE := r"""(?i)pass|pwd|secret|token|key|cred|bearer|basic|proof|://|eyj|aiza|sg\.|a[ks]ia|[a-z\d][-_][\w-]{16}"""
## [looks, what stands there instead]. The last one is of a text without quotes, which in code is a
## name of something else.
const LOOKS: Array[Array] = [
	[r"""-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)""", "[redacted]"],
	[r"""(?i)\b(Bearer|Basic|Proof)\s+[\w.~+/=-]{8,}""", "$1 [redacted]"],
	[r"""(://)[^\s/:@]*:[^\s/@]+@""", "$1[redacted]@"],
	[r"""\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?""", "[redacted]"],
	[r"""\b(sk|pk|rk|gh[oprsu]|github_pat|glpat|xox[abeprs]|npm|hf|dop_v1|whsec)[-_][\w-]{16,}""", "[redacted]"],
	[r"""\b(AKIA|ASIA)[0-9A-Z]{16}\b""", "[redacted]"],
	[r"""\bAIza[\w-]{30,}""", "[redacted]"],
	[r"""\bSG\.[\w-]{16,}\.[\w-]{16,}""", "[redacted]"],
	[r"""(?i)((?:pass(?:word|wd|phrase)|(?<![a-z])pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|encryption[-_]?key|credential|keystore/\w{0,20}user)\w{0,40}["']?\s*(?::\s*\w+\s*)?(?::?=|:)\s*)(["'])(?:(?!\2|\n).)+""", "$1$2[redacted]"],
	[r"""(?i)((?:pass(?:word|wd|phrase)|(?<![a-z])pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|encryption[-_]?key|credential|keystore/\w{0,20}user)\w{0,40}["']?\s*(?::\s*\w+\s*)?(?::?=|:)\s*)(?!\[redacted)[^\s"'&,;)}\]]{4,}""", "$1[redacted]"],
]
const KEY_BEGINS := "PRIVATE KEY-----"
const KEY_ENDS := "-----END "

static var _name := RegEx.create_from_string(NAME)
static var _may_be := RegEx.create_from_string(MAY_BE)
static var _looks: Array = LOOKS.map(func(entry: Array) -> RegEx:
	return RegEx.create_from_string(entry[0]))


## A value in the form of JSON without what looks like credentials; `name` is that of the setting or
## member.
static func redact(value: Variant, name: String = "") -> Variant:
	if value is Dictionary:
		var members: Dictionary = {}
		for member: Variant in value:
			members[member] = redact(value[member], str(member))
		return members
	if value is Array:
		return (value as Array).map(func(element: Variant) -> Variant: return redact(element, name))
	if value == null or value is bool or value is String and (value as String).is_empty():
		return value
	if _name.search(name) != null:
		return REDACTED
	return redact_text(value) if value is String else value


## A text without what looks like credentials. `is_code`: only texts between quotes are values.
static func redact_text(text: String, is_code: bool = false) -> String:
	if _may_be.search(text) == null:
		return text
	for index: int in LOOKS.size() - (1 if is_code else 0):
		text = (_looks[index] as RegEx).sub(text, LOOKS[index][1], true)
	return text


## The lines of a text, those of private keys out of sight.
static func lines_of(text: String) -> PackedStringArray:
	var lines := text.split("\n")
	var is_in_key := false
	for index: int in lines.size() if text.contains(KEY_BEGINS) else 0:
		var was_in_key := is_in_key
		is_in_key = (is_in_key or lines[index].contains(KEY_BEGINS)) \
				and not lines[index].contains(KEY_ENDS)
		if was_in_key:
			lines[index] = REDACTED
	return lines
