## Gets the project's resources, scenes and scripts for a request: as the engine has them, or
## dormant for one that only looks.
extends RefCounted

const DormantFiles := preload("dormant_files.gd")
const DormantScripts := preload("dormant_scripts.gd")
const FileLimits := preload("file_limits.gd")
const InnerResources := preload("inner_resources.gd")
const LoadedScripts := preload("loaded_scripts.gd")
const Permissions := preload("../requests/permissions.gd")


## The resource of a file, or one that is kept in a file; null when there is none.
static func resource(path: String, permissions: Permissions) -> Resource:
	var id := InnerResources.id_of(path)
	if not id.is_empty() and not ResourceLoader.has_cached(path):
		var owner := resource(InnerResources.file_of(path), permissions)
		return InnerResources.find(owner, id) if owner != null else null
	if permissions == null or not permissions.only_looks:
		if FileLimits.refusal(path) != null:
			return null
		if path.get_extension().to_lower() == DormantFiles.SCRIPT:
			return LoadedScripts.of(path)
		freshen_scripts_of(path)
		return load(path)
	if path.get_extension().to_lower() == DormantFiles.SCRIPT:
		return DormantScripts.of(path)
	var known := load(path) if ResourceLoader.has_cached(path) else null
	if known is Script:
		return DormantScripts.in_place_of(known as Script)
	return known if known != null and not known is PackedScene and known.get_script() == null \
			else DormantFiles.open(path)


## Brings the loaded scripts of all that a file needs in step with their files, before it is loaded.
static func freshen_scripts_of(path: String) -> void:
	for script: String in DormantFiles.scripts_of([path]):
		if ResourceLoader.has_cached(script):
			LoadedScripts.of(script)


static func scene(path: String, permissions: Permissions) -> PackedScene:
	return resource(path, permissions) as PackedScene


## A copy of a scene, as one that is put into another one.
static func instance(packed: PackedScene, permissions: Permissions) -> Node:
	return DormantFiles.instantiate(packed) if permissions.only_looks \
			else packed.instantiate(PackedScene.GEN_EDIT_STATE_INSTANCE)


## The script of a file; null when there is none.
static func script(path: String, permissions: Permissions) -> Script:
	if permissions == null or not permissions.only_looks:
		return LoadedScripts.of(path)
	return DormantScripts.of(path) if FileAccess.file_exists(path) else null
