## Makes a picture small enough to be looked at by a model: resized, encoded, and told with its
## sizes.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const Wait := preload("../engine/wait.gd")

## Longest edge, in pixels.
const DEFAULT_SIZE := 1280
const LEAST_SIZE := 16
const MOST_SIZE := 4096
## Characters of base64: what AI clients take.
const MOST_DATA := 700_000
const FORMATS: Array[String] = ["webp", "jpeg", "png"]
const QUALITIES: Array[float] = [0.85, 0.7, 0.5]
## How much smaller each further try is when a picture does not fit.
const SHRINK := 0.75


## Null when the parameters `maxSize` and `format` can be used.
static func refusal(request: CommandRequest) -> CommandResult:
	var size := request.number("maxSize", DEFAULT_SIZE)
	if size < LEAST_SIZE or size > MOST_SIZE:
		return CommandResult.failed("INVALID_PARAMS",
				"'maxSize' must be between %d and %d." % [LEAST_SIZE, MOST_SIZE])
	if not FORMATS.has(request.text("format", FORMATS[0])):
		return CommandResult.failed("INVALID_PARAMS",
				"'format' must be one of %s." % ", ".join(PackedStringArray(FORMATS)))
	return null


## Members of an answer: {mimeType, data, width, height, sourceWidth, sourceHeight}; `data` is
## base64.
static func describe(image: Image, request: CommandRequest) -> Dictionary:
	var format := request.text("format", FORMATS[0])
	var source := image.get_size()
	var picture := _plain(image)
	_fit(picture, request.number("maxSize", DEFAULT_SIZE))
	var data := _encode(picture, format)
	while data.length() > MOST_DATA:
		_fit(picture, int(maxi(picture.get_width(), picture.get_height()) * SHRINK))
		data = _encode(picture, format)
	return {
		"mimeType": "image/" + format, "data": data, "width": picture.get_width(),
		"height": picture.get_height(),
		"sourceWidth": source.x, "sourceHeight": source.y,
	}


## One picture of many, in rows from the top left.
static func sheet(images: Array[Image]) -> Image:
	var columns := ceili(sqrt(images.size()))
	var rows := ceili(float(images.size()) / columns)
	var cell := images[0].get_size()
	var whole := Image.create_empty(cell.x * columns, cell.y * rows, false, Image.FORMAT_RGB8)
	for index: int in images.size():
		var picture := _plain(images[index])
		@warning_ignore("integer_division")
		whole.blit_rect(picture, Rect2i(Vector2i.ZERO, cell),
				Vector2i(index % columns, index / columns) * cell)
	return whole


static func no_pixels(what: String) -> CommandResult:
	return CommandResult.failed("CONFLICT",
			"%s runs without a display (headless): there are no pixels to look at." % what,
			"Start the editor without --headless; on a machine without a display: xvfb-run -a godot --rendering-driver opengl3 --editor --path <project>.")


static func _plain(image: Image) -> Image:
	var picture: Image = image.duplicate()
	if picture.is_compressed():
		picture.decompress()
	picture.convert(Image.FORMAT_RGB8)
	return picture


static func _fit(picture: Image, longest: int) -> void:
	var size := picture.get_size()
	var scale := float(longest) / maxi(size.x, size.y)
	if scale < 1.0:
		picture.resize(maxi(1, roundi(size.x * scale)), maxi(1, roundi(size.y * scale)),
				Image.INTERPOLATE_LANCZOS)


static func _encode(picture: Image, format: String) -> String:
	if format == "png":
		return Marshalls.raw_to_base64(picture.save_png_to_buffer())
	var data := ""
	for quality: float in QUALITIES:
		var bytes := picture.save_webp_to_buffer(true, quality) if format == "webp" \
				else picture.save_jpg_to_buffer(quality)
		data = Marshalls.raw_to_base64(bytes)
		if data.length() <= MOST_DATA:
			break
	return data


## Waits until the engine has drawn what is true now, also where it draws only when something has
## changed: a still game in low processor mode, an editor in which nothing happens.
class FrameCapture extends RefCounted:
	const TIMEOUT_MS := 3000

	## How many wait: meanwhile the engine draws every frame.
	static var _waiting: int
	static var _was_saving: bool

	var _has_drawn: bool = false

	## Whether a frame was drawn; false when none was for a while, as in a window that is minimised.
	static func wait(request: CommandRequest) -> bool:
		if _waiting == 0:
			_was_saving = OS.low_processor_usage_mode
			OS.low_processor_usage_mode = false
		_waiting += 1
		# The first frame may have been begun before now.
		var has_drawn := await _next(request) and await _next(request)
		_waiting -= 1
		if _waiting == 0:
			OS.low_processor_usage_mode = _was_saving
		return has_drawn

	static func _next(request: CommandRequest) -> bool:
		var drawn := new()
		RenderingServer.frame_post_draw.connect(drawn._on_drawn, CONNECT_ONE_SHOT)
		await Wait.until(func() -> bool: return drawn._has_drawn or request.is_cancelled,
				TIMEOUT_MS)
		if not drawn._has_drawn:
			RenderingServer.frame_post_draw.disconnect(drawn._on_drawn)
		return drawn._has_drawn

	func _on_drawn() -> void:
		_has_drawn = true
