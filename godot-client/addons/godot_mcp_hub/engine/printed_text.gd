## What the engine and the project print, as it is read without a terminal.
##
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

const ESCAPE := "\u001b"
const ESCAPE_8_BIT := "\u009b"
## What steers a terminal (ECMA-48): colours, links, titles, and what is left of any of them.
const STEERING := "(?:\\x{1b}\\[|\\x{9b})[0-?]*[ -/]*[@-~]|\\x{1b}[\\]PX^_][^\\x{07}\\x{1b}]*(?:\\x{07}|\\x{1b}\\\\)|\\x{1b}[ -/]*[0-~]?|\\x{9b}"
## How far an editor without a window has come: "[  47% ] update_scripts_classes | Player", "[ DONE
## ] reimport".
const PROGRESS := "^\\[(?:[ \\d]{3}\\d% \\] \\w+ \\| .*| DONE \\] \\w+)\\s*$"

static var _steering := RegEx.create_from_string(STEERING)
static var _progress := RegEx.create_from_string(PROGRESS)


## The text without what steers a terminal.
static func plain(text: String) -> String:
	return _steering.sub(text, "", true) if is_steering(text) else text


## Whether there is something in it that steers a terminal.
static func is_steering(text: String) -> bool:
	return text.contains(ESCAPE) or text.contains(ESCAPE_8_BIT)


## Whether a line of plain text is of the engine's display of progress.
static func is_progress(line: String) -> bool:
	return line.begins_with("[") and _progress.search(line) != null
