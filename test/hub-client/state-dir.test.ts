import { describe, expect, it } from "vitest";
import { stateDirectory, userFolder } from "../../hub-client/state-dir.ts";

describe("the state directory", () => {
  it("lies in HOME, wherever GODOT_HUB_HOME does not say otherwise", () => {
    expect(stateDirectory({ HOME: "/home/ann" }, "linux")).toBe("/home/ann/.godot-hub");
    expect(stateDirectory({ HOME: "/Users/ann" }, "darwin")).toBe("/Users/ann/.godot-hub");
    expect(stateDirectory({ HOME: "/home/ann", GODOT_HUB_HOME: "/srv/hub" }, "linux")).toBe("/srv/hub");
  });

  it("lies in the profile on Windows, also for a program from a shell with another HOME", () => {
    const env = { USERPROFILE: "C:\\Users\\Ann", HOME: "H:\\unix" };
    expect(stateDirectory(env, "win32")).toBe("C:\\Users\\Ann\\.godot-hub");
    expect(userFolder({ USERPROFILE: "C:\\Users\\Ann" }, "win32")).toBe("C:\\Users\\Ann");
  });
});
