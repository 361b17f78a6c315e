## Shows whether this editor is connected, as what, which agents work in it and what they do; lets a
## person pause them.
@tool
extends VBoxContainer

const CommandRouter := preload("../routing/command_router.gd")
const EditorDialogs := preload("../editor/editor_dialogs.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const HubConnection := preload("../wire/hub_connection.gd")
const LinkedFolders := preload("../requests/linked_folders.gd")

## A person wants no more commands to begin; `reason` is what agents read, empty when they may
## go on.
signal paused(reason: String)

const PAUSE_REASON := "A person has paused this editor."
const STATE_TEXTS: Dictionary = {
	HubConnection.State.SEARCHING: "Looking for a hub",
	HubConnection.State.CONNECTING: "Connecting",
	HubConnection.State.OPENING: "Connecting",
	HubConnection.State.CONNECTED: "Connected",
	HubConnection.State.REFUSED: "Refused",
}
const EXECUTION_TIP := "Agents may then call methods that run code of this project."
const LINKS_TIP := "Folders outside of the project, with commas between them: agents may read and instance what links in the project lead to there. They write nothing there."
const LOG_LINES := 100
## How often the work of agents is shown anew: laying out texts takes milliseconds, which no command
## should wait for.
const SHOW_INTERVAL_MS := 250

var _connection: HubConnection
var _router: CommandRouter
## Tree item by agent.
var _items: Dictionary = {}
## The newest lines of the log.
var _lines: Array[String] = []
## Last command by agent, where it is not shown yet.
var _unshown: Dictionary = {}
var _is_log_shown: bool = true
var _next_show_ms: int = 0
## Titles of the dialogs that are shown.
var _shown_dialogs: PackedStringArray = []
## The reason that agents read while they are paused; empty while they are not.
var _shown_pause: String = ""

@onready var _state: Label = %State
@onready var _address: Label = %Address
@onready var _instance: Label = %Instance
@onready var _queue: Label = %Queue
@onready var _dialogs: Label = %Dialogs
@onready var _agents: Tree = %Agents
@onready var _log: RichTextLabel = %Log
@onready var _reconnect: Button = %Reconnect
@onready var _pause: Button = %Pause
@onready var _allow_execution: CheckBox = %AllowExecution
@onready var _allow_links: LineEdit = %AllowLinks


func _ready() -> void:
	if _connection == null:
		return
	_agents.set_column_title(0, "Agent")
	_agents.set_column_title(1, "Last command")
	_agents.create_item()
	_reconnect.pressed.connect(_connection.reconnect)
	_pause.toggled.connect(_on_pause_toggled)
	_allow_execution.toggled.connect(ExecutionGate.set_open)
	_allow_links.text = ", ".join(LinkedFolders.named_in_dock())
	# Not while it is typed: what it begins with would be allowed for a moment.
	_allow_links.text_submitted.connect(LinkedFolders.set_named_in_dock)
	_allow_links.focus_exited.connect(func() -> void:
		LinkedFolders.set_named_in_dock(_allow_links.text))
	_connection.state_changed.connect(_update)
	_router.began.connect(_on_began)
	_router.ended.connect(_on_ended)
	_update()


func _process(_delta: float) -> void:
	if _router == null or Time.get_ticks_msec() < _next_show_ms or not is_visible_in_tree():
		return
	_next_show_ms = Time.get_ticks_msec() + SHOW_INTERVAL_MS
	_queue.text = str(_router.pending_count())
	_show_dialogs()
	for agent: String in _unshown:
		_show_agent(agent, _unshown[agent])
	_unshown.clear()
	if not _is_log_shown:
		_is_log_shown = true
		_log.text = "\n".join(PackedStringArray(_lines))


## Says what to show; to be called before the dock is added.
func show_work(connection: HubConnection, router: CommandRouter) -> void:
	_connection = connection
	_router = router


func _on_began(agent: String, command: String) -> void:
	_unshown[agent] = command


func _show_agent(agent: String, command: String) -> void:
	if not _items.has(agent):
		_items[agent] = _agents.create_item()
		(_items[agent] as TreeItem).set_text(0, agent)
	(_items[agent] as TreeItem).set_text(1, command)


## What waits for an answer, of a person or of an agent.
func _show_dialogs() -> void:
	var titles := EditorDialogs.titles()
	if titles == _shown_dialogs:
		return
	_shown_dialogs = titles
	var lines: PackedStringArray = []
	var texts: PackedStringArray = []
	for dialog: Dictionary in EditorDialogs.described():
		lines.append("%s [%s]" % [dialog["title"],
				", ".join(PackedStringArray(dialog["buttons"] as Array))])
		texts.append(dialog["text"])
	_dialogs.text = "\n".join(lines) if not lines.is_empty() else "-"
	_dialogs.tooltip_text = "\n".join(texts)


func _on_ended(agent: String, command: String, kind: String) -> void:
	_write("%s  %s%s" % [agent, command, "" if kind.is_empty() else "  " + kind])


func _on_pause_toggled(is_paused: bool) -> void:
	paused.emit(PAUSE_REASON if is_paused else "")


## Shows that agents are kept waiting, whoever wants it so, and the reason that they read; an empty
## `reason` that they are not.
func show_pause(reason: String) -> void:
	if reason == _shown_pause:
		return
	_shown_pause = reason
	_pause.set_pressed_no_signal(not reason.is_empty())
	_pause.text = "Continue" if not reason.is_empty() else "Pause agents"
	_pause.tooltip_text = reason
	_write("Paused: %s" % reason if not reason.is_empty() else "Going on")


func _update() -> void:
	_state.text = STATE_TEXTS[_connection.state]
	_state.tooltip_text = _connection.reason
	_address.text = _connection.url if not _connection.url.is_empty() else "-"
	_instance.text = _connection.instance_name if not _connection.instance_name.is_empty() else "-"
	_show_execution()
	_show_links()
	_write(_state.text if _connection.reason.is_empty()
			else "%s: %s" % [_state.text, _connection.reason])


## The box says what is the case, and can be changed where it decides.
func _show_execution() -> void:
	var elsewhere := ExecutionGate.opened_elsewhere()
	_allow_execution.set_pressed_no_signal(ExecutionGate.is_open())
	_allow_execution.disabled = not elsewhere.is_empty()
	_allow_execution.tooltip_text = EXECUTION_TIP if elsewhere.is_empty() \
			else "%s %s" % [EXECUTION_TIP, elsewhere]


## Says which folders are named elsewhere, too.
func _show_links() -> void:
	var elsewhere := LinkedFolders.named_elsewhere()
	_allow_links.tooltip_text = LINKS_TIP if elsewhere.is_empty() \
			else "%s Named elsewhere: %s." % [LINKS_TIP, ", ".join(elsewhere)]


func _write(line: String) -> void:
	_lines.append("%s  %s" % [Time.get_time_string_from_system(), line])
	if _lines.size() > LOG_LINES:
		_lines.pop_front()
	_is_log_shown = false
