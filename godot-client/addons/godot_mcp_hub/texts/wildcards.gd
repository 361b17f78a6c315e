## Matches names with patterns as String.matchn() reads them: * stands for any characters, ? for one
## that is no dot, in whatever case.
##
## String.matchn() calls itself for each sign, and tries every way to divide a name among the stars:
## a pattern with many of them would keep the editor for hours, or end it. Here each part between
## two stars is looked for once.
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

## A longer pattern fits nothing.
const LONGEST := 1024
const SPECIAL := "\\^$.|?*+()[]{}#-"

## The last pattern: the same one is asked for many names in a row.
static var _pattern: String = ""
static var _expression: RegEx = null


## Whether the whole of a text is what `pattern` says. An empty pattern fits nothing.
static func fits(text: String, pattern: String) -> bool:
	if pattern.is_empty() or pattern.length() > LONGEST:
		return false
	if _expression == null or pattern != _pattern:
		_pattern = pattern
		_expression = RegEx.create_from_string(_expression_of(pattern), false)
	return _expression.search(text) != null


static func _expression_of(pattern: String) -> String:
	var parts: Array = Array(pattern.split("*")).map(_literally)
	if parts.size() == 1:
		return "(?is)\\A%s\\z" % parts[0]
	var middle := ""
	for part: String in parts.slice(1, -1):
		middle += "(?>.*?%s)" % part if not part.is_empty() else ""
	return "(?is)\\A%s%s.*%s\\z" % [parts[0], middle, parts[-1]]


static func _literally(part: String) -> String:
	var written := ""
	for character: String in part:
		if character == "?":
			written += "[^.]"
		else:
			written += "\\" + character if SPECIAL.contains(character) else character
	return written
