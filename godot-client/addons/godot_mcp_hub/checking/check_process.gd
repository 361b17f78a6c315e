## Has scripts checked in a separate process. Nothing of the project runs there, and a script may
## crash it.
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const GodotProcess := preload("../processes/godot_process.gd")
const CheckJobs := preload("check_jobs.gd")
const Result := preload("../requests/result.gd")

## Where plans and reports are: removed when they are read.
const FOLDER := "user://godot_mcp_hub"
const CHECKER := "../checker/script_checker.gd"
const RUN_MARK := "godot_mcp_hub: run "
const LAST_BYTES := 4096
## Texts that one process checks.
const JOBS_LIMIT := 1000
## Longer than a check may take, and than the process takes to start on a busy machine.
const SILENCE_LIMIT_MS := 60000
## The answer about a text at which the process ends, by what it said last.
const ENDED := "The engine ends while it reads this text."
const ENDS: Dictionary = {
	"memory": "The engine needs more than 2 GiB to read this text.",
	"time": "The engine needs more than 30 s to read this text.",
}

static var _count: int = 0

## Told how many texts have been checked, each time when it becomes known.
var progress := Callable()

var _request: CommandRequest
## Texts that earlier processes have checked.
var _done: int = 0
var _folder: String = ProjectSettings.globalize_path(FOLDER)
var _number: int


func _init(request: CommandRequest) -> void:
	_count += 1
	_number = _count
	_request = request


## Carries out `jobs` {path, source?, asks, ...}: for each the report of ScriptReport. Empty when
## the request was cancelled.
func run(jobs: Array[Dictionary]) -> Array[Result]:
	var results: Array[Result] = []
	while results.size() < jobs.size():
		_done = results.size()
		var report := await _run_once(jobs.slice(results.size(), results.size() + JOBS_LIMIT))
		if _request.is_cancelled:
			return []
		results.append_array(report)
		_tell(results.size())
	return results


## What became of the first of `jobs`. Those before the one at which the process ends are checked
## once more, without it.
func _run_once(jobs: Array[Dictionary]) -> Array[Result]:
	DirAccess.make_dir_recursive_absolute(_folder)
	var base := _folder.path_join("check-%d-%d" % [OS.get_process_id(), _number])
	var pack := CheckerSettings.pack_in(_folder)
	var plan: Dictionary = {"jobs": jobs, "log": base + ".log",
			"project": ProjectSettings.globalize_path("res://")}
	if pack.is_empty() or not _is_stored(plan, base + ".plan"):
		DirAccess.remove_absolute(base + ".plan")
		return [Result.err(CommandResult.failed("INTERNAL_ERROR",
				"%s cannot be written, which a check of scripts and shaders needs. Nothing was saved." % _folder, "Is the disk full?"))]
	var process := GodotProcess.new(PackedStringArray([
		"--main-pack", pack, "-s", _checker(), "--", base + ".plan",
		base + ".report"]), base + ".log", true)
	var deadline := Time.get_ticks_msec() + SILENCE_LIMIT_MS
	var said := 0
	while process.is_running() and not _request.is_cancelled and Time.get_ticks_msec() < deadline:
		await _request.let_frame_pass()
		if process.log_length() > said:
			said = process.log_length()
			_tell(_done + _last_run(base + ".log"))
			deadline = Time.get_ticks_msec() + SILENCE_LIMIT_MS
	process.kill()
	var report := _report_in(base + ".report")
	var last := _last_run(base + ".log")
	for ending: String in [".plan", ".report", ".report.new", ".log"]:
		DirAccess.remove_absolute(base + ending)
	if report.get("results") is Array:
		var results: Array[Result] = []
		results.assign((report["results"] as Array).map(Result.ok))
		return results
	if last > 0 and not _request.is_cancelled:
		return await _run_once(jobs.slice(0, last))
	return [Result.ok(CheckJobs.refused(ENDS.get(report.get("end"), ENDED)))]


## A full disk takes less than it is given, without an error.
static func _is_stored(value: Variant, path: String) -> bool:
	var file := FileAccess.open(path, FileAccess.WRITE)
	if file == null:
		return false
	file.store_var(value)
	var length := file.get_position()
	file.close()
	file = FileAccess.open(path, FileAccess.READ)
	return file != null and file.get_length() == length and file.get_var() is Dictionary


func _tell(done: int) -> void:
	if progress.is_valid():
		progress.call(done)


static func _report_in(path: String) -> Dictionary:
	var file := FileAccess.open(path, FileAccess.READ)
	var report: Variant = file.get_var() if file != null else null
	return report if report is Dictionary else {}


## Which of the jobs was carried out when the log ended.
static func _last_run(path: String) -> int:
	var file := FileAccess.open(path, FileAccess.READ)
	if file == null:
		return 0
	file.seek(maxi(0, file.get_length() - LAST_BYTES))
	var text := file.get_buffer(LAST_BYTES).get_string_from_utf8()
	# All digits of a text would count.
	return text.substr(text.rfind(RUN_MARK) + RUN_MARK.length()).get_slice("\n", 0).to_int() \
			if text.contains(RUN_MARK) else 0


static func _checker() -> String:
	return (CheckJobs as Script).resource_path.get_base_dir().path_join(CHECKER).simplify_path()


## The settings of the process that checks scripts, as a pack that stands in the place of the
## project's own: only what the compiler asks for. Others name resources that the engine would load
## at its start, with their scripts.
class CheckerSettings extends RefCounted:
	const SETTINGS_FILE := "project.godot"
	## What is kept of the project's settings.
	const KEPT: Array[String] = ["application/config/", "autoload/", "debug/gdscript/"]
	const CONFIG_VERSION := 5
	## The least that a pack has beside what its files hold.
	const FRAME_BYTES := 100
	## Of the many calls to the deepest one the engine keeps, and tells with each error, only the
	## first.
	const OWN: Dictionary = {"debug/settings/gdscript/max_call_stack": 24}

	## Path of the pack, made in `folder` unless it is there.
	static func pack_in(folder: String) -> String:
		var text := _text()
		var pack := folder.path_join("settings-%s.pck" % text.md5_text())
		if FileAccess.file_exists(pack):
			return pack
		var source := folder.path_join("settings-%d.cfg" % OS.get_process_id())
		var file := FileAccess.open(source, FileAccess.WRITE)
		if file == null:
			return ""
		file.store_string(text)
		file.close()
		var packer := PCKPacker.new()
		var is_made := packer.pck_start(source + ".pck") == OK \
				and packer.add_file("res://" + SETTINGS_FILE, source) == OK \
				and packer.flush() == OK \
				and _holds(source + ".pck", text)
		DirAccess.remove_absolute(source)
		if is_made:
			DirAccess.rename_absolute(source + ".pck", pack)
		else:
			DirAccess.remove_absolute(source + ".pck")
		return pack if is_made else ""

	## A full disk takes less than it is given, without an error; the names and places of a pack's
	## files stand around their texts.
	static func _holds(pack: String, text: String) -> bool:
		var file := FileAccess.open(pack, FileAccess.READ)
		return file != null and file.get_length() >= text.to_utf8_buffer().size() + FRAME_BYTES

	static func _text() -> String:
		var config := ConfigFile.new()
		config.set_value("", "config_version", CONFIG_VERSION)
		for info: Dictionary in ProjectSettings.get_property_list():
			var name: String = info["name"]
			if KEPT.any(func(prefix: String) -> bool: return name.begins_with(prefix)):
				_keep(config, name, ProjectSettings.get_setting(name))
		for name: String in OWN:
			_keep(config, name, OWN[name])
		return config.encode_to_text()

	static func _keep(config: ConfigFile, name: String, value: Variant) -> void:
		if value is not Object:
			config.set_value(name.get_slice("/", 0), name.substr(name.find("/") + 1), value)
