## Takes nodes that are gone out of the inspector's selection of several nodes.
##
## The inspector keeps their paths, and the engine complains of each of them whenever the tab is
## shown.
## Godot: 4.3 to 4.6.
## Remove when: undoing the creation of two selected nodes leaves no error "Node not found" in the
## editor's log.
extends RefCounted

const CLASS := "MultiNodeEdit"


## How many nodes are selected.
static func count() -> int:
	return EditorInterface.get_selection().get_selected_nodes().size()


## Shows the scene's root in place of nodes that were selected together, if some of the `before`
## selected ones are gone.
static func let_go(root: Node, before: int) -> void:
	var shown := EditorInterface.get_inspector().get_edited_object()
	if count() < before and shown != null and shown.is_class(CLASS):
		EditorInterface.inspect_object(root, "", true)
