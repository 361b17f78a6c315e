## Hears from the editor when the game that its debugger holds starts, stops at a line, goes on and
## ends.
##
## The adapter alone does not do: it tells nothing of a stop at a breakpoint that it has forgotten,
## and it forgets all of them when a game ends.
@tool
extends EditorDebuggerPlugin

signal game_started
signal game_ended
## `can_go_on`: false after an error that the game does not survive.
signal game_stopped(can_go_on: bool)
signal game_continued
## The game, which was asked for it, runs these lines of its scripts, innermost first: [function,
## path, line] each.
signal game_stands(stack: Array)

## Prefix of what this addon and its runtime in the game say to each other over the debugger's line.
const PREFIX := "godot_mcp_hub"
## Session of the editor's own run, the only one that the adapter knows.
const OWN_RUN := 0

var session: EditorDebuggerSession = null

## Number of the newest echo that the game has given.
var _echo: int = 0
var _asked: int = 0
## What the game has last said of objects, and under which number it was asked.
var _objects: Array = []
var _objects_of: int = 0


func _setup_session(session_id: int) -> void:
	if session_id != OWN_RUN:
		return
	session = get_session(session_id)
	session.started.connect(game_started.emit)
	session.stopped.connect(game_ended.emit)
	session.breaked.connect(game_stopped.emit)
	session.continued.connect(game_continued.emit)


func _has_capture(prefix: String) -> bool:
	return prefix == PREFIX


func _capture(message: String, data: Array, session_id: int) -> bool:
	if session_id == OWN_RUN and message == PREFIX + ":stands":
		game_stands.emit(data)
	elif session_id == OWN_RUN and message == PREFIX + ":objects" and data.size() > 1:
		_objects_of = int(data[0])
		_objects = data[1]
	elif session_id == OWN_RUN and not data.is_empty():
		_echo = int(data[0])
	return true


func is_active() -> bool:
	return session != null and session.is_active()


func is_stopped() -> bool:
	return is_active() and session.is_breaked()


## Sends a message of the engine's remote debugger to the game.
func tell_game(message: String, data: Array = []) -> void:
	if is_active():
		session.send_message(message, data)


## Tells the game's runtime that the game has stopped, and where: it answers the hub meanwhile.
## Returns the number of its echo.
func tell_stopped(place: String) -> int:
	_asked += 1
	tell_game(PREFIX + ":stopped", [_asked, place])
	return _asked


## Asks the game's runtime for an echo. Returns its number.
func ask_echo() -> int:
	_asked += 1
	tell_game(PREFIX + ":echo", [_asked])
	return _asked


## Asks the game where in its scripts it is, while it runs: it hears that at a line, also in an
## endless loop.
func ask_where() -> void:
	tell_game(PREFIX + ":where")


## Asks a stopped game what the objects are that `paths` lead to in a frame, each a scope ("" for
## any), a variable and its members; `own` is the id of the frame's instance. Returns the
## number of the question.
func ask_objects(frame: int, own: int, paths: Array) -> int:
	_asked += 1
	tell_game(PREFIX + ":objects", [_asked, frame, own, paths])
	return _asked


## What the game has said of them: a text for each, empty for what is no object; null while it has
## not.
func objects_of(number: int) -> Variant:
	return _objects if _objects_of == number else null


## Whether the game has echoed: what it was asked before has arrived here by then.
func has_echoed(number: int) -> bool:
	return _echo >= number


func forget() -> void:
	if session == null:
		return
	session.started.disconnect(game_started.emit)
	session.stopped.disconnect(game_ended.emit)
	session.breaked.disconnect(game_stopped.emit)
	session.continued.disconnect(game_continued.emit)
	session = null
