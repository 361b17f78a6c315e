## What a running game says of itself when it meets a hub.
extends "../wire/instance_identity.gd"

var _parent: String
var _name: String


## `parent` is the id of the editor that plays the game, `name` what the game would like to be called.
func _init(parent: String, name: String) -> void:
	_parent = parent
	_name = name


func identify(resume_token: String) -> Dictionary:
	var message := super.identify(resume_token)
	message["clientType"] = "game"
	message["parent"] = _parent
	message["name"] = _name
	# The editor may be one that a hub has started; its games are not.
	(message["instance"] as Dictionary).erase("launchId")
	return message
