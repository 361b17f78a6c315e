/** Tests that a game's texts are found as they are shown (translated, in lists, tabs, menus, dialogs and tooltips), and by their keys. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Params, type Stage } from "./stage.ts";

const SPOKEN = {
  "spoken/spoken.tscn": `[gd_scene load_steps=2 format=3]

[ext_resource type="Script" path="res://spoken/spoken.gd" id="1"]

[node name="Spoken" type="Control"]
layout_mode = 3
anchors_preset = 15
anchor_right = 1.0
anchor_bottom = 1.0
script = ExtResource("1")

[node name="Start" type="Button" parent="."]
offset_right = 200.0
offset_bottom = 40.0
tooltip_text = "TIP_KEY"
text = "START_KEY"

[node name="Raw" type="Label" parent="."]
auto_translate_mode = 2
offset_top = 50.0
offset_right = 200.0
offset_bottom = 80.0
text = "START_KEY"

[node name="List" type="ItemList" parent="."]
offset_left = 300.0
offset_right = 500.0
offset_bottom = 200.0

[node name="Tabs" type="TabContainer" parent="."]
offset_left = 520.0
offset_right = 820.0
offset_bottom = 200.0

[node name="FIRST_KEY" type="Control" parent="Tabs"]
layout_mode = 2

[node name="SECOND_KEY" type="Control" parent="Tabs"]
layout_mode = 2

[node name="Choice" type="OptionButton" parent="."]
offset_top = 250.0
offset_right = 200.0
offset_bottom = 290.0

[node name="Typed" type="LineEdit" parent="."]
offset_top = 300.0
offset_right = 200.0
offset_bottom = 340.0
placeholder_text = "HINT_KEY"

[node name="Rows" type="Tree" parent="."]
offset_left = 300.0
offset_top = 250.0
offset_right = 500.0
offset_bottom = 450.0

[node name="Menu" type="PopupMenu" parent="."]

[node name="Dialog" type="AcceptDialog" parent="."]
title = "TITLE_KEY"
ok_button_text = "OK_KEY"
dialog_text = "ASK_KEY"
`,
  "spoken/spoken.gd": `extends Control

const WORDS: Dictionary = {
	"START_KEY": "Los geht's", "TIP_KEY": "Beginnt das Spiel", "SWORD_KEY": "Schwert", "SHIELD_KEY": "Schild",
	"FIRST_KEY": "Erstens", "SECOND_KEY": "Zweitens", "EASY_KEY": "Leicht", "HARD_KEY": "Schwer", "HINT_KEY": "Dein Name",
	"ROW_KEY": "Zeile", "SAVE_KEY": "Speichern", "LOAD_KEY": "Laden", "TITLE_KEY": "Achtung", "OK_KEY": "Einverstanden", "ASK_KEY": "Wirklich?",
}

var started: int = 0
var chosen: String = ""
var agreed: bool = false


func _init() -> void:
	var translation := Translation.new()
	translation.locale = "de"
	for key: String in WORDS:
		translation.add_message(key, WORDS[key])
	TranslationServer.add_translation(translation)
	TranslationServer.set_locale("de")


func _ready() -> void:
	($Start as Button).pressed.connect(func() -> void: started += 1)
	for key: String in ["SWORD_KEY", "SHIELD_KEY"]:
		($List as ItemList).add_item(key)
	for key: String in ["EASY_KEY", "HARD_KEY"]:
		($Choice as OptionButton).add_item(key)
	for key: String in ["SAVE_KEY", "LOAD_KEY"]:
		($Menu as PopupMenu).add_item(key)
	($Menu as PopupMenu).index_pressed.connect(func(index: int) -> void: chosen = ($Menu as PopupMenu).get_item_text(index))
	($Dialog as AcceptDialog).confirmed.connect(func() -> void: agreed = true)
	var top := ($Rows as Tree).create_item()
	($Rows as Tree).create_item(top).set_text(0, "ROW_KEY")


func show_menu() -> void:
	($Menu as PopupMenu).popup(Rect2i(20, 360, 150, 100))


func ask() -> void:
	($Dialog as AcceptDialog).popup_centered()
`,
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(SPOKEN);
  await stage.play({ scene: "res://spoken/spoken.tscn" });
});
afterAll(() => stage.dispose());

const click = (text: string) => stage.call("game.send_input", { events: [{ type: "click", text }] });
const call = (method: string) => stage.call("game.call_method", { path: "Spoken", method });

async function found(text: string): Promise<Params[]> {
  return (await stage.call("game.find", { text })).nodes as Params[];
}

describe("a text that the game shows", () => {
  it.each([
    ["of a button", "Los geht's", "Spoken/Start"],
    ["that is not translated", "START_KEY", "Spoken/Raw"],
    ["of an item of a list", "Schild", "Spoken/List"],
    ["of the choice of an option button", "Leicht", "Spoken/Choice"],
    ["where something can be typed", "Dein Name", "Spoken/Typed"],
    ["of a row of a tree", "Zeile", "Spoken/Rows"],
  ])("%s is found, and waited for", async (_, text, path) => {
    expect((await found(text)).map((node) => node.path)).toContain(path);
    expect(await stage.call("game.wait_for", { text })).toMatchObject({ path });
  });

  it("of a tab is found at the bar of the tabs", async () => {
    const [bar] = await found("Zweitens");
    expect(bar).toMatchObject({ type: "TabBar", items: ["Erstens", "Zweitens"] });
    expect(String(bar?.path)).toMatch(/^Spoken\/Tabs\//);
  });

  it("is reported as it is shown, with its key, its items and its tooltip", async () => {
    expect(await found("Los geht")).toMatchObject([
      { path: "Spoken/Start", text: "Los geht's", textKey: "START_KEY", tooltip: "Beginnt das Spiel" },
    ]);
    expect(await found("Schwert")).toMatchObject([{ path: "Spoken/List", items: ["Schwert", "Schild"] }]);
    expect(await found("beginnt das")).toMatchObject([{ path: "Spoken/Start" }]);
  });

  it("is found by its key, too; a wait for a hidden text never succeeds", async () => {
    expect((await found("SHIELD_KEY")).map((node) => node.path)).toEqual(["Spoken/List"]);
    expect(await stage.call("game.wait_for", { text: "SHIELD_KEY" })).toMatchObject({ path: "Spoken/List" });
    expect(await stage.fails("game.wait_for", { text: "Speichern", timeoutMs: 50 })).toMatchObject({ kind: "TIMEOUT" });
    expect(await stage.fails("game.wait_for", { text: "Beginnt das Spiel", timeoutMs: 50 })).toMatchObject({
      kind: "TIMEOUT",
    });
  });
});

describe("a click on a text", () => {
  it("hits the button that shows it, has it as its key, or says it when pointed at", async () => {
    for (const text of ["Los geht's", "Beginnt das Spiel"]) await click(text);
    expect(await stage.properties("Spoken", "started")).toEqual({ started: 2 });
  });

  it("hits an item of a list, a tab and a row", async () => {
    await click("Schild");
    await stage.call("game.wait_for", { path: "Spoken/List" });
    expect(
      await stage.call("game.call_method", { path: "Spoken/List", method: "is_selected", args: [1] }),
    ).toMatchObject({ result: true });
    await click("Zweitens");
    expect(await stage.properties("Spoken/Tabs", "current_tab")).toEqual({ current_tab: 1 });
  });

  it("chooses an item of an open menu", async () => {
    await call("show_menu");
    await stage.call("game.wait_for", { text: "Laden" });
    await click("Laden");
    expect(await stage.properties("Spoken", "chosen")).toEqual({ chosen: "LOAD_KEY" });
  });

  it("opens an option button, and chooses among what it offers", async () => {
    await click("Leicht");
    await stage.call("game.wait_for", { text: "Schwer" });
    await click("Schwer");
    expect(await stage.properties("Spoken/Choice", "selected")).toEqual({ selected: 1 });
    expect(await stage.call("game.wait_for", { text: "Schwer" })).toMatchObject({ path: "Spoken/Choice" });
  });

  it("hits the button of a dialog", async () => {
    await call("ask");
    for (const text of ["Wirklich?", "Achtung"]) await stage.call("game.wait_for", { text });
    await click("Einverstanden");
    await stage.call("game.wait_for", { text: "Einverstanden", gone: true });
    expect(await stage.properties("Spoken", "agreed")).toEqual({ agreed: true });
  });
});
