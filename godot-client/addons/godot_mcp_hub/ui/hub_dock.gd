## Shows whether this editor is connected, as what, and which agents work in it.
@tool
extends VBoxContainer

const HubConnection := preload("../hub_connection.gd")

const STATE_TEXTS: Dictionary = {
	HubConnection.State.SEARCHING: "Looking for a hub",
	HubConnection.State.CONNECTING: "Connecting",
	HubConnection.State.OPENING: "Connecting",
	HubConnection.State.CONNECTED: "Connected",
	HubConnection.State.REFUSED: "Refused",
}

const ROWS_KEPT := 100

var _connection: HubConnection
## Tree item by agent.
var _items: Dictionary = {}

@onready var _state: Label = %State
@onready var _address: Label = %Address
@onready var _instance: Label = %Instance
@onready var _agents: Tree = %Agents
@onready var _reconnect: Button = %Reconnect


func _ready() -> void:
	if _connection == null:
		return
	_agents.set_column_title(0, "Agent")
	_agents.set_column_title(1, "Last command")
	_agents.create_item()
	_reconnect.pressed.connect(_connection.reconnect)
	_connection.state_changed.connect(_update)
	_update()


## Says which connection to show; to be called before the dock is added.
func show_connection(connection: HubConnection) -> void:
	_connection = connection


## An agent has begun a command.
func show_command(agent: String, command: String) -> void:
	if not _items.has(agent):
		if _items.size() == ROWS_KEPT:
			(_items[_items.keys()[0]] as TreeItem).free()
			_items.erase(_items.keys()[0])
		_items[agent] = _agents.create_item()
		(_items[agent] as TreeItem).set_text(0, agent)
	(_items[agent] as TreeItem).set_text(1, command)


func _update() -> void:
	_state.text = STATE_TEXTS[_connection.state]
	_state.tooltip_text = _connection.reason
	_address.text = _connection.url if not _connection.url.is_empty() else "-"
	_instance.text = _connection.instance_name if not _connection.instance_name.is_empty() else "-"
