## A Godot process that runs tests. It is started as from a command line, and what it prints is
## taken from its pipes: an option for its log would change what frameworks see.
@tool
extends "../processes/godot_process.gd"


var _output := ProcessOutput.new()


## What it says of errors is written to `log_path`. `runs` is the kind of tests.
func _init(runs: String, args: PackedStringArray, log_path: String) -> void:
	super(args, log_path, true, runs)


func kill() -> void:
	super()
	_output.finish()


## The end of what it has printed, from the beginning of a line.
func output_tail() -> String:
	if not _has_open_pipes():
		return super()
	var bytes := _output.tail()
	if bytes.size() >= ProcessOutput.TAIL_BYTES:
		bytes = bytes.slice(bytes.find(10) + 1)
	return _readable(bytes.get_string_from_utf8())


func _start(line: PackedStringArray, is_silent: bool) -> int:
	if not _has_open_pipes():
		return super(line, is_silent)
	var started: Dictionary = OS.call("execute_with_pipe", OS.get_executable_path(), line, false)
	if not started.is_empty():
		_output.begin(started["stdio"], started["stderr"], _log_path)
	return started.get("pid", 0)


## What a process prints, taken from its pipes as it comes. A thread does it, since a full pipe
## holds the process up, and with it the times of its tests; and what is kept is bounded.
class ProcessOutput extends RefCounted:
	const INTERVAL_USEC := 2000
	const CHUNK_BYTES := 65536
	## Of both streams together, the newest.
	const TAIL_BYTES := 65536
	## Of the errors, the oldest.
	const ERRORS_BYTES := 8 << 20

	var _thread := Thread.new()
	## Shared with the thread, under the mutex: {tail, is_over}.
	var _shared: Dictionary = {"tail": PackedByteArray(), "is_over": false}
	var _mutex := Mutex.new()

	## Takes from both streams; what comes on the second one is also written to `errors_path`.
	func begin(stdout: FileAccess, stderr: FileAccess, errors_path: String) -> void:
		# What an editor only writes to has another name until it is closed.
		FileAccess.open(errors_path, FileAccess.WRITE).close()
		var errors := FileAccess.open(errors_path, FileAccess.READ_WRITE)
		_thread.start(_take_all.bind([stdout, stderr] as Array[FileAccess], errors, _shared,
				_mutex))

	## The process has ended: takes the rest.
	func finish() -> void:
		_mutex.lock()
		_shared["is_over"] = true
		_mutex.unlock()
		if _thread.is_started():
			_thread.wait_to_finish()

	## The end of what was printed, as far as it has been taken.
	func tail() -> PackedByteArray:
		_mutex.lock()
		var bytes: PackedByteArray = (_shared["tail"] as PackedByteArray).duplicate()
		_mutex.unlock()
		return bytes

	## The thread's work. It knows nothing of the object, which may go while it runs.
	static func _take_all(streams: Array[FileAccess], errors: FileAccess, shared: Dictionary,
			mutex: Mutex) -> void:
		var is_over := false
		while not is_over:
			mutex.lock()
			is_over = shared["is_over"]
			mutex.unlock()
			for index: int in streams.size():
				_take(streams[index], errors if index == 1 else null, shared, mutex)
			OS.delay_usec(INTERVAL_USEC)
		errors.close()

	## Not more than a pipe holds at once: a child of the process may print on after its end.
	static func _take(stream: FileAccess, copy: FileAccess, shared: Dictionary,
			mutex: Mutex) -> void:
		var available := mini(stream.get_length(), CHUNK_BYTES)
		if available <= 0:
			return
		var bytes := stream.get_buffer(available)
		if copy != null and copy.get_position() < ERRORS_BYTES:
			copy.store_buffer(bytes)
			copy.flush()
		mutex.lock()
		var all: PackedByteArray = shared["tail"] + bytes
		shared["tail"] = all.slice(maxi(0, all.size() - TAIL_BYTES))
		mutex.unlock()

	## No method can be called any more when this object goes, only its variables be read.
	func _notification(what: int) -> void:
		if what == NOTIFICATION_PREDELETE and _thread.is_started():
			_mutex.lock()
			_shared["is_over"] = true
			_mutex.unlock()
			_thread.wait_to_finish()
