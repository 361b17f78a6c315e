## The main loop of GUT or of GdUnit4, made to end with the editor that has started it, also while a test hangs: a script that
## extends the framework's own. It is written for each run, since it would be broken in a project without that framework.
extends RefCounted

const TestSelection := preload("test_selection.gd")
const WatchedTree := preload("watched_tree.gd")

## The watch begins before the framework does, and overrides nothing of it.
const TEXT := """extends "%s"

var _editor_watch: RefCounted = preload("%s").begin_watch(self)
"""


## Writes it into `folder`, and gives its path. GdUnit4 knows its own arguments by the name of its script: it stays.
static func write(framework: String, folder: String) -> String:
	var entry: String = TestSelection.ENTRIES[framework]
	var path := folder.path_join(entry.get_file())
	var file := FileAccess.open(path, FileAccess.WRITE)
	file.store_string(TEXT % [entry, (WatchedTree as Script).resource_path])
	file.close()
	return path
