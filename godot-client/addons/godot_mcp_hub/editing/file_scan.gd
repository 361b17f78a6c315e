## Lets the editor look for files that were changed from outside, and waits for it.
extends RefCounted

const CommandRequest := preload("../command_request.gd")

## The scan itself begins a frame later; one that finds nothing is over at once.
const FRAMES_TO_BEGIN := 3


## True when the scan has ended; false when nobody waits for it any more.
static func run(request: CommandRequest) -> bool:
	var files := EditorInterface.get_resource_filesystem()
	if not await _until_idle(files, request):
		return false
	files.scan()
	for frame: int in FRAMES_TO_BEGIN:
		if not files.is_scanning():
			await request.let_frame_pass()
	return await _until_idle(files, request)


static func _until_idle(files: EditorFileSystem, request: CommandRequest) -> bool:
	while files.is_scanning():
		if request.is_cancelled:
			return false
		request.report_progress(roundi(files.get_scanning_progress() * 100.0), 100, "scanning files")
		await request.let_frame_pass()
	return not request.is_cancelled
