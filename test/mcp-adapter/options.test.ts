import { describe, expect, it } from "vitest";
import { OptionsError, readOptions, USAGE } from "../../mcp-adapter/process/options.ts";
import { COMMAND_DEADLINE_MS } from "../../protocol/timing.ts";

describe("the adapter's options", () => {
  it("have defaults", () => {
    expect(readOptions([], { HOME: "/home/someone" })).toEqual({
      target: undefined,
      project: undefined,
      preset: "compact",
      toolsets: [],
      deadlineMs: COMMAND_DEADLINE_MS,
      tokenBudget: undefined,
      mayLaunch: true,
      home: "/home/someone/.godot-hub",
      url: undefined,
      token: undefined,
      tlsCa: undefined,
      logLevel: "warn",
      http: undefined,
    });
  });

  it("take toolsets for a wish for the preset that has them, and refuse presets that do not exist", () => {
    expect(readOptions(["--toolsets", "scene, node"], {})).toMatchObject({
      preset: "full",
      toolsets: ["scene", "node"],
    });
    expect(readOptions([], { GODOT_HUB_PRESET: "graphql" })).toMatchObject({ preset: "graphql", toolsets: [] });
    expect(() => readOptions(["--preset", "tiny"], {})).toThrow("--preset must be compact, full, graphql, not 'tiny'.");
  });

  it("come from flags, then from the environment", () => {
    const env = {
      GODOT_HUB_TARGET: "from-env",
      GODOT_HUB_DEADLINE_MS: "1000",
      GODOT_HUB_URL: "ws://127.0.0.1:1",
      GODOT_HUB_TOKEN: "secret",
      GODOT_HUB_TLS_CA: "/hub.pem",
      GODOT_HUB_HOME: "/state",
      GODOT_HUB_NO_LAUNCH: "1",
      GODOT_HUB_LOG_LEVEL: "trace",
    };
    expect(readOptions([], env)).toMatchObject({
      target: "from-env",
      deadlineMs: 1_000,
      url: "ws://127.0.0.1:1",
      token: "secret",
      tlsCa: "/hub.pem",
      home: "/state",
      mayLaunch: false,
      logLevel: "debug",
    });
    const flags = ["--target", "from-flag", "--deadline-ms=2000", "--url", "wss://host", "--home", "/other"];
    expect(readOptions(flags, env)).toMatchObject({
      target: "from-flag",
      deadlineMs: 2_000,
      url: "wss://host",
      home: "/other",
    });
  });

  it("let a project on the command line outweigh a target in the environment", () => {
    expect(readOptions(["--project", "game"], { GODOT_HUB_TARGET: "other" })).toMatchObject({
      project: "game",
      target: undefined,
    });
  });

  it("take empty variables for none", () => {
    const env = { GODOT_HUB_TARGET: "", GODOT_HUB_URL: "", GODOT_HUB_TOKEN: "", GODOT_HUB_NO_LAUNCH: "0", HOME: "/h" };
    expect(readOptions([], env)).toMatchObject({
      target: undefined,
      url: undefined,
      token: undefined,
      mayLaunch: true,
    });
  });

  it.each([
    [["--deadline-ms", "0"], {}, /--deadline-ms/],
    [[], { GODOT_HUB_DEADLINE_MS: "1.5" }, /GODOT_HUB_DEADLINE_MS.*'1\.5'/],
    [["--url", "http://x"], {}, /--url.*ws:\/\//],
    [["--log-level", "loud"], {}, /--log-level.*'loud'/],
    [["--tokn", "x"], {}, /--tokn/],
    [["stray"], {}, /stray/],
  ])("refuse %j with %j, naming the source", (flags, env, message) => {
    expect(() => readOptions(flags, env)).toThrow(OptionsError);
    expect(() => readOptions(flags, env)).toThrow(message);
  });

  it("are all explained by --help, and the token has no flag", () => {
    expect(readOptions(["--help"], {})).toBe("help");
    expect(readOptions(["--version"], {})).toBe("version");
    expect(USAGE).toContain("GODOT_HUB_TOKEN");
    expect(() => readOptions(["--token", "x"], {})).toThrow(OptionsError);
  });
});
