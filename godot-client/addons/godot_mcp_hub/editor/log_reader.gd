## Reads the log in pages: from the EngineLog, or from the engine's log file where there is no
## Logger (before Godot 4.5).
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const EngineLog := preload("../engine/engine_log.gd")
const PrintedText := preload("../engine/printed_text.gd")

const FILE_SETTING := "debug/file_logging/log_path"
const ERROR_MARKS: Array[String] = ["ERROR:", "SCRIPT ERROR:", "USER ERROR:", "Parse Error:"]
const WARNING_MARKS: Array[String] = ["WARNING:", "USER WARNING:"]
## The most that is read of a log file, from its end.
const FILE_BYTES := 1024 * 1024


## Entries of at least `level` after `cursor`; without one the newest. At most `limit`.
static func page(engine_log: EngineLog, cursor: String, level: String, limit: int) -> CommandResult:
	if not cursor.is_empty() and not cursor.is_valid_int():
		return CommandResult.failed("INVALID_PARAMS",
				"'cursor' must be the cursor of an earlier answer.")
	if not engine_log.is_listening():
		return _cut(lines_of_file(str(ProjectSettings.get_setting(FILE_SETTING, "")), level),
				cursor, limit, -1)
	return _cut(engine_log.since(cursor.to_int(), level), cursor, limit, engine_log.position())


## Entries of a log file, numbered by their lines.
static func lines_of_file(path: String, level: String) -> Array[Dictionary]:
	var entries: Array[Dictionary] = []
	var file := FileAccess.open(path, FileAccess.READ)
	if file == null:
		return entries
	file.seek(maxi(0, file.get_length() - FILE_BYTES))
	var number := 0
	for raw: String in file.get_buffer(FILE_BYTES).get_string_from_utf8().split("\n", false):
		number += 1
		var line := PrintedText.plain(raw)
		var its_level := _level_of(line)
		if not PrintedText.is_progress(line) \
				and EngineLog.LEVELS.find(its_level) >= EngineLog.LEVELS.find(level):
			entries.append({"seq": number, "level": its_level, "message": line.strip_edges()})
	return entries


static func _level_of(line: String) -> String:
	var text := line.strip_edges()
	if ERROR_MARKS.any(func(mark: String) -> bool: return text.begins_with(mark)):
		return "error"
	return "warning" \
			if WARNING_MARKS.any(func(mark: String) -> bool: return text.begins_with(mark)) \
			else "info"


static func _cut(entries: Array[Dictionary], cursor: String, limit: int,
		newest: int) -> CommandResult:
	var is_continued := not cursor.is_empty()
	var later := entries.filter(func(entry: Dictionary) -> bool:
		return entry["seq"] > cursor.to_int())
	var shown := later.slice(0, limit) if is_continued \
			else later.slice(maxi(0, later.size() - limit))
	var is_cut := shown.size() < later.size()
	var last: int = shown[-1]["seq"] if not shown.is_empty() else cursor.to_int()
	var answer: Dictionary = {"entries": shown,
			"cursor": str(last if is_continued and is_cut else maxi(last, newest))}
	if is_cut:
		answer["truncated"] = true
	return CommandResult.succeeded(answer)
