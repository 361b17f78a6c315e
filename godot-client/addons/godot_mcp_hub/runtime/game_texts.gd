## What the nodes of a game say to the player: as it is shown, in the player's language, and as the
## project has it, often a key of its translations.
extends RefCounted

const GameTexts := preload("game_texts.gd")

## Items of a list, a menu, a tree or a bar of tabs that are looked at.
const MOST_ITEMS := 1000
## Items that the description of a node has.
const ITEMS_TOLD := 20

## The shown text; empty where there is none.
var shown: String = ""
## What the project has for it.
var key: String = ""
## Where it is, in its Control; without an area when it is the Control's own text.
var rect := Rect2()
## It is shown only while the pointer rests on the Control.
var is_tooltip: bool = false


## Everything that a node says: its own text first, then its items, then its tooltip.
static func of(node: Node) -> Array[GameTexts]:
	var texts := _own(node)
	if node is ItemList or node is TabBar or node is PopupMenu:
		texts.append_array(_items(node))
	elif node is Tree:
		texts.append_array(_rows(node as Tree))
	if node is Control and not (node as Control).tooltip_text.is_empty():
		var tooltip := _translated(node, (node as Control).tooltip_text)
		tooltip.is_tooltip = true
		texts.append(tooltip)
	return texts


## What a description of the node has of it: `text`, `textKey` where that is another one, `items`,
## `tooltip`.
static func described(node: Node) -> Dictionary:
	var facts: Dictionary = {}
	var items: Array[String] = []
	for text: GameTexts in of(node):
		if text.is_tooltip:
			facts["tooltip"] = text.shown
		elif text.rect.has_area() or node is PopupMenu:
			items.append(text.shown)
		elif not facts.has("text"):
			facts["text"] = text.shown
			if text.key != text.shown:
				facts["textKey"] = text.key
	if not items.is_empty():
		facts["items"] = items.slice(0, ITEMS_TOLD)
	return facts


## Whether a node says what is looked for, shown or as a key.
static func says(node: Node, wanted: String) -> bool:
	return of(node).any(func(text: GameTexts) -> bool: return text.rank(wanted) > 0)


## The first of those that the player sees and that say `wanted`, {node, text}: what is shown before
## keys, a whole text before a part of one, tooltips last and only if `with_tooltips`. Empty when
## there is none.
static func find(nodes: Array[Node], wanted: String, with_tooltips: bool) -> Dictionary:
	var best: Dictionary = {}
	var best_rank := 0
	for node: Node in nodes:
		if not _is_seen(node):
			continue
		for text: GameTexts in of(node):
			var rank := text.rank(wanted)
			if rank > best_rank and (with_tooltips or not text.is_tooltip):
				best = {"node": node, "text": text}
				best_rank = rank
	return best


## How well it fits what is looked for; 0 for not at all.
func rank(wanted: String) -> int:
	var fit := 0
	for candidate: Array in [[shown, 4, 3], [key, 2, 1]]:
		if candidate[0] == wanted:
			fit = maxi(fit, candidate[1])
		elif (candidate[0] as String).containsn(wanted):
			fit = maxi(fit, candidate[2])
	return fit if is_tooltip or fit == 0 else fit + 4


static func _is_seen(node: Node) -> bool:
	if node is Control:
		return (node as Control).is_visible_in_tree()
	return node is Window and (node as Window).visible


static func _own(node: Node) -> Array[GameTexts]:
	var texts: Array[GameTexts] = []
	if node is RichTextLabel:
		var text := _new((node as RichTextLabel).text, (node as RichTextLabel).get_parsed_text())
		return [text] if not text.shown.is_empty() else texts
	if not node is Control and not node is Label3D and not node is Window:
		return texts
	for property: StringName in [&"text", &"title", &"placeholder_text"]:
		var value: Variant = node.get(property)
		if not value is String or (value as String).is_empty():
			continue
		var is_typed: bool = property == &"text" and (node is LineEdit or node is TextEdit)
		if property != &"placeholder_text" or texts.is_empty():
			texts.append(_new(value, value) if is_typed else _translated(node, value))
	return texts


static func _items(node: Node) -> Array[GameTexts]:
	var texts: Array[GameTexts] = []
	var is_bar := node is TabBar
	var count: int = node.get(&"tab_count" if is_bar else &"item_count")
	for index: int in mini(count, MOST_ITEMS):
		if is_bar and (node as TabBar).is_tab_hidden(index):
			continue
		var title: String = node.call(&"get_tab_title" if is_bar else &"get_item_text", index)
		var mode: int = Node.AUTO_TRANSLATE_MODE_INHERIT if is_bar \
				else node.call(&"get_item_auto_translate_mode", index)
		var text := _translated(node, title, mode)
		if is_bar:
			text.rect = (node as TabBar).get_tab_rect(index)
		elif node is ItemList:
			text.rect = (node as ItemList).get_item_rect(index)
			text.rect.position -= Vector2((node as ItemList).get_h_scroll_bar().value,
					(node as ItemList).get_v_scroll_bar().value)
		if not title.is_empty():
			texts.append(text)
	return texts


static func _rows(tree: Tree) -> Array[GameTexts]:
	var texts: Array[GameTexts] = []
	var item := tree.get_root()
	if item != null and tree.hide_root:
		item = item.get_next_visible()
	while item != null and texts.size() < MOST_ITEMS:
		for column: int in tree.columns:
			if not item.get_text(column).is_empty():
				var text := _translated(tree, item.get_text(column),
						item.get_auto_translate_mode(column))
				text.rect = tree.get_item_area_rect(item, column)
				text.rect.position -= tree.get_scroll()
				texts.append(text)
		item = item.get_next_visible()
	return texts


static func _translated(node: Node, text: String,
		mode: int = Node.AUTO_TRANSLATE_MODE_INHERIT) -> GameTexts:
	var context: Variant = node.get(&"translation_context")
	var is_off := mode == Node.AUTO_TRANSLATE_MODE_DISABLED
	var is_on := mode == Node.AUTO_TRANSLATE_MODE_ALWAYS or node.can_auto_translate()
	return _new(text, node.tr(text, context if context != null else &"") if is_on and not is_off
			else text)


static func _new(its_key: String, its_text: String) -> GameTexts:
	var text := GameTexts.new()
	text.key = its_key
	text.shown = its_text
	return text
