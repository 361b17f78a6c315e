## What a command answers with: a value, or a failure with one of the protocol's error kinds.
extends RefCounted

const CommandResult := preload("command_result.gd")

## Errors and warnings of the engine that come with an answer; the first ones say most.
const ENGINE_ERRORS_TOLD := 20
## Failures that an open dialog may be the reason of.
const KINDS_OF_DIALOGS: Array[String] = ["NO_SCENE_OPEN", "TIMEOUT", "INTERNAL_ERROR"]

## The `result` of the response.
var value: Dictionary = {}
## Kind of the error (a key of ERROR_CODES in protocol.gd); empty for a success.
var kind: String = ""
## The error, naming the thing.
var message: String = ""
## Name of the step in the undo history that the command has become; empty for none.
var undo_step: String = ""
## The hub may answer equal questions with this until the editor says that something has changed;
## see response_cache.gd.
var may_be_kept: bool = false
## Further members of `error.data`: `hint` (the next step), `candidates` (near names), and what else
## the kind has.
var details: Dictionary = {}


static func succeeded(with_value: Dictionary) -> CommandResult:
	var result := CommandResult.new()
	result.value = with_value
	return result


static func failed(of_kind: String, text: String, hint: String = "",
		candidates: Array[String] = []) -> CommandResult:
	var result := CommandResult.new()
	result.kind = of_kind
	result.message = text
	if not hint.is_empty():
		result.details["hint"] = hint
	if not candidates.is_empty():
		result.details["candidates"] = candidates
	return result


func is_failure() -> bool:
	return not kind.is_empty()


## Adds what the engine reported while the command ran, to a success as to a failure.
func add_engine_errors(reports: Array[Dictionary]) -> void:
	if reports.is_empty():
		return
	may_be_kept = false
	var told := details if is_failure() else value
	told["engineErrors"] = reports.slice(0, ENGINE_ERRORS_TOLD)
	if reports.size() > ENGINE_ERRORS_TOLD:
		told["engineErrorsLeftOut"] = reports.size() - ENGINE_ERRORS_TOLD


## Adds the dialogs that the editor shows, to a failure that one of them may be the reason of.
func add_dialogs(dialogs: Array[Dictionary]) -> void:
	if dialogs.is_empty() or not KINDS_OF_DIALOGS.has(kind):
		return
	details["dialogs"] = dialogs
	details["hint"] = ("%s The editor shows the dialog '%s': answer it with editor.answer_dialog."
			% [
			details.get("hint", ""), dialogs[-1]["title"]]).strip_edges()


## Adds a member of `error.data`.
func with(member: String, detail: Variant) -> CommandResult:
	details[member] = detail
	return self
