## Remembers which writes have begun and how they were answered, so that a request that arrives twice runs once.
extends RefCounted

const CAPACITY := 1024
## Answers are kept up to this many characters in all; of older ones only the fact that they were given remains.
const TEXT_BUDGET := 8 * 1024 * 1024
## Left after old ones have given way.
const TEXT_KEPT := 4 * 1024 * 1024
const TEXT_LIMIT := 256 * 1024

enum Entry { UNKNOWN, RUNNING, ANSWERED, FORGOTTEN_ANSWER }

## Answer text by id, in the order of beginning; null while it runs. Dictionaries keep insertion order.
var _answers: Dictionary = {}
## Ids whose answer was given but is not kept.
var _without_text: Dictionary = {}
var _kept: int = 0


func state_of(id: Variant) -> Entry:
	if not _answers.has(id):
		return Entry.UNKNOWN
	if _without_text.has(id):
		return Entry.FORGOTTEN_ANSWER
	return Entry.RUNNING if _answers[id] == null else Entry.ANSWERED


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


func size() -> int:
	return _answers.size()


func _forget_oldest() -> void:
	for id: Variant in _answers:
		if _answers[id] == null and not _without_text.has(id):
			continue
		if _answers[id] != null:
			_kept -= (_answers[id] as String).length()
		_answers.erase(id)
		_without_text.erase(id)
		return


func _drop_old_texts() -> void:
	for id: Variant in _answers:
		if _kept <= TEXT_KEPT:
			return
		if _answers[id] != null:
			_kept -= (_answers[id] as String).length()
			_answers[id] = null
			_without_text[id] = true
