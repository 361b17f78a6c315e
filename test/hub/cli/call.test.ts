import { statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WireError } from "../../../protocol/errors.ts";
import { HubProcess } from "../../support/hub-process.ts";
import { StubInstance } from "../../support/stub-instance.ts";
import { until } from "../../support/wait.ts";
import { CommandLine } from "./command-line.ts";

describe("godot-hub call", () => {
  let hub: HubProcess;
  let editor: StubInstance;
  beforeEach(async () => {
    hub = await HubProcess.start();
    editor = new StubInstance({
      project: "game",
      handlers: {
        "scene.get_tree": ({ params }) => ({ scene: "res://a.tscn", revision: 1, depth: params.depth }),
        "node.delete": () => {
          throw new WireError("NOT_FOUND", "No node 'X'.", { hint: "Look again." });
        },
        "quest.start": () => "started",
      },
    });
    await editor.connect(hub.url, hub.token);
  });
  afterEach(async () => {
    editor.client.terminate();
    await hub.dispose();
  });

  const call = (...args: string[]) => new CommandLine({ GODOT_HUB_HOME: hub.home }).run(["call", ...args]);

  it("prints the result of a command, for people and for scripts", async () => {
    const shown = await call("scene.get_tree", '{"depth":2}', "--target", "game");
    expect(shown).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(shown.stdout)).toEqual({ scene: "res://a.tscn", revision: 1, depth: 2 });
    const { stdout } = await call("scene.get_tree", "--json");
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      result: { revision: 1 },
      instance: { name: expect.stringMatching(/^game@/) },
    });
  });

  it("runs what the project registers, and asks the hub itself", async () => {
    expect((await call("quest.start")).stdout).toContain("started");
    expect(JSON.parse((await call("hub.list_instances")).stdout).instances).toHaveLength(1);
  });

  it("does not wait for another answer where the one that came is no JSON", async () => {
    editor.handlers.set("quest.end", () => new Promise(() => {}));
    const asked = call("quest.end");
    const { id } = await until(() => editor.executed.find(({ method }) => method === "quest.end"), {
      what: "the command",
    });
    editor.client.sendFrame(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":nan}`);
    expect(await asked).toMatchObject({ code: 1, stderr: expect.stringContaining("no JSON") });
  });

  it("fails with 1, saying what to do, and with 2 for what can't be right", async () => {
    const failed = await call("node.delete", '{"path":"X"}');
    expect(failed).toMatchObject({ code: 1, stdout: "" });
    expect(failed.stderr).toContain("godot-hub: No node 'X'. Look again.");
    const json = await call("node.delete", '{"path":"X"}', "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout).error.data.kind).toBe("NOT_FOUND");
    for (const args of [
      ["node.delete", "{}"],
      ["node.delete", "nonsense"],
      ["node.delete", "[]"],
      ["run.stop", "--deadline-ms", "no"],
    ])
      expect((await call(...args)).code).toBe(2);
    expect(editor.executed.map(({ method }) => method)).toEqual(["node.delete", "node.delete"]);
  });

  it("is the same client from call to call, so that one can take back what another did, and each call is carried out", async () => {
    for (const _ of [1, 2]) expect((await call("quest.start")).stdout).toContain("started");
    const [first, second, ...rest] = editor.executed;
    expect(rest).toEqual([]);
    expect(second?.context.clientId).toBe(first?.context.clientId);
    expect(statSync(join(hub.home, "call-session")).mode & 0o777).toBe(0o600);
  });

  it("is another client while a call is running, and goes on as the first one", async () => {
    await call("quest.start");
    let open = (): void => {};
    const gate = new Promise<string>((resolve) => {
      open = () => resolve("waited");
    });
    editor.handlers.set("quest.wait", () => gate);
    const waiting = call("quest.wait");
    await until(() => editor.executed.length === 2, { what: "the call that waits" });
    await call("quest.start");
    open();
    expect((await waiting).stdout).toContain("waited");
    await call("quest.start");
    const [first, waits, beside, last] = editor.executed.map(({ context }) => context.clientId);
    expect(waits).toBe(first);
    expect(beside).not.toBe(first);
    expect(last).toBe(first);
  });

  it("says so when no hub runs", async () => {
    const { code, stderr } = await new CommandLine().run(["call", "run.stop"]);
    expect(code).toBe(1);
    expect(stderr).toContain("No hub runs");
  });
});
