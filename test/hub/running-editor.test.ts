/** Tests how editors are told in the lists of processes of macOS and Windows, with outputs as their programs give them. */
import { describe, expect, it } from "vitest";
import { isEditorOn, readCim, readLsof, readPs } from "../../hub/launching/running-editor.ts";

describe("the list of processes", () => {
  const MAC_PS = [
    "    1 /sbin/launchd",
    "  501 /Applications/Godot.app/Contents/MacOS/Godot --path /Users/ann/My Game --editor",
    "  502 /Users/ann/My Apps/Godot 4.app/Contents/MacOS/Godot -e /Users/ann/other game/project.godot",
    "  503 /Applications/Godot.app/Contents/MacOS/Godot --editor --path /Users/ann/My Game 2 res://main.tscn",
    "  504 /opt/homebrew/bin/godot --path /Users/ann/played",
    "  505 /usr/bin/vim -e /Users/ann/godot/project.godot",
    "  506 godot -e",
    "  507 /Applications/Godot.app/Contents/MacOS/Godot /Users/ann/a b/project.godot --editor --verbose",
    "",
  ].join("\n");
  const folders = ["My Game", "other game", "My Game 2", "a b", "played"].map((name) => `/Users/ann/${name}`);
  const onMac = (project: string, cwd?: string) =>
    readPs(MAC_PS, (folder) => folders.includes(folder))
      .filter(({ words }) => isEditorOn({ words, cwd }, project, "darwin"))
      .map(({ pid }) => pid);

  it("of macOS tells an editor, also where program, folder or file have spaces in their names", () => {
    expect(onMac("/Users/ann/My Game")).toEqual([501]);
    expect(onMac("/Users/ann/other game")).toEqual([502]);
    expect(onMac("/Users/ann/My Game 2")).toEqual([503]);
    expect(onMac("/Users/ann/a b")).toEqual([507]);
    for (const project of ["/Users/ann/played", "/Users/ann/godot", "/Users/ann/My", "/"])
      expect(onMac(project)).toEqual([]);
    expect(onMac("/Users/ann/here", readLsof("p506\nfcwd\nn/Users/ann/here\n"))).toEqual([506]);
    expect(readLsof("")).toBeUndefined();
  });

  const WINDOWS_CIM = [
    String.raw`{"ProcessId":11,"CommandLine":"\"C:\\Program Files\\Godot\\Godot_v4.6.3-stable_win64.exe\" --path \"C:\\Users\\Ann\\My Game\" --editor"}`,
    String.raw`{"ProcessId":12,"CommandLine":"Godot_v4.6.3-stable_win64.exe -e D:\\games\\öffne\\project.godot"}`,
    String.raw`{"ProcessId":13,"CommandLine":"C:\\godot.exe --path C:/Users/Ann/Played"}`,
    '{"ProcessId":14,"CommandLine":null}',
    String.raw`{"ProcessId":15,"CommandLine":"C:\\godot.exe --editor"}`,
  ];
  const onWindows = (text: string, project: string) =>
    readCim(text)
      .filter((program) => isEditorOn(program, project, "win32"))
      .map(({ pid }) => pid);

  it("of Windows tells an editor, one among several or alone, in either slash and any case", () => {
    const all = `\uFEFF[${WINDOWS_CIM.join(",")}]\r\n`;
    expect(onWindows(all, String.raw`C:\Users\Ann\My Game`)).toEqual([11]);
    expect(onWindows(all, "c:/users/ann/my game/")).toEqual([11]);
    expect(onWindows(all, String.raw`D:\games\öffne`)).toEqual([12]);
    for (const project of [String.raw`C:\Users\Ann\Played`, String.raw`C:\Users\Ann`, "C:\\"]) {
      expect(onWindows(all, project)).toEqual([]);
    }
    expect(onWindows(WINDOWS_CIM[1] ?? "", "D:/games/öffne")).toEqual([12]);
    expect(onWindows("", "D:/games/öffne")).toEqual([]);
  });
});
