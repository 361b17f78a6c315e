import { describe, expect, it } from "vitest";
import { findGodot } from "../../hub/launching/godot-binary.ts";

/** A machine on which only these programs can be run. */
function machine(platform: NodeJS.Platform, ...programs: string[]) {
  return { platform, isExecutable: (path: string) => programs.includes(path) };
}

describe("findGodot", () => {
  it("takes the variable GODOT before all else, as it is", () => {
    const found = findGodot({ GODOT: "/opt/godot", PATH: "/usr/bin" }, ["/seen"], machine("linux", "/usr/bin/godot"));
    expect(found).toEqual({ path: "/opt/godot", from: "GODOT" });
  });

  it("takes a program on the PATH before the one that an instance has reported", () => {
    const here = machine("linux", "/usr/local/bin/godot4", "/seen");
    expect(findGodot({ PATH: "/usr/bin::/usr/local/bin" }, ["/seen"], here)).toEqual({
      path: "/usr/local/bin/godot4",
      from: "PATH",
    });
    expect(findGodot({ PATH: "/usr/bin" }, ["/gone", "/seen"], here)).toEqual({ path: "/seen", from: "an instance" });
  });

  it("on Windows looks for .exe, with semicolons between folders, and for no batch file", () => {
    const env = { Path: "C:\\tools;D:\\Godot 4" };
    const here = machine("win32", "C:\\tools\\godot.cmd", "D:\\Godot 4\\godot.exe");
    expect(findGodot(env, [], here)).toEqual({ path: "D:\\Godot 4\\godot.exe", from: "PATH" });
    expect(findGodot(env, [], machine("win32", "C:\\tools\\godot.cmd"))).toBeUndefined();
  });

  it("on macOS finds the application, which no PATH has", () => {
    const application = "/Applications/Godot.app/Contents/MacOS/Godot";
    expect(findGodot({ PATH: "/usr/bin" }, [], machine("darwin", application))).toEqual({
      path: application,
      from: "its usual place",
    });
    expect(findGodot({}, [], machine("darwin"))).toBeUndefined();
  });
});
