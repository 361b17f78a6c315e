/** Gives the editors of a test file windows: a display with a window manager, and settings that no other editor writes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Display } from "./support/display.ts";
import { DISPLAY_VARIABLE } from "./support/godot-editor.ts";

const settings = mkdtempSync(join(tmpdir(), "godot-settings-"));
process.once("exit", () => rmSync(settings, { recursive: true, force: true }));
const { env } = await Display.start();
process.env[DISPLAY_VARIABLE] = JSON.stringify({ ...env, XDG_CONFIG_HOME: settings });
