## The errors and warnings in what a test process says, however much it prints between them: of a
## whole process, or since the test before.
extends "../playing/game_output.gd"

## What each line of an error begins with, but for the first.
const INDENT := "   "
## Longer than anything takes to read.
const UNBOUNDED_USEC := 1 << 40


func _init(path: String) -> void:
	super(path)
	_may_skip = false


## Reads all that there is.
func read_all() -> void:
	_read_on(false)
	# The rest is a line without its end.
	_read_on(true)


## Forgets what was reported so far.
func skip_to_end() -> void:
	read_all()
	entries.clear()
	_known.clear()


## Errors since skip_to_end(), oldest first: {message, file?, line?, count}.
func errors() -> Array[Dictionary]:
	read_all()
	return entries.filter(func(entry: Dictionary) -> bool: return entry["level"] == "error")


func _read_on(is_final: bool) -> void:
	var offset := -1
	while offset < _offset:
		offset = _offset
		poll(is_final, UNBOUNDED_USEC)


## A terminal is told of errors with more space before their places than a log.
func _take(line: String) -> void:
	var text := line.strip_edges(true, false)
	for head: String in [PLACE, BACKTRACE, FRAME]:
		var plain := head.strip_edges(true, false)
		if line.begins_with(INDENT) and text.begins_with(plain):
			line = head + text.trim_prefix(plain)
	super(line)


## Lines that were printed take no place, so that they can't push errors out.
func _close_entry() -> void:
	if _open_entry.get("level") == "info":
		_open_entry = {}
	super()
