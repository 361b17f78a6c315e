/** Tests the audit log: its entries, the texts that it never contains, and reading it. */
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { Redactor } from "../../hub/access/redaction.ts";
import { AuditFileWriter, auditFiles, auditFolder } from "../../hub/audit/audit-files.ts";
import type { HubConfig } from "../../hub/config.ts";
import { type AuditEntry, auditEntrySchema } from "../../protocol/audit.ts";
import { WireError } from "../../protocol/errors.ts";
import { Exposition } from "../support/exposition.ts";
import { LocalHub } from "../support/local-hub.ts";
import { ProtocolClient } from "../support/protocol-client.ts";
import { until } from "../support/wait.ts";
import { CommandLine, temporaryFolder } from "./cli/command-line.ts";

/** Makes a small disk of a folder, for the time of a test. */
function mount(folder: string, size: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  onTestFinished(() => void execFileSync("umount", ["--lazy", folder]));
}

const isMountable = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), "godot-hub-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { stdio: "ignore" });
    execFileSync("umount", [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
})();

/** A logger that only remembers. */
function rememberingLogger() {
  const lines: string[] = [];
  const log = (_members: unknown, text: string) => void lines.push(text);
  return { lines, logger: { error: log, warn: log } as never };
}

const entry = (over: Partial<AuditEntry> = {}): AuditEntry => ({
  time: new Date().toISOString(),
  client: "claude",
  clientId: "c-1",
  agent: "Claude Code 2.0",
  token: "owner",
  instance: { id: "i-1", name: "arcade@00ff", project: "/games/arcade" },
  command: "node.add",
  outcome: "ok",
  durationMs: 1.5,
  ...over,
});

describe("an entry", () => {
  let hub: LocalHub;
  afterEach(() => hub.dispose());

  const written = async (count: number): Promise<AuditEntry[]> => {
    const lines = () => auditFiles(hub.home).flatMap((path) => readFileSync(path, "utf8").split("\n").filter(Boolean));
    await until(() => lines().length >= count, { what: `${count} lines of the audit log` });
    return lines().map((line) => auditEntrySchema.parse(JSON.parse(line)));
  };
  const start = async (config: Partial<HubConfig> = {}) => {
    hub = await LocalHub.start(config);
    return hub.adapter({ identify: { agent: { name: "Claude Code", version: "2.0" }, name: "claude" } });
  };

  it("is each command that changes something: who, where, what, and how it ended", async () => {
    const adapter = await start();
    const editor = await hub.editor({
      project: "arcade",
      handlers: {
        "node.add": () => ({ path: "A" }),
        "node.delete": () => {
          throw new WireError("NOT_FOUND", "No node 'B' in res://main.tscn.");
        },
        "scene.get_tree": () => ({}),
      },
    });
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await adapter.request("scene.get_tree");
    await adapter.request("node.add", { name: "A", parent: "." }, { traceparent });
    await adapter.request("node.delete", { path: "B" });
    const [added, deleted, ...rest] = await written(2);
    expect(rest).toEqual([]);
    expect(added).toMatchObject({
      client: "claude",
      agent: "Claude Code 2.0",
      token: "owner",
      instance: { id: editor.identified.clientId, name: editor.identified.name, project: "/projects/arcade" },
      command: "node.add",
      params: { name: "A", parent: "." },
      outcome: "ok",
      traceparent,
    });
    expect(deleted).toMatchObject({ outcome: "NOT_FOUND", error: "No node 'B' in res://main.tscn." });
  });

  it("names the undo step that an answer names", async () => {
    const adapter = await start();
    const editor = await hub.editor({ project: "raw", handlers: { hold: () => new Promise(() => {}) } });
    const asked = adapter.request("hold", {}, { id: "u" });
    await until(() => editor.executed.length === 1, { what: "the command" });
    const { id } = editor.executed[0] ?? { id: "" };
    editor.client.sendFrame(`{"jsonrpc":"2.0","id":"${id}","undo":"Add A (claude)","result":{}}`);
    expect((await asked).error).toBeUndefined();
    expect(await written(1)).toMatchObject([{ command: "hold", undo: "Add A (claude)" }]);
  });

  it("is written for each method that acts on others, and for each refusal", async () => {
    const adapter = await start({ deny: ["game.eval"], writesPerMinute: 2 });
    await hub.editor();
    await adapter.request("hub.status");
    await adapter.request("hub.acquire_lease", { resources: ["scene:res://a.tscn"] });
    await adapter.request("hub.create_login_code");
    await adapter.request("game.eval", { code: "1" });
    await adapter.request("node.add");
    await adapter.request("node.add");
    const entries = await written(5);
    expect(entries.map(({ command, outcome }) => `${command} ${outcome}`)).toEqual([
      "hub.acquire_lease ok",
      "hub.create_login_code FORBIDDEN",
      "game.eval FORBIDDEN",
      "node.add ok",
      "node.add RATE_LIMITED",
    ]);
  });

  it("is each connection that is turned away, and not all of a flood of them", async () => {
    await start({ maxAuthFailures: 1_000 });
    const knock = (token: string, headers = {}) =>
      ProtocolClient.connect(hub.url, { token, headers }).catch((error: unknown) => error);
    await knock("f".repeat(64));
    await knock(hub.token, { Origin: "https://evil.example" });
    await knock(hub.token, { Host: "evil.example" });
    expect(await written(3)).toMatchObject([
      { command: "connect", client: null, address: "127.0.0.1", outcome: "UNAUTHORIZED" },
      { command: "connect", outcome: "FORBIDDEN", error: "This Origin is not allowed: https://evil.example" },
      { command: "connect", outcome: "FORBIDDEN", error: "This Host is not this endpoint's: evil.example" },
    ]);
    for (let index = 0; index < 60; index += 1) await knock("e".repeat(64));
    expect((await written(4)).length).toBeLessThan(60);
  });

  it("can be asked for by the owner, newest first, with filters", async () => {
    const adapter = await start();
    await hub.editor({ project: "arcade" });
    for (const method of ["node.add", "node.rename", "script.edit"]) await adapter.request(method);
    const owner = await ProtocolClient.connect(hub.url, { token: hub.token });
    await owner.identify({ clientType: "cli" });
    const commands = async (params: Record<string, unknown>) => {
      const { result } = await owner.request("hub.audit", params);
      return (result as { entries: AuditEntry[] }).entries.map(({ command }) => command);
    };
    expect(await commands({})).toEqual(["script.edit", "node.rename", "node.add"]);
    expect(await commands({ command: "node.*", limit: 1 })).toEqual(["node.rename"]);
    expect(await commands({ instance: "arcade", agent: "CLAUDE", outcome: "ok", limit: 2 })).toHaveLength(2);
    expect(await commands({ since: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    owner.terminate();
  });

  it("has no secret in an error's text that params do not show, however the error quotes it", async () => {
    const adapter = await start();
    const PASSWORD = 'correct "horse" battery';
    const quotes = (text: string) => () => {
      throw new WireError("INVALID_PARAMS", text);
    };
    await hub.editor({
      handlers: {
        "quest.plain": quotes(`'password' must be a number, not ${JSON.stringify(PASSWORD)}.`),
        "quest.raw": quotes(`No account for ${PASSWORD} here.`),
        "quest.cut": quotes(`'password' must be a number, not "${PASSWORD.slice(0, 14)}...".`),
        "quest.short": quotes("'pin' can't be \"123\", but item 1234 can."),
        "quest.number": quotes("No vault opens with 987654321."),
        "quest.setting": quotes("'release_password': 'keystore-phrase' is not taken."),
        "quest.deep": quotes("Wrong: first-of-many, second-of-many."),
        "quest.source": quotes("Parse error near 'S3cretInSource' in line 1."),
        "quest.long": quotes(`'password' must not be '${"z".repeat(20)}'.`),
      },
    });
    const asked: Record<string, Record<string, unknown>> = {
      "quest.plain": { password: PASSWORD },
      "quest.raw": { properties: { api_key: PASSWORD } },
      "quest.cut": { password: PASSWORD },
      "quest.short": { passcode: "123" },
      "quest.number": { token: 987654321 },
      "quest.setting": { name: "keystore/release_password", value: "keystore-phrase" },
      "quest.deep": { credentials: [{ a: "first-of-many" }, { b: ["second-of-many"] }] },
      "quest.source": { source: 'var api_key = "S3cretInSource"\n' },
      "quest.long": { password: "z".repeat(20), source: "x".repeat(100_000) },
    };
    for (const [method, params] of Object.entries(asked)) await adapter.request(method, params);
    const entries = await written(Object.keys(asked).length);
    const texts = new Map(entries.map(({ command, error }) => [command, error ?? ""]));
    const all = JSON.stringify(entries);
    for (const secret of ["horse", "correct", "987654321", "keystore-phrase", "of-many", "S3cret", "zzzz", '\\"123'])
      expect(all, secret).not.toContain(secret);
    expect(texts.get("quest.plain")).toBe(`'password' must be a number, not "[redacted]".`);
    expect(texts.get("quest.short")).toBe("'pin' can't be \"[redacted]\", but item 1234 can.");
    expect(texts.get("quest.deep")).toBe("Wrong: [redacted], [redacted].");
  });

  it("is kept in a folder and files for their owner alone", async () => {
    const adapter = await start();
    await hub.editor();
    await adapter.request("node.add");
    await written(1);
    expect(statSync(auditFolder(hub.home)).mode & 0o777).toBe(0o700);
    for (const path of auditFiles(hub.home)) expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("costs no command anything when it can't be kept", async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, "audit"), "a file where the folder should be");
    hub = await LocalHub.start({ home });
    await hub.editor();
    expect((await (await hub.adapter()).request("node.add")).error).toBeUndefined();
    const url = `${hub.url.replace("ws:", "http:")}/metrics`;
    const metrics = await fetch(url, { headers: { Authorization: `Bearer ${hub.token}` } });
    expect(new Exposition(await metrics.text()).sum("godot_hub_audit_lost_total")).toBe(1);
  });
});

describe("the files", () => {
  it("roll by size and stay as many as they may be, also over many starts", async () => {
    const home = temporaryFolder();
    const { logger } = rememberingLogger();
    const isWritten = (mark: string) => auditFiles(home).some((path) => textIfPresent(path).includes(mark));
    let written = 0;
    for (let round = 0; round < 3; round += 1) {
      const writer = await AuditFileWriter.open(home, { maxBytes: 4_096, files: 3 }, logger);
      for (let index = 0; index < 12; index += 1) {
        written += 1;
        writer.write(JSON.stringify(entry({ command: `mark.${written}.`, params: "x".repeat(1_500) })));
        await until(() => isWritten(`mark.${written}.`), { what: "the disk" });
      }
      await writer.close();
      await until(() => auditFiles(home).length <= 4, { what: "old files to be removed" });
    }
    const writer = await AuditFileWriter.open(home, { maxBytes: 4_096, files: 3 }, logger);
    await writer.close();
    expect(auditFiles(home)).toHaveLength(3);
    expect(isWritten("mark.1.")).toBe(false);
    expect(isWritten(`mark.${written}.`)).toBe(true);
  });

  it("of earlier days are as many as they may be from the start on, however little is written", async () => {
    const home = temporaryFolder();
    mkdirSync(auditFolder(home), { recursive: true });
    for (const day of ["01", "02", "03", "04", "05"]) {
      writeFileSync(join(auditFolder(home), `audit.2026-01-${day}.1.jsonl`), "");
    }
    const { logger } = rememberingLogger();
    const writer = await AuditFileWriter.open(home, { maxBytes: 4_096, files: 3 }, logger);
    await writer.close();
    const names = auditFiles(home).map((path) => basename(path));
    expect(names).toEqual(expect.arrayContaining(["audit.2026-01-04.1.jsonl", "audit.2026-01-05.1.jsonl"]));
    expect(names).not.toContain("audit.2026-01-02.1.jsonl");
  });

  it("that the disk does not take cost lines, which the log says once, and go on afterwards", async () => {
    const home = temporaryFolder();
    mkdirSync(auditFolder(home), { recursive: true });
    const day = new Date();
    const name = `audit.${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}.1.jsonl`;
    // A device on which there is never room stands for the disk.
    symlinkSync("/dev/full", join(auditFolder(home), name));
    const { lines, logger } = rememberingLogger();
    const writer = await AuditFileWriter.open(home, { maxBytes: 1_000_000, files: 3 }, logger);
    for (let index = 0; index < 50; index += 1) writer.write(JSON.stringify(entry()));
    await until(() => lines.length > 0, { what: "the log" });
    for (let index = 0; index < 50; index += 1) writer.write(JSON.stringify(entry()));
    expect(writer.lost).toBe(0);
    // More than may wait: an entry whole, or not at all.
    for (let index = 0; index < 30; index += 1) writer.write("x".repeat(100_000));
    expect(writer.lost).toBeGreaterThanOrEqual(19);
    await writer.close();
    expect(lines).toEqual(["the audit log can't be written: entries may be lost"]);
  });
});

describe("lines that the disk does not take", () => {
  const today = () => {
    const day = new Date();
    return `audit.${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}.1.jsonl`;
  };
  const linesIn = (home: string): string[] =>
    auditFiles(home).flatMap((path) => readFileSync(path, "utf8").split("\n").filter(Boolean));
  const isWhole = (line: string): boolean => {
    try {
      return auditEntrySchema.safeParse(JSON.parse(line)).success;
    } catch {
      return false;
    }
  };
  const whole = (home: string): number => linesIn(home).filter(isWhole).length;

  it("are counted to the last one when the log is closed, those that waited too", async () => {
    const home = temporaryFolder();
    mkdirSync(auditFolder(home), { recursive: true });
    symlinkSync("/dev/full", join(auditFolder(home), today()));
    const { lines, logger } = rememberingLogger();
    const writer = await AuditFileWriter.open(home, { maxBytes: 1_000_000, files: 3 }, logger);
    for (let index = 0; index < 100; index += 1) writer.write(JSON.stringify(entry()));
    await until(() => lines.length > 0, { what: "the log" });
    for (let index = 0; index < 5_000; index += 1) writer.write(JSON.stringify(entry()));
    await writer.close();
    writer.write("too late");
    expect(writer.lost).toBe(5_101);
  });

  // A separate disk needs the right to mount one.
  it.runIf(isMountable)("are all that are missing of what was given, whether room comes back or not", async () => {
    for (const comesBack of [false, true]) {
      const home = temporaryFolder();
      mount(home, "64k");
      const { lines, logger } = rememberingLogger();
      const writer = await AuditFileWriter.open(home, { maxBytes: 100_000_000, files: 3 }, logger);
      let given = 0;
      const give = async (count: number) => {
        for (let index = 0; index < count; index += 1) {
          given += 1;
          writer.write(JSON.stringify(entry({ command: `mark.${given}` })));
          if (index % 100 === 0) await pause(1);
        }
      };
      await give(1_000);
      await until(() => lines.length > 0, { what: "the full disk" });
      await give(6_000);
      if (comesBack) {
        execFileSync("mount", ["-o", "remount,size=64m", home]);
        await until(() => lines.includes("the audit log is written again"), { what: "the writing" });
        await give(500);
      }
      await writer.close();
      expect(given - whole(home)).toBe(writer.lost);
      expect(writer.lost).toBeGreaterThan(0);
      expect(whole(home)).toBeGreaterThan(comesBack ? 500 : 50);
      // The next hub's first line is not lost with the half one before it.
      if (comesBack) continue;
      execFileSync("mount", ["-o", "remount,size=64m", home]);
      const before = whole(home);
      const next = await AuditFileWriter.open(home, { maxBytes: 100_000_000, files: 3 }, logger);
      next.write(JSON.stringify(entry()));
      await next.close();
      expect([next.lost, whole(home) - before]).toEqual([0, 1]);
    }
  });

  it("are counted where no file can be opened, and kept again when one can", async () => {
    const home = temporaryFolder();
    // A folder where the file should be.
    mkdirSync(join(auditFolder(home), today()), { recursive: true });
    const hub = await LocalHub.start({ home });
    onTestFinished(() => hub.dispose());
    await hub.editor();
    const adapter = await hub.adapter();
    for (let index = 0; index < 20; index += 1) await adapter.request("node.add");
    const lost = async () => {
      const url = `${hub.url.replace("ws:", "http:")}/metrics`;
      const metrics = await fetch(url, { headers: { Authorization: `Bearer ${hub.token}` } });
      return new Exposition(await metrics.text()).sum("godot_hub_audit_lost_total");
    };
    expect(await lost()).toBe(20);
    rmdirSync(join(auditFolder(home), today()));
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 60_000);
    onTestFinished(() => void vi.restoreAllMocks());
    await adapter.request("node.add");
    vi.restoreAllMocks();
    await until(() => auditFiles(home).length > 0, { what: "a file" });
    await adapter.request("node.rename");
    await until(() => linesIn(home).some((line) => line.includes("node.rename")), { what: "the line" });
    expect(await lost()).toBe(21);
    expect(linesIn(home)).toHaveLength(1);
  });
});

describe("godot-hub audit", () => {
  const withEntries = (...entries: AuditEntry[]): CommandLine => {
    const cli = new CommandLine();
    mkdirSync(auditFolder(cli.home), { recursive: true });
    entries.forEach((each, index) => {
      const path = join(
        auditFolder(cli.home),
        `audit.2026-01-${pad(1 + Math.floor(index / 2))}.${(index % 2) + 1}.jsonl`,
      );
      appendFileSync(path, `${JSON.stringify(each)}\n`);
    });
    return cli;
  };
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

  it("reads across all files, with every filter, and no hub need run", async () => {
    const cli = withEntries(
      entry({ time: ago(120), command: "scene.create" }),
      entry({ time: ago(50), agent: "Codex 1.0", client: "codex" }),
      entry({ time: ago(40), command: "script.edit", outcome: "CONFLICT", error: "It has changed." }),
      entry({ time: ago(10), instance: null, command: "connect", outcome: "FORBIDDEN" }),
    );
    const commands = async (...args: string[]) => {
      const { stdout, code } = await cli.run(["audit", "--json", ...args]);
      expect(code).toBe(0);
      return stdout
        .split("\n")
        .filter(Boolean)
        .map((line) => auditEntrySchema.parse(JSON.parse(line)).command);
    };
    expect(await commands()).toEqual(["scene.create", "node.add", "script.edit", "connect"]);
    expect(await commands("--since", "1h", "--instance", "arcade")).toEqual(["node.add", "script.edit"]);
    expect(await commands("--since", ago(45), "--command", "*.e*")).toEqual(["script.edit"]);
    expect(await commands("--agent", "codex")).toEqual(["node.add"]);
    expect(await commands("--outcome", "error", "--limit", "1")).toEqual(["connect"]);
    const { stdout } = await cli.run(["audit", "--outcome", "conflict"]);
    expect(stdout).toContain("claude: script.edit on arcade@00ff, CONFLICT: It has changed. (1.5 ms)");
  });

  it("follows new entries, into the next file too", async () => {
    const cli = withEntries(entry({ command: "first.one" }));
    const child = cli.spawn(["audit", "--follow", "--json"]);
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    await until(() => output.includes("first.one"), { what: "what there was", deadlineMs: 30_000 });
    appendFileSync(
      join(auditFolder(cli.home), "audit.2026-01-01.1.jsonl"),
      `${JSON.stringify(entry({ command: "second.one" }))}\n`,
    );
    appendFileSync(
      join(auditFolder(cli.home), "audit.2026-01-02.1.jsonl"),
      `${JSON.stringify(entry({ command: "third.one" }))}\n`,
    );
    await until(() => output.includes("third.one") && output.includes("second.one"), {
      what: "what is new",
      deadlineMs: 30_000,
    });
  });

  it("names the error of an invalid time", async () => {
    const { code, stderr } = await withEntries(entry()).run(["audit", "--since", "yesterday-ish"]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("--since is a duration");
  });
});

describe("redaction", () => {
  const TOKEN = "0f".repeat(32);
  const redactor = new Redactor(() => [TOKEN, "chosen by a person 42"]);
  const seen = (value: unknown) => JSON.stringify(redactor.value(value));

  it("hides the values of names that look like secrets, and of secret settings", () => {
    const text = seen({
      password: "hunter2-a",
      api_key: "hunter2-b",
      headers: { Authorization: "hunter2-c" },
      settings: { "export/android/keystore/debug_password": "hunter2-d", "application/config/name": "Game" },
      list: [{ name: "network/secret", value: "hunter2-e" }],
      token: { deep: "hunter2-f" },
    });
    expect(text).not.toContain("hunter2");
    expect(text).toContain("Game");
  });

  it("hides the hub's own tokens wherever they stand, valid or not, and what looks like a secret", () => {
    const others = [
      "ab".repeat(32),
      "ghp_0123456789abcdefABCDEF0123",
      "AKIAABCDEFGHIJKLMNOP",
      "ASIAABCDEFGHIJKLMNOP",
      "AIzaSyA1234567890abcdefghijklmnopqrstuv",
      "hf_abcdefghijklmnopqrstuvwx",
      "sk_live_0123456789abcdefghij",
      "SG.abcdefghijklmnopqrst.abcdefghijklmnopqrst",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
    ];
    const text = seen({
      source: `var a = "${TOKEN}"\nvar password := "hunter2"\n# Bearer hunter2hunter2`,
      url: `wss://me:hunter2@example.org/?token=${TOKEN}&api_key=hunter2`,
      person: "it is chosen by a person 42.",
      [`key ${TOKEN}`]: 1,
      others,
      pem: "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----",
    });
    for (const secret of [TOKEN, "hunter2", "chosen by", ...others]) expect(text, secret).not.toContain(secret);
  });

  it("hides the whole value of a secret's name, spaces and all, in any notation", () => {
    for (const text of [
      'const PASSWORD := "correct horse battery"',
      "var api_key: String = 'correct horse battery'",
      '{"client_secret": "correct horse battery"}',
      "DB_PWD=correct-horse-battery",
      'token="abc"',
      "access_key: correct",
    ]) {
      expect(redactor.text(text), text).not.toMatch(/correct|horse|battery|abc/);
    }
    expect(redactor.text('label.text = "correct horse"')).toBe('label.text = "correct horse"');
  });

  it("takes no longer for a text that is made to take long", () => {
    const fastest = (text: string) => {
      const times = Array.from({ length: 9 }, () => {
        const startedAt = performance.now();
        redactor.text(text);
        return performance.now() - startedAt;
      });
      return Math.min(...times);
    };
    for (const part of [
      "token",
      "token:a",
      "password ",
      "eyJaaaaaaaa",
      "://a:",
      "token='",
      "-----BEGIN PRIVATE KEY-----",
    ]) {
      expect(fastest(part.repeat(2_000 / part.length)), part).toBeLessThan(50);
    }
  });

  it("keeps what a reader needs: names, numbers, digests of files", () => {
    const params = {
      path: "Player",
      properties: { position: { type: "Vector2", x: 1.5 } },
      ifHash: "cd".repeat(32),
      confirm: true,
    };
    expect(redactor.value(params)).toEqual(params);
  });

  it("cuts long texts, and says so", () => {
    const cut = redactor.value({ text: "x".repeat(5_000), list: Array.from({ length: 100 }, (_, index) => index) });
    const text = JSON.stringify(cut);
    expect(text.length).toBeLessThan(600);
    expect(text).toContain("5000 characters");
    expect(text).toContain("100 items");
    expect(redactor.text(`${"y".repeat(190)} ${TOKEN}`)).not.toContain("0f0f");
  });
});

/** An old file may be removed between the look into its folder and the one into it. */
function textIfPresent(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
