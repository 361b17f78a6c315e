import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { openerOf } from "../../hub/cli/dashboard.ts";
import { CommandLine } from "../hub/cli/command-line.ts";
import { until } from "../support/wait.ts";

const LINK = /^http:\/\/127\.0\.0\.1:\d+\/#code=([\w-]{43})$/m;

let cli: CommandLine;
/** The file to which the stand-in for the desktop's opener writes its arguments. */
let folder: string;

beforeEach(() => {
  cli = new CommandLine({ GODOT_HUB_PORT: "0" });
  folder = mkdtempSync(join(tmpdir(), "godot-hub-opener-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

/** An environment with a desktop whose opener ends with that code. */
function desktop(exitCode: number): Record<string, string> {
  const program = `#!/bin/sh\nfor each in "$@"; do echo "$each"; done > '${folder}/opened'\nexit ${exitCode}\n`;
  writeFileSync(join(folder, "xdg-open"), program, { mode: 0o755 });
  return { PATH: `${folder}${delimiter}${process.env.PATH}`, DISPLAY: ":99" };
}

const redeem = (origin: string, code: string) => fetch(`${origin}/session`, { method: "POST", body: code });

describe("godot-hub dashboard", () => {
  it("opens the browser with a link that logs in, and says where, without the code", async () => {
    await cli.run(["start"]);
    const { code, stdout, stderr } = await cli.run(["dashboard"], desktop(0));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^The dashboard opens in your browser: http:\/\/127\.0\.0\.1:\d+$/m);
    expect(stdout).not.toContain("code=");
    const opened = await until(() => readFileSync(join(folder, "opened"), "utf8"), { what: "the opener's arguments" });
    const [, secret = ""] = LINK.exec(opened) ?? [];
    expect((await redeem(new URL(opened).origin, secret)).status).toBe(200);
  });

  it("prints the link only, with --no-open, and starts a hub when none runs", async () => {
    const { code, stdout, stderr } = await cli.run(["dashboard", "--no-open"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(LINK);
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain("The hub runs: pid");
    const [, secret = ""] = LINK.exec(stdout) ?? [];
    const { origin } = new URL(stdout);
    expect((await redeem(origin, secret)).status).toBe(200);
    expect((await redeem(origin, secret)).status).toBe(401);
    expect((await cli.run(["status"])).code).toBe(0);
  });

  it("prints the link where no browser can be opened", async () => {
    const failed = await cli.run(["dashboard"], desktop(3));
    expect(failed.code).toBe(0);
    expect(failed.stdout).toMatch(
      /^No browser could be opened here\. This link logs you in, good once, within 60 s:$/m,
    );
    expect(failed.stdout).toMatch(LINK);
    const bare = await cli.run(["dashboard"], { DISPLAY: "", WAYLAND_DISPLAY: "" });
    expect(bare.stdout).toMatch(LINK);
  });

  it("leaves no code, no cookie and no key in any file of the state directory", async () => {
    const { stdout } = await cli.run(["dashboard", "--no-open"], { GODOT_HUB_LOG_LEVEL: "trace" });
    const [, secret = ""] = LINK.exec(stdout) ?? [];
    const { origin } = new URL(stdout);
    const response = await redeem(origin, secret);
    const cookie = response.headers.get("set-cookie") ?? "";
    const [, id = ""] = /=([\w-]{43});/.exec(cookie) ?? [];
    const { key } = (await response.json()) as { key: string };
    await redeem(origin, "wrong-code-of-somebody");
    await cli.run(["stop"]);
    const files = readdirSync(cli.home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
    expect(files.map(({ name }) => name)).toContain("hub.log");
    for (const kept of [secret, id, key, "wrong-code-of-somebody"]) {
      expect(kept).not.toBe("");
      expect(texts.filter((text) => text.includes(kept))).toEqual([]);
    }
  });
});

describe("the program that opens a link", () => {
  it.each([
    ["darwin", {}, ["open", "http://h/#code=a"]],
    ["win32", {}, ["rundll32", "url.dll,FileProtocolHandler", "http://h/#code=a"]],
    ["linux", { DISPLAY: ":0" }, ["xdg-open", "http://h/#code=a"]],
    ["linux", { WAYLAND_DISPLAY: "wayland-0" }, ["xdg-open", "http://h/#code=a"]],
    ["linux", {}, undefined],
  ] as const)("on %s with %o is %o", (platform, env, expected) => {
    expect(openerOf("http://h/#code=a", platform, env)).toEqual(expected);
  });
});
