## What the inspector keeps of nodes that were selected together: their paths, of which the engine complains one by one, each time the tab is
## shown, once the nodes are gone.
extends RefCounted

const CLASS := "MultiNodeEdit"


## How many nodes are selected.
static func count() -> int:
	return EditorInterface.get_selection().get_selected_nodes().size()


## Shows the scene's root in place of nodes that were selected together, if some of the `before` selected ones are gone.
static func let_go(root: Node, before: int) -> void:
	var shown := EditorInterface.get_inspector().get_edited_object()
	if count() < before and shown != null and shown.is_class(CLASS):
		EditorInterface.inspect_object(root, "", true)
