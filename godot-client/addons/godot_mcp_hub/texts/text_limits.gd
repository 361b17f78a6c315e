## Bounds texts before the engine reads them: its parsers call themselves for each level of nesting
## and for each operator of a chain, and a text that is deep enough ends the process.
##
## The engine ends at some 2,300 lambdas inside one another and at 4,000 to 10,000 of most other
## things, in 8 MiB of stack; a thread may have a sixteenth of that. Classes inside of classes take
## it twice as long at each level.
extends RefCounted

const TextLimits := preload("text_limits.gd")

const LENGTH := 1 << 20
const LINES := 50000
## Brackets, blocks and functions inside one another.
const NESTING := 100
## Operators, calls and branches one after another in one expression or statement.
const CHAIN := 250
const CLASSES := 12
## Shorter expressions cannot be over a limit that matters.
const SHORT := 250

## Quoted texts of a GDScript, also over several lines; one that never ends goes on to the end of
## the text.
const STRINGS := "(?s:\"\"\"(?:[^\"\\\\]++|\\\\.|\"(?!\"\"))*+(?:\"\"\"|\\\\?\\z)|'''(?:[^'\\\\]++|\\\\.|'(?!''))*+(?:'''|\\\\?\\z)|\"(?:[^\"\\\\]++|\\\\.)*+(?:\"|\\\\?\\z)|'(?:[^'\\\\]++|\\\\.)*+(?:'|\\\\?\\z))"
## A shader has none but the name of a file that it includes.
const SHADER_STRINGS := "\"[^\"\\n]*+\""
const SCRIPT_COMMENTS := "#[^\\n]*"
const SHADER_COMMENTS := "//[^\\n]*|(?s:/\\*.*?\\*/)"
## Of an expression: what opens, closes and separates, and what goes on.
const TOKENS := "[()\\[\\]{}]|[,;\\n]|[-+~!]|[*/%&|^<>=]+|\\.(?!\\d)|[$@?]|\\b(?:and|or|not|in|is|as|if|else|elif|await|func)\\b"
const OPENING := "([{"
const CLOSING := ")]}"

var _tokens := RegEx.create_from_string(TOKENS)
var _problem: String = ""
## Widths of the indentations that a line stands in, and of those that are of classes.
var _blocks: Array[int] = []
var _classes: Array[int] = []
## How many branches a statement has had, by the width of its indentation.
var _branches: Dictionary = {}


## The errors in the text of a GDScript; empty when it is within all limits.
static func problem_of_script(text: String) -> String:
	var limits := TextLimits.new()
	if not limits._is_longer(text):
		limits._read_lines(RegEx.create_from_string("%s|%s" % [STRINGS, SCRIPT_COMMENTS]).sub(text,
				"\"", true).split("\n"))
	return limits._problem


## The same for the code of a shader.
static func problem_of_shader(text: String) -> String:
	var limits := TextLimits.new()
	if not limits._is_longer(text):
		limits._measure(
				RegEx.create_from_string("%s|%s" % [SHADER_STRINGS, SHADER_COMMENTS]).sub(text,
				"\"", true), true)
	return limits._problem


## The same for values as the engine's text resources have them, of any length: only for how deep
## their brackets are.
static func problem_of_values(text: String) -> String:
	var brackets := RegEx.create_from_string("(?s)\"(?:[^\"\\\\]++|\\\\.)*+\"|[^()\\[\\]{}\"]++") \
			.sub(text, "", true)
	for level: int in NESTING:
		var outer := brackets.replace("()", "").replace("[]", "").replace("{}", "")
		if outer == brackets:
			break
		brackets = outer
	# The rest never closes, or is deeper.
	return "It nests deeper than %d." % NESTING if brackets.length() > NESTING else ""


func _is_longer(text: String) -> bool:
	if text.length() > LENGTH:
		_problem = "It has %d characters; %d are read." % [text.length(), LENGTH]
	elif text.count("\n") > LINES:
		_problem = "It has more than %d lines." % LINES
	return not _problem.is_empty()


func _read_lines(lines: PackedStringArray) -> void:
	var expression := ""
	var depth := 0
	for content: String in lines:
		if depth == 0 and not expression.ends_with("\\"):
			_end_expression(expression)
			_begin_line(content)
			expression = content
		else:
			expression = expression.trim_suffix("\\") + "\n" + content
		depth = maxi(0, depth + _opened(content))
		if not _problem.is_empty():
			return
	_end_expression(expression)


## How many more brackets a line opens than it closes.
static func _opened(content: String) -> int:
	return content.count("(") + content.count("[") + content.count("{") - content.count(
			")") - content.count("]") - content.count("}")


## A line at which a statement begins: the blocks that it stands in, and whether it goes on with
## branches.
func _begin_line(content: String) -> void:
	var inner := content.strip_edges(true, false)
	if inner.is_empty() or inner == "\"":
		return
	var width := content.length() - inner.length()
	while not _blocks.is_empty() and _blocks[-1] >= width:
		_blocks.pop_back()
	while not _classes.is_empty() and _classes[-1] >= width:
		_classes.pop_back()
	_blocks.append(width)
	if inner.begins_with("elif"):
		_branches[width] = _branches.get(width, 0) + 1
	elif not inner.begins_with("else"):
		_branches.erase(width)
	if inner.begins_with("class "):
		_classes.append(width)
	if _blocks.size() > NESTING:
		_problem = "It nests deeper than %d blocks." % NESTING
	elif _branches.get(width, 0) > CHAIN:
		_problem = "It has a statement with more than %d branches." % CHAIN
	elif _classes.size() + maxi(inner.count("class ") - 1, 0) > CLASSES:
		_problem = "It has more than %d classes inside one another." % CLASSES


func _end_expression(expression: String) -> void:
	if expression.length() > SHORT and _problem.is_empty():
		_measure(expression, false)


## Counts levels, and on each level what follows one another without a separator. A line ends
## something only in a function's body, and a brace only where there are no dictionaries.
func _measure(expression: String, has_braces: bool) -> void:
	var chains: Array[int] = [0]
	var functions: Array[int] = [0]
	var depth := 1
	for found: RegExMatch in _tokens.search_all(expression):
		var token := found.get_string()
		if OPENING.contains(token):
			chains.append(0)
			functions.append(0)
			depth += 1
		elif CLOSING.contains(token):
			if chains.size() > 1:
				depth -= 1 + functions[-1]
				chains.pop_back()
				functions.pop_back()
			chains[-1] = 0 if has_braces and token == "}" else chains[-1] + 1
		elif token == "," or token == ";" or token == "\n" and functions[-1] > 0:
			chains[-1] = 0
			if token == ",":
				depth -= functions[-1]
				functions[-1] = 0
		elif token != "\n":
			chains[-1] += 1
			if token == "func":
				functions[-1] += 1
				depth += 1
		if depth > NESTING:
			_problem = "It nests deeper than %d." % NESTING
			return
		if chains[-1] > CHAIN:
			_problem = "It has an expression with more than %d operators and calls in a row." % CHAIN
			return
