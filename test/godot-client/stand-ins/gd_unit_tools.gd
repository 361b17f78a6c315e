## Makes plain text of rich text.
extends RefCounted


static func richtext_normalize(input: String) -> String:
	return RegEx.create_from_string("\\[/?(b|color|bgcolor|right|table|cell).*?\\]").sub(input, "", true)
