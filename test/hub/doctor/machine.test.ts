/** The machine that the doctor looks at: each fault is caused, and found with what mends it. */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { environmentCheck } from "../../../hub/doctor/environment-check.ts";
import { godotCheck } from "../../../hub/doctor/godot-check.ts";
import { leftoverCheck } from "../../../hub/doctor/leftover-check.ts";
import { nodeCheck } from "../../../hub/doctor/node-check.ts";
import { stateCheck } from "../../../hub/doctor/state-check.ts";
import { tokenCheck } from "../../../hub/doctor/token-check.ts";
import { editor, hubFile, machine } from "./examination.ts";

const TOKEN = "0123456789abcdef".repeat(4);

describe("Node", () => {
  it("that is too old is a problem; the one that runs this is not", async () => {
    expect(await nodeCheck.examine(machine())).toMatchObject([{ level: "ok" }]);
    expect(await nodeCheck.examine(machine({ nodeVersion: "v20.18.9" }))).toMatchObject([
      { level: "problem", what: expect.stringContaining("v20.18.9 is too old: 20.19") },
    ]);
    expect(await nodeCheck.examine(machine({ nodeVersion: "v24.0.0" }))).toMatchObject([{ level: "ok" }]);
  });
});

describe("the environment", () => {
  it("with variables of the hub is named, without their values", async () => {
    const found = await environmentCheck.examine(machine({ env: { GODOT_HUB_TOKEN: TOKEN, GODOT_HUB_URL: "ws://x" } }));
    expect(found).toMatchObject([{ level: "note", what: expect.stringContaining("GODOT_HUB_TOKEN, GODOT_HUB_URL") }]);
    expect(JSON.stringify(found)).not.toContain(TOKEN);
  });
});

describe("the state directory", () => {
  it("that others can look into is a problem that chmod mends", async () => {
    const at = machine();
    chmodSync(at.config.home, 0o755);
    const [found] = await stateCheck.examine(at);
    expect(found).toMatchObject({ level: "problem", mend: `chmod 700 ${at.config.home}` });
    spawnSync("sh", ["-c", found?.mend ?? ""]);
    expect(await stateCheck.examine(at)).toMatchObject([{ level: "ok" }]);
  });

  it("with a token that others can read asks for a new one", async () => {
    const at = machine();
    writeFileSync(join(at.config.home, "token"), TOKEN, { mode: 0o644 });
    expect(await stateCheck.examine(at)).toMatchObject([
      { level: "problem", mend: `chmod 600 ${join(at.config.home, "token")} && godot-hub token rotate` },
    ]);
  });

  it("with a log or a list of tokens that others can read is a warning for each", async () => {
    const at = machine();
    for (const name of ["hub.log", "tokens.json"]) writeFileSync(join(at.config.home, name), "", { mode: 0o644 });
    expect(await stateCheck.examine(at)).toMatchObject([
      { level: "warning", mend: `chmod 600 ${join(at.config.home, "tokens.json")}` },
      { level: "warning", mend: `chmod 600 ${join(at.config.home, "hub.log")}` },
    ]);
  });

  it.runIf(process.getuid?.() === 0)("of another account is a problem", async () => {
    const at = machine();
    chownSync(at.config.home, 12_345, 12_345);
    expect(await stateCheck.examine(at)).toMatchObject([
      {
        level: "problem",
        what: expect.stringContaining("belongs to user 12345"),
        mend: expect.stringMatching(/^sudo chown/),
      },
    ]);
  });

  it("that is a file is a problem, and one that is not there yet is not", async () => {
    const at = machine();
    rmSync(at.config.home, { recursive: true });
    expect(await stateCheck.examine(at)).toMatchObject([{ level: "note" }]);
    writeFileSync(at.config.home, "");
    expect(await stateCheck.examine(at)).toMatchObject([
      { level: "problem", what: expect.stringContaining("no folder") },
    ]);
  });

  it("outside the profile is a warning on Windows, where files have no modes", async () => {
    const { config } = machine();
    const windows = { platform: "win32" as const, env: { USERPROFILE: "C:\\Users\\Ann" } };
    const outside = machine({ ...windows, config });
    chmodSync(config.home, 0o755);
    expect(await stateCheck.examine(outside)).toMatchObject([
      { level: "warning", mend: expect.stringContaining("icacls") },
    ]);
    const home = `${dirname(config.home)}\\.godot-hub`;
    mkdirSync(home);
    onTestFinished(() => rmSync(home, { recursive: true }));
    const profile = { USERPROFILE: dirname(config.home).toUpperCase() };
    const inside = machine({ ...windows, env: profile, config: { ...config, home } });
    expect(await stateCheck.examine(inside)).toMatchObject([{ level: "ok" }]);
  });
});

describe("the token", () => {
  it("that is none, is gone under a running hub, or can't be read is a problem", async () => {
    const at = machine();
    const path = join(at.config.home, "token");
    expect(await tokenCheck.examine(at)).toMatchObject([{ level: "note" }]);
    expect(await tokenCheck.examine({ ...at, running: hubFile() })).toMatchObject([
      { level: "problem", mend: "godot-hub token rotate" },
    ]);
    writeFileSync(path, "two words, and short\n");
    expect(await tokenCheck.examine(at)).toMatchObject([{ level: "problem", mend: "godot-hub token rotate" }]);
    writeFileSync(path, TOKEN);
    expect(await tokenCheck.examine(at)).toMatchObject([{ level: "ok" }]);
    rmSync(path);
    symlinkSync("nowhere", path);
    expect(await tokenCheck.examine(at)).toMatchObject([{ level: "problem", mend: `rm ${path}` }]);
    rmSync(path);
    mkdirSync(path);
    expect(await tokenCheck.examine(at)).toMatchObject([{ level: "problem", what: expect.stringContaining("EISDIR") }]);
  });
});

describe("Godot", () => {
  function program(text: string): string {
    const path = join(machine().root, "godot");
    writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return path;
  }

  it("that can't be started is a problem, and that is too old a warning", async () => {
    const env = (GODOT: string) => ({ env: { GODOT } });
    expect(await godotCheck.examine(machine(env("/no/such/godot")))).toMatchObject([{ level: "problem" }]);
    expect(await godotCheck.examine(machine(env(program("echo hello"))))).toMatchObject([{ level: "problem" }]);
    expect(await godotCheck.examine(machine(env(program("echo 4.2.1.stable"))))).toMatchObject([{ level: "warning" }]);
    expect(await godotCheck.examine(machine(env(program("echo noise; echo 4.10.stable.x"))))).toMatchObject([
      { level: "ok", what: expect.stringContaining("4.10.stable.x") },
    ]);
  });

  it("is taken from what an instance has reported, and missed where there is none", async () => {
    const executable = program("echo 4.6.stable");
    expect(
      await godotCheck.examine(machine({ instances: [editor({ executable })], platform: "freebsd" })),
    ).toMatchObject([{ level: "ok", what: expect.stringContaining("by an instance") }]);
    const missed = await godotCheck.examine(machine({ platform: "freebsd" }));
    expect(missed).toMatchObject([{ level: "note", mend: expect.stringContaining("godot-hub launch --godot ") }]);
  });

  it("is what the configuration names, whatever else there is", async () => {
    const { config, ...rest } = machine({ env: { GODOT: "/no/such/godot" } });
    const named = { ...rest, config: { ...config, godot: program("echo 4.6.stable") } };
    expect(await godotCheck.examine(named)).toMatchObject([
      { level: "ok", what: expect.stringContaining("configuration") },
    ]);
  });
});

describe("what was left behind", () => {
  it("by processes that are gone is named with the command that removes it, and nothing else is", async () => {
    const at = machine();
    const { pid } = spawnSync("true");
    const inHome = (name: string) => join(at.config.home, name);
    const left = [`launched.json.${pid}`, `token.${pid}.0123abcd`, "token.lock", `tokens.json.${pid}.89abcdef`];
    const kept = [`hub.json.${process.pid}.0123abcd`, "hub.json", "hub.log.1"];
    for (const name of [...left, ...kept]) writeFileSync(inHome(name), name === "token.lock" ? String(pid) : "");
    const [found] = await leftoverCheck.examine(at);
    expect(found?.mend).toBe(`rm -f ${left.map(inHome).join(" ")}`);
    spawnSync("sh", ["-c", found?.mend ?? ""]);
    expect(await leftoverCheck.examine(at)).toMatchObject([{ level: "ok" }]);
  });
});
