/** A broken machine, and whether the commands that the doctor names mend it: each is typed into a shell as it stands. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { environment, HubProcess } from "../../support/hub-process.ts";
import { CommandLine, temporaryFolder } from "../cli/command-line.ts";

const ADDON = fileURLToPath(new URL("../../../godot-client/addons/godot_mcp_hub", import.meta.url));
const reportSchema = z.object({
  findings: z.array(z.object({ check: z.string(), level: z.string(), what: z.string(), mend: z.string().optional() })),
});
type Finding = z.infer<typeof reportSchema>["findings"][number];

/** The limit on rounds; more would mean that one repair breaks another part. */
const ROUNDS = 3;
const DEADLINE_MS = 180_000;

/** A user's machine: home folder, state directory, one project, and a Godot that knows its version. */
class Machine {
  readonly root = temporaryFolder();
  readonly line: CommandLine;
  readonly project = join(this.root, "project");
  readonly #env: Record<string, string>;

  constructor(env: Record<string, string> = {}) {
    const godot = this.write("bin/godot", '#!/bin/sh\necho "4.6.3.stable"\n');
    chmodSync(godot, 0o755);
    const path = [dirname(godot), dirname(process.execPath), process.env.PATH].join(delimiter);
    this.#env = { HOME: this.root, PATH: path, ...env };
    this.line = new CommandLine(this.#env);
    mkdirSync(this.line.home, { mode: 0o700 });
    this.write("project/project.godot", 'config_version=5\n\n[application]\n\nconfig/name="Broken"\n');
  }

  write(path: string, text: string, mode = 0o600): string {
    const whole = join(this.root, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text, { mode });
    return whole;
  }

  /** A file of the state directory. */
  state(name: string, text: string, mode = 0o600): string {
    const path = join(this.line.home, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  async examine(): Promise<Finding[]> {
    return reportSchema.parse(JSON.parse((await this.line.run(["doctor", this.project, "--json"])).stdout)).findings;
  }

  /** Types a command. @throws when it fails. */
  async type(command: string): Promise<void> {
    const env = { ...environment(), ...this.#env, GODOT_HUB_HOME: this.line.home };
    await promisify(execFile)("/bin/sh", ["-ec", command], { env, cwd: this.root });
  }

  /** Does what the doctor says until it says nothing more. @returns what it had found. */
  async mend(): Promise<Finding[]> {
    const seen: Finding[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const found = (await this.examine()).filter(needsMending);
      if (found.length === 0) return seen;
      seen.push(...found);
      const commands = new Set(found.map(({ what, mend }) => mend ?? expect.fail(`Nothing mends: ${what}`)));
      for (const command of commands) await this.type(command);
    }
    expect((await this.examine()).filter(needsMending)).toEqual([]);
    return seen;
  }
}

/** Notes that name a command for leftovers; notes about possible wishes are no faults. */
function needsMending({ level, what }: Finding): boolean {
  return level === "problem" || level === "warning" || / (has|have) left /.test(what);
}

const whatOf = (findings: readonly Finding[]) => findings.map(({ check, what }) => `${check}: ${what}`).join("\n");

/** A number that is no process any more. */
async function pidOfTheDead(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid ?? expect.fail("no process");
}

describe("what the doctor says", () => {
  it(
    "mends modes, leftovers, an old and disabled addon, a client's entry and a port that is taken",
    async () => {
      const squatter = createServer((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
      squatter.listen(0, "127.0.0.1");
      onTestFinished(() => void squatter.close());
      await once(squatter, "listening");
      const { port } = squatter.address() as AddressInfo;
      const at = new Machine({ GODOT_HUB_PORT: String(port) });
      const dead = await pidOfTheDead();
      const before = "ab".repeat(32);
      at.state("token", before, 0o644);
      at.state("hub.log", "", 0o666);
      at.state(`hub.json.${dead}.0123abcd`, "{}");
      at.state("hub.json.lock", String(dead));
      const startedAt = new Date(0).toISOString();
      const gone = { pid: dead, port, url: `ws://127.0.0.1:${port}`, version: "0.0.1", protocolVersion: 1, startedAt };
      at.state("hub.json", JSON.stringify({ ...gone, autoStarted: true }));
      chmodSync(at.line.home, 0o777);
      cpSync(ADDON, join(at.project, "addons/godot_mcp_hub"), { recursive: true });
      const plugin = join(at.project, "addons/godot_mcp_hub/plugin.cfg");
      writeFileSync(plugin, readFileSync(plugin, "utf8").replace(/version="[^"]*"/, 'version="0.0.1"'));
      mkdirSync(join(at.project, `addons/.godot_mcp_hub.${dead}.old`));
      const client = { mcpServers: { godot: { command: "node", args: ["/gone/godot-mcp-adapter.js"] } } };
      at.write(".claude.json", JSON.stringify(client));

      const found = whatOf(await at.mend());
      for (const part of [
        "(mode 0777)",
        "Others can read the token",
        "hub.log (mode 0666)",
        "Processes that are gone have left",
        "hub that is gone has left",
        "belongs to another program",
        "has the addon of version 0.0.1",
        "it is not enabled",
        "installation that broke off has left",
        "/gone/godot-mcp-adapter.js is gone",
      ]) {
        expect(found).toContain(part);
      }
      expect(readFileSync(join(at.line.home, "token"), "utf8").trim()).not.toBe(before);
      expect(readFileSync(join(at.project, "project.godot"), "utf8")).toContain("godot_mcp_hub/plugin.cfg");
      expect(squatter.listening).toBe(true);
      expect(whatOf(await at.examine())).toContain("A call through the adapter took");
    },
    DEADLINE_MS,
  );

  it.each([
    ["is no token", (at: Machine) => at.state("token", "\u0000\n")],
    ["a link that leads nowhere", (at: Machine) => symlinkSync("/nowhere/token", join(at.line.home, "token"))],
    ["does not have the addon", (at: Machine) => at.write("project/project.godot", "config_version=5\n")],
  ] as const)(
    "mends a machine where something %s",
    async (what, damage) => {
      const at = new Machine({ GODOT_HUB_PORT: "0" });
      damage(at);
      expect(whatOf(await at.mend())).toContain(what);
      expect((await at.line.run(["token"])).code).toBe(0);
    },
    DEADLINE_MS,
  );

  it(
    "mends a state directory that is a file, and a hub that does not know the token",
    async () => {
      const at = new Machine({ GODOT_HUB_PORT: "0" });
      await at.type(`rmdir ${at.line.home} && echo mine > ${at.line.home}`);
      expect(whatOf(await at.mend())).toContain("is no folder");
      expect(readFileSync(`${at.line.home}.old`, "utf8")).toBe("mine\n");
      const other = at.write("other-token", "cd".repeat(32));
      const hub = await HubProcess.start({ home: at.line.home, args: ["--token-file", other] });
      onTestFinished(() => hub.dispose());
      expect(whatOf(await at.mend())).toContain("token");
      expect(existsSync(join(at.line.home, "hub.json"))).toBe(true);
      expect(whatOf(await at.examine())).toContain("A hub runs");
    },
    DEADLINE_MS,
  );
});
