## The main loop of GUT or of GdUnit4, made to end with the editor that has started it, also while a test hangs, and with a witness
## of its tests: a script that extends the framework's own. It is written for each run, since it would be broken in a project
## without that framework.
extends RefCounted

const GdUnit4Witness := preload("gdunit4_witness.gd")
const GutWitness := preload("gut_witness.gd")
const TestSelection := preload("test_selection.gd")
const WatchedTree := preload("../processes/watched_tree.gd")

const WITNESSES: Dictionary = {"gut": GutWitness, "gdunit4": GdUnit4Witness}
## Watch and witness begin before the framework does, and override nothing of it.
const TEXT := """extends "%s"

var _editor_watch: RefCounted = preload("%s").begin_watch(self)
var _witness: RefCounted = preload("%s").new(self, "%s")
"""


## Writes it into `folder`, and gives its path; the witness writes to `outcomes`. GdUnit4 knows its own arguments by the name of its
## script: it stays.
static func write(framework: String, folder: String, outcomes: String) -> String:
	var entry: String = TestSelection.ENTRIES[framework]
	var path := folder.path_join(entry.get_file())
	var file := FileAccess.open(path, FileAccess.WRITE)
	var witness: Script = WITNESSES[framework]
	file.store_string(TEXT % [entry, (WatchedTree as Script).resource_path, witness.resource_path, outcomes])
	file.close()
	return path
