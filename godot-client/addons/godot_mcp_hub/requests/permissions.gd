## What a request may do in other words than its command's: a property "script" is script.attach, whichever command sets it. The hub
## judges names of commands and does not read params: so it says which rules stand against what params can mean (see PROTOCOL.md,
## `context.withheld`), and this is where they are obeyed.
extends RefCounted

const CommandResult := preload("command_result.gd")
const Permissions := preload("permissions.gd")

const ATTACH := "script.attach"
const DETACH := "script.detach"
const A_READ := "a read sets nothing"

## It changes nothing that there is, so nothing of the project may run for it.
var only_looks: bool = false

## Rule by name of each command whose effect is withheld.
var _withheld: Dictionary = {}


## As the hub says it in the context of a request.
static func of(context: Dictionary) -> Permissions:
	var permissions := Permissions.new()
	if context.get("withheld") is Dictionary:
		permissions._withheld = context["withheld"]
	return permissions


## For values that are only compared with others.
static func for_reading() -> Permissions:
	var permissions := of({"withheld": {ATTACH: A_READ, DETACH: A_READ}})
	permissions.only_looks = true
	return permissions


## The same request, of which nothing stays.
func for_preview() -> Permissions:
	var permissions := Permissions.new()
	permissions._withheld = _withheld
	permissions.only_looks = true
	return permissions


## Null when a request may do what `command` does; otherwise why not.
func refusal(command: String) -> CommandResult:
	if not _withheld.has(command):
		return null
	return CommandResult.failed("FORBIDDEN", "That is what %s does, whatever it is called: rule '%s'. Nothing was done." % [command, _withheld[command]],
			"A person can change it: the rules are those of the hub or of this client's token.").with("rule", str(_withheld[command]))
