## The errors that the process's own log has gained since the test before: what the engine reported during one test.
extends "../playing/game_output.gd"


## Forgets what was reported so far.
func skip_to_end() -> void:
	poll(true)
	entries.clear()
	_known.clear()


## Errors since skip_to_end(), oldest first: {message, file?, line?, count}.
func errors() -> Array[Dictionary]:
	poll(true)
	return entries.filter(func(entry: Dictionary) -> bool: return entry["level"] == "error")
