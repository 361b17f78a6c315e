## Remembers which writes have begun and how they were answered, so that a request that arrives
## twice runs once.
extends RefCounted


## Ids whose answers are kept.
const CAPACITY := 1024
## Answers are kept up to this many characters in all; of older ones only the fact that they were
## given remains.
const TEXT_BUDGET := 8 * 1024 * 1024
## Left after old ones have given way.
const TEXT_KEPT := 4 * 1024 * 1024
const TEXT_LIMIT := 256 * 1024

## The facts about an id. UNKNOWN: it has not begun, as far as is remembered.
enum Entry { UNKNOWN, RUNNING, ANSWERED, FORGOTTEN_ANSWER }

## Answer text by id, in the order of beginning; null while it runs. Dictionaries keep insertion
## order.
var _answers: Dictionary = {}
## Ids among these whose answer was given but is not kept.
var _without_text: Dictionary = {}
var _kept: int = 0
var _forgotten := ForgottenIds.new()


func state_of(id: Variant) -> Entry:
	if not _answers.has(id):
		return Entry.FORGOTTEN_ANSWER if _forgotten.has(id) else Entry.UNKNOWN
	if _without_text.has(id):
		return Entry.FORGOTTEN_ANSWER
	return Entry.RUNNING if _answers[id] == null else Entry.ANSWERED


## Whether an id that is UNKNOWN may have begun all the same: long ago, or for a sender that the hub
## knew by another id then.
func may_have_begun(id: Variant) -> bool:
	var sent_id := _sent_id(id)
	if _forgotten.has_lost_some or _forgotten.has(sent_id):
		return true
	return _answers.keys().any(func(other: Variant) -> bool: return _sent_id(other) == sent_id)


## The recorded answer of an id that is ANSWERED.
func answer_of(id: Variant) -> String:
	return _answers[id]


func begin(id: Variant) -> void:
	_answers[id] = null
	if _answers.size() > CAPACITY:
		_forget_oldest()


func record(id: Variant, answer: String) -> void:
	if not _answers.has(id):
		return
	if answer.length() > TEXT_LIMIT:
		_without_text[id] = true
		return
	_answers[id] = answer
	_kept += answer.length()
	if _kept > TEXT_BUDGET:
		_drop_old_texts()


## Takes an id back that was begun but never ran.
func withdraw(id: Variant) -> void:
	if _answers.get(id, "") == null:
		_answers.erase(id)


## How many ids are listed with their answers.
func size() -> int:
	return _answers.size()


## The part of an id that its sender gave: the hub has put its own id of the sender before it.
static func _sent_id(id: Variant) -> String:
	var text := str(id)
	var mark := text.find("#" if not text.contains(":") else ":")
	return text.substr(mark + 1)


func _forget_oldest() -> void:
	for id: Variant in _answers:
		if _answers[id] == null and not _without_text.has(id):
			continue
		if _answers[id] != null:
			_kept -= (_answers[id] as String).length()
		_answers.erase(id)
		_without_text.erase(id)
		_forgotten.add(id)
		_forgotten.add(_sent_id(id))
		return


func _drop_old_texts() -> void:
	for id: Variant in _answers:
		if _kept <= TEXT_KEPT:
			return
		if _answers[id] != null:
			_kept -= (_answers[id] as String).length()
			_answers[id] = null
			_without_text[id] = true


## Ids that ended so long ago that their answers are gone: that they have run is known for as long
## as the process lives.
##
## Each is kept as a fingerprint of 64 bits, in sorted segments: a million of them take 8 MB. Past
## that the oldest give way, and from then on it is unknown of an id that it has never run.
class ForgottenIds extends RefCounted:
	const SEGMENT_SIZE := 4096
	const SEGMENTS := 256

	## The oldest have given way.
	var has_lost_some: bool = false

	## Sorted, oldest first.
	var _segments: Array[PackedInt64Array] = []
	var _newest: PackedInt64Array = []

	func add(id: Variant) -> void:
		_newest.append(_fingerprint_of(id))
		if _newest.size() < SEGMENT_SIZE:
			return
		_newest.sort()
		_segments.append(_newest)
		_newest = []
		if _segments.size() > SEGMENTS:
			_segments.pop_front()
			has_lost_some = true

	func has(id: Variant) -> bool:
		if _newest.is_empty() and _segments.is_empty():
			return false
		var fingerprint := _fingerprint_of(id)
		if _newest.has(fingerprint):
			return true
		for segment: PackedInt64Array in _segments:
			var at := segment.bsearch(fingerprint)
			if at < segment.size() and segment[at] == fingerprint:
				return true
		return false

	static func _fingerprint_of(id: Variant) -> int:
		return str(id).md5_buffer().decode_s64(0)
