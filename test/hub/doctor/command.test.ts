/** `godot-hub doctor` as a user calls it. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { HubProcess } from "../../support/hub-process.ts";
import { CommandLine, temporaryFolder } from "../cli/command-line.ts";

const reportSchema = z.object({
  findings: z.array(z.object({ check: z.string(), level: z.string(), what: z.string(), mend: z.string().optional() })),
});

describe("godot-hub doctor", () => {
  it("finds all well with a hub that runs, after a call through a real adapter", async () => {
    const line = new CommandLine({ HOME: temporaryFolder() });
    const hub = await HubProcess.start({ home: line.home });
    const { code, stdout } = await line.run(["doctor", "--json"], { GODOT_HUB_PORT: String(hub.port) });
    const { findings } = reportSchema.parse(JSON.parse(stdout));
    expect(findings.filter(({ level }) => level === "problem" || level === "warning")).toEqual([]);
    expect(findings.find(({ check }) => check === "round trip")).toMatchObject({
      level: "ok",
      what: expect.stringMatching(/^A call through the adapter took \d+ ms: Hub /),
    });
    expect(code).toBe(0);
    expect(stdout).not.toContain(readFileSync(join(line.home, "token"), "utf8").trim());
    await hub.dispose();
  });

  it("ends with 1 for a problem, and says in the last line how many", async () => {
    const project = temporaryFolder();
    writeFileSync(join(project, "project.godot"), "config_version=5\n");
    const line = new CommandLine({ HOME: temporaryFolder(), GODOT_HUB_PORT: "0" });
    const { code, stdout } = await line.run(["doctor", project]);
    expect(code).toBe(1);
    expect(stdout).toContain(`problem  ${project} does not have the addon.`);
    expect(stdout).toMatch(new RegExp(`mend: .*install ${project}`));
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("1 problem, 0 warnings.");
  });

  it("changes nothing by itself, and starts a hub with --start", async () => {
    const line = new CommandLine({ HOME: temporaryFolder(), GODOT_HUB_PORT: "0" });
    const before = await line.run(["doctor"]);
    expect(before.stdout).toContain("There is no state directory");
    const after = await line.run(["doctor", "--start"]);
    expect(after.stdout).toContain("A call through the adapter took");
    expect((await line.run(["status"])).code).toBe(0);
  });

  it("names a configuration that can't be read, and goes no further", async () => {
    const line = new CommandLine({ HOME: temporaryFolder() });
    mkdirSync(line.home);
    writeFileSync(join(line.home, "config.json"), '{"prot":1}');
    const { code, stdout } = await line.run(["doctor"]);
    expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining("Unknown option 'prot'") });
  });
});
