## Ids that ended so long ago that their answers are gone: that they have run is known for as long as the process lives.
##
## Each is kept as a fingerprint of 64 bits, in sorted segments: a million of them take 8 MB. Past that the oldest give
## way, and from then on nobody can say of an unknown id that it has never run.
extends RefCounted

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
