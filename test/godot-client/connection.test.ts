/** The addon's connection: opening, journal, sizes, heartbeats, refusals, coming back. */
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MAX_ID_LENGTH } from "../../protocol/timing.ts";
import { GodotEditor } from "../support/godot-editor.ts";
import { type Answer, StubHub } from "../support/stub-hub.ts";
import { until } from "../support/wait.ts";

const SMALL_LIMIT = 2 * 1024 * 1024;

const home = mkdtempSync(join(tmpdir(), "godot-hub-home-"));
let hub: StubHub;
let editor: GodotEditor;

const STARTED_AT = new Date().toISOString();

/** Announces a hub in the state directory, as a real one does. */
function announce(announced: StubHub): void {
  writeFileSync(join(home, "token"), `${announced.token}\n`);
  const { port, url } = announced;
  const file = { pid: process.pid, port, url, startedAt: STARTED_AT };
  writeFileSync(join(home, "hub.json"), JSON.stringify(file));
}

beforeAll(async () => {
  editor = GodotEditor.start({ env: { GODOT_HUB_HOME: home } });
  hub = await StubHub.start();
  announce(hub);
  await hub.editor();
});
afterAll(async () => {
  await editor.dispose();
  await hub.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Replaces the hub by another one, which the editor finds by itself. */
async function replaceHub(options = {}): Promise<void> {
  await hub.stop();
  hub = await StubHub.start(options);
  announce(hub);
  await hub.editor();
}

const count = async (name: string) => {
  const { root } = await hub.call("scene.get_tree", { scene: "res://game/level.tscn" });
  return JSON.stringify(root).split(`"name":"${name}"`).length - 1;
};

describe("the opening", () => {
  it("proves the token without sending it, and says what the editor is", async () => {
    expect(hub.headers.at(-1)).toMatchObject({
      authorization: expect.stringMatching(new RegExp(`^Challenge 127.0.0.1:${hub.port} [0-9a-f]{64} [0-9a-f]{64}$`)),
      "user-agent": expect.stringContaining("Godot"),
    });
    expect(hub.identifies.at(-1)).toMatchObject({
      clientType: "godot",
      protocolVersion: 1,
      godotVersion: expect.stringMatching(/^4\.\d+\.\d+$/),
      maxMessageBytes: 33_554_432,
      project: { name: "Hub Sample", path: editor.project },
      instance: { epoch: expect.stringMatching(/^\w{16}$/), pid: editor.pid, headless: !editor.hasWindow },
      capabilities: { features: ["journal", "events"] },
    });
  });

  it("is followed by the state, and events count up by one", async () => {
    await hub.event(({ event, data }) => event === "instance.state" && data.state === "ready", "the state");
    const sequence = hub.events.map(({ seq }) => seq);
    expect(sequence).toEqual(sequence.map((_, index) => (sequence[0] ?? 0) + index));
  });

  it("answers heartbeats with their own timestamp", async () => {
    hub.sendText('{"type":"heartbeat","timestamp":1700000000123}');
    await until(
      () =>
        hub.messages.some(
          (message) => JSON.stringify(message) === '{"type":"heartbeat_ack","timestamp":1700000000123}',
        ),
      {
        what: "the heartbeat_ack",
      },
    );
  });

  it("survives frames that are no messages, and names the error", async () => {
    const before = hub.answers.length;
    for (const frame of ["nonsense", "[]", '{"jsonrpc":"2.0","id":"x"}', "{}"]) hub.sendText(frame);
    await until(() => hub.answers.length >= before + 4, { what: "four answers" });
    const kinds = hub.answers.slice(before, before + 4).map(({ error }) => error?.data?.kind);
    expect(kinds).toEqual(["PARSE_ERROR", "INVALID_REQUEST", "INVALID_REQUEST", "INVALID_REQUEST"]);
    expect(hub.isConnected).toBe(true);
  });

  it("answers what it can't read under its id, wherever the text is broken, and goes on", async () => {
    const bad = ['"\\ud800"', '"\\udc00\\ud800"', '"a\\ud83db"', '{"\\udfff":1}', "nan", "[1,,2]", '"\\x"', "tru"];
    const frames = bad.map((json, index) => [
      `client-1:bad-${index}`,
      `{"jsonrpc":"2.0","id":"client-1:bad-${index}","method":"node.find","deadlineMs":5000,"params":{"name":${json}}}`,
    ]);
    const before = hub.answers.length;
    for (const [, frame = ""] of frames) hub.sendText(frame);
    await until(() => hub.answers.length >= before + bad.length, { what: "an answer to each" });
    const answers = hub.answers.slice(before).map(({ id, error }) => [id, error?.data?.kind]);
    expect(answers).toEqual(frames.map(([id]) => [id, "PARSE_ERROR"]));
    expect(await hub.call("run.status")).toMatchObject({ playing: false });
  });

  it("answers a request with the longest id that the hub makes of a client's", async () => {
    const id = `${"c".repeat(36)}:${"i".repeat(MAX_ID_LENGTH)}`;
    expect(await hub.call("run.status", {}, { id })).toMatchObject({ playing: false });
  });
});

describe("at most once", () => {
  const add = (name: string) => ({ scene: "res://game/level.tscn", type: "Node", name });

  it("a write that comes twice runs once and gets the same answer", async () => {
    const id = "client-1:once";
    const first = await hub.ask("node.add", add("Once"), { id });
    const epoch = hub.identifies.at(-1)?.instance?.epoch;
    const second = await hub.ask("node.add", add("Once"), { id, attempt: 2, ...(epoch && { epoch }) });
    expect(second).toEqual(first);
    expect(await count("Once")).toBe(1);
  });

  it("also across another hub", async () => {
    const id = "client-1:across";
    const first = await hub.ask("node.add", add("Across"), { id });
    await replaceHub();
    expect(hub.identifies.at(-1)?.resumeToken).toBe("resume-me");
    expect(await hub.ask("node.add", add("Across"), { id, attempt: 2 })).toEqual(first);
    expect(await count("Across")).toBe(1);
  });

  it("a resend of another epoch runs only when it reads", async () => {
    const other = { attempt: 2, epoch: "another" };
    const refused = await hub.ask("node.add", add("Other"), { id: "client-1:other", ...other });
    expect(refused.error?.data?.kind).toBe("OUTCOME_UNKNOWN");
    expect(await hub.call("run.status", {}, { id: "client-1:read", ...other })).toMatchObject({ playing: false });
    expect(await count("Other")).toBe(0);
  });
});

describe("cancel", () => {
  it("takes back a command that has not begun", async () => {
    const id = "client-1:regretted";
    editor.signal("SIGSTOP");
    const answer = hub.ask("scene.create", { path: "res://made/regretted.tscn", rootType: "Node" }, { id });
    hub.sendText(JSON.stringify({ jsonrpc: "2.0", method: "cancel", params: { id } }));
    editor.signal("SIGCONT");
    expect((await answer).error?.data?.kind).toBe("CANCELLED");
    expect(await hub.call("project.list_files", { pattern: "regretted*" })).toMatchObject({ total: 0 });
  });
});

describe("sizes", () => {
  const scene = "res://game/level.tscn";
  const read = (node: string) => ({ scene, path: node, names: ["editor_description"] });
  const textIn = (answer: Record<string, unknown>) =>
    (answer.properties as { editor_description: string }).editor_description;

  it.each([70_000, 2_000_000, 20_000_000])("a request and an answer of %d bytes arrive whole", async (size) => {
    const text = "é".repeat(size / 2);
    const name = `Big${size}`;
    await hub.call("node.add", { scene, type: "Node", name, properties: { editor_description: text } });
    expect(textIn(await hub.call("node.get_properties", read(name))) === text).toBe(true);
  });

  it("many large messages at once arrive whole, and small ones between them", async () => {
    const reads = Array.from({ length: 12 }, (_, index) =>
      hub.call("node.get_properties", read("Big2000000"), { clientId: `c${index}` }),
    );
    const states = Array.from({ length: 12 }, () => hub.call("run.status", {}, { clientId: "small" }));
    const answers = await Promise.all([...reads, ...states]);
    expect(answers.slice(0, 12).map((answer) => textIn(answer).length)).toEqual(Array(12).fill(1_000_000));
  });

  it("an answer over the hub's limit is TOO_LARGE, and the connection lives", async () => {
    await replaceHub({ maxMessageBytes: SMALL_LIMIT });
    const answer = await hub.ask("node.get_properties", read("Big20000000"));
    expect(answer.error?.data).toMatchObject({ kind: "TOO_LARGE", limit: SMALL_LIMIT });
    expect(await hub.call("run.status")).toMatchObject({ playing: false });
    await replaceHub();
  });
});

describe("coming back", () => {
  it.each([undefined, 1001, 4408, 4410, 4430])("it does after close code %s", async (code) => {
    const openings = hub.identifies.length;
    hub.drop(code);
    await hub.editor(openings + 1);
    expect(await hub.call("run.status")).toMatchObject({ playing: false });
  });

  it("an answer that was ready meanwhile is sent to the hub that resumes", async () => {
    const openings = hub.identifies.length;
    const id = "client-1:meanwhile";
    const answered = new Promise<Answer>((resolve) => {
      hub.ask("run.status", {}, { id }).then(resolve, () => undefined);
    });
    hub.drop();
    await hub.editor(openings + 1);
    hub.send("run.status", {}, { id, attempt: 2 });
    expect(await answered).toMatchObject({ result: { playing: false } });
  });

  it("a hub that falls silent is left, and found again", async () => {
    await replaceHub({ heartbeat: { intervalMs: 100, timeoutMs: 300 } });
    await hub.editor(2);
    expect(hub.messages).toContainEqual({ type: "heartbeat", timestamp: expect.any(Number) });
    await replaceHub();
  });

  it.each([4401, 4403, 4409, 4426])("it does not after %d, until another hub or token is announced", async (code) => {
    const refusing = hub;
    const openings = refusing.headers.length;
    refusing.drop(code);
    await until(() => !refusing.isConnected, { what: "the end of the connection" });
    const next = await StubHub.start();
    hub = next;
    announce(next);
    await next.editor();
    expect(refusing.headers.length).toBe(openings);
    await refusing.stop();
  });
});

describe("another program that listens where a hub did", () => {
  it("is told nothing, since it does not prove that it knows the token", async () => {
    await hub.stop();
    const impostor = await StubHub.start({ isImpostor: true });
    announce(impostor);
    await until(() => impostor.headers.length > 1, { what: "a second attempt" });
    expect(impostor.identifies).toEqual([]);
    expect(JSON.stringify(impostor.headers)).not.toContain(impostor.token);
    await impostor.stop();
    hub = await StubHub.start();
    announce(hub);
    await hub.editor();
  });
});

describe("a state directory in which others have a hand", () => {
  it("leads this editor to no hub, and says why; when it is mended, the editor comes", async () => {
    await hub.stop();
    const planted = await StubHub.start();
    chmodSync(home, 0o777);
    announce(planted);
    await until(() => editor.output.includes(`${home} can be written by others (mode 777)`), { what: "the warning" });
    expect(planted.headers).toEqual([]);
    chmodSync(home, 0o755);
    chmodSync(join(home, "token"), 0o666);
    await until(() => editor.output.includes(`${join(home, "token")} can be written`), { what: "the next warning" });
    expect(planted.headers).toEqual([]);
    chmodSync(home, 0o700);
    await planted.editor();
    hub = planted;
    expect(await hub.call("run.status")).toMatchObject({ playing: false });
    await editor.clearOutput();
  });

  it.runIf(process.getuid?.() === 0)("is that of another account, too", async () => {
    await hub.stop();
    const planted = await StubHub.start();
    chownSync(home, 65_534, 65_534);
    announce(planted);
    await until(() => editor.output.includes(`${home} belongs to another account (65534)`), { what: "the warning" });
    expect(planted.headers).toEqual([]);
    chownSync(home, 0, 0);
    await planted.editor();
    hub = planted;
    await editor.clearOutput();
  });
});

it("the editor has not complained", () => {
  expect(editor.complaints).toEqual([]);
});
