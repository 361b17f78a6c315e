/** Attempts to have the hub open a project that no person knows: opening one runs the code of its plugins. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createToken } from "../../hub/access/token-book.ts";
import type { HubConfig } from "../../hub/config.ts";
import { listFiles, projectsIn } from "../../hub/launching/known-projects.ts";
import { CommandLine } from "../hub/cli/command-line.ts";
import { HttpAdapter } from "../mcp-adapter/support/http-adapter.ts";
import { HubProcess } from "../support/hub-process.ts";
import { LocalHub } from "../support/local-hub.ts";
import { startMcpClient } from "../support/mcp-client.ts";
import { openAdapter, ProtocolClient } from "../support/protocol-client.ts";
import { until } from "../support/wait.ts";

/** All folders of a test. */
let root: string;
let hub: LocalHub;
const clients: ProtocolClient[] = [];

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "godot-hub-roots-")));
  vi.stubEnv("XDG_DATA_HOME", join(root, "data"));
  vi.stubEnv("HOME", root);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await hub?.dispose();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

/** A project with the addon, whose opening leaves a mark: by a program that stands for the editor. */
function project(path: string): string {
  const folder = join(root, path);
  mkdirSync(join(folder, "addons/godot_mcp_hub"), { recursive: true });
  writeFileSync(join(folder, "addons/godot_mcp_hub/plugin.cfg"), "");
  writeFileSync(join(folder, "project.godot"), 'enabled=PackedStringArray("res://addons/godot_mcp_hub/plugin.cfg")');
  return folder;
}

async function start(config: Partial<HubConfig> = {}): Promise<void> {
  const godot = join(root, "godot");
  // Arguments: --headless --editor --path <project>
  writeFileSync(godot, `#!/bin/sh\n: > "$4/opened"\n`, { mode: 0o755 });
  hub = await LocalHub.start({ godot, ...config });
}

interface Asker {
  /** What the adapter says that it is bound to. */
  bound?: string;
  token?: string;
  type?: string;
}

/** Asks for an editor: the kind of the error, once it is known whether the project was opened. */
async function launch(path: string, { bound, token = hub.token, type = "mcp" }: Asker = {}) {
  const identify = { clientType: type, ...(bound !== undefined && { project: { name: "bound", path: bound } }) };
  const { client } = await openAdapter(hub.url, token, { identify });
  clients.push(client);
  const { error } = await client.request("instance.launch", { project: path, waitMs: 5_000 });
  return { kind: error?.data?.kind, message: error?.message, hint: error?.data?.hint };
}

const wasOpened = (folder: string) => existsSync(join(folder, "opened"));
/** The program that stands for the editor ends at once. */
const OPENED = "NO_INSTANCE";
const agentToken = () => createToken(hub.home, { name: "ci", role: "agent", readOnly: false, allow: [], deny: [] });

/** An editor, or something else, that has a project open. */
async function connect(path: string, { token = hub.token, type = "godot" } = {}): Promise<void> {
  const client = await ProtocolClient.connect(hub.url, { token });
  clients.push(client);
  await client.identify({ clientType: type, godotVersion: "4.6.3", project: { name: "p", path } });
}

describe("an agent", () => {
  it("has no editor started on a folder that no person knows, and hears how one can allow it", async () => {
    await start();
    const evil = project("evil");
    const { kind, message, hint } = await launch(evil);
    expect(kind).toBe("FORBIDDEN");
    expect(message).toContain(evil);
    for (const way of ["in Godot once", `godot-hub launch ${evil}`, "--launch-roots"]) expect(hint).toContain(way);
    expect(wasOpened(evil)).toBe(false);
    expect(existsSync(join(hub.home, "launched.json"))).toBe(false);
  });

  it("does not learn whether there is a project in such a folder", async () => {
    await start();
    mkdirSync(join(root, "empty"));
    for (const path of [join(root, "empty"), join(root, "missing"), "/etc", project("evil")]) {
      expect((await launch(path)).kind, path).toBe("FORBIDDEN");
    }
    expect((await launch("relative")).kind).toBe("INVALID_PARAMS");
  });

  it("may have one started on what lies below a configured folder, and on that folder itself", async () => {
    await start({ launchRoots: [join(root, "games"), join(root, "one")] });
    for (const path of ["games/a", "games/deep/b", "one"]) {
      const folder = project(path);
      expect((await launch(`${folder}/`)).kind, path).toBe(OPENED);
      expect(wasOpened(folder), path).toBe(true);
    }
    expect((await launch(join(root, "games/missing"))).kind).toBe("NOT_FOUND");
  });

  it("does not leave that folder by a name that begins alike, by dots or by links", async () => {
    await start({ launchRoots: [join(root, "games")] });
    project("games/a");
    const outside = [project("games-of-others"), project("gamesx/a"), project("evil")];
    symlinkSync(join(root, "evil"), join(root, "games/link"));
    mkdirSync(join(root, "games/inner"));
    symlinkSync("../..", join(root, "games/inner/up"));
    const ways = [
      ...outside,
      join(root, "games/link"),
      `${root}/games/../evil`,
      `${root}/games/a/../../evil`,
      join(root, "games/inner/up/evil"),
      `${root}/games/inner/up/games/inner/../../evil`,
      `${root}/games/missing/../link`,
      `${root}/games/missing/./../a/../link/.`,
    ];
    for (const way of ways) expect((await launch(way)).kind, way).toBe("FORBIDDEN");
    expect(outside.filter(wasOpened)).toEqual([]);
  });

  it("is asked about anew each time: a folder may become a project, or a link to one, later", async () => {
    await start({ launchRoots: [join(root, "games")] });
    mkdirSync(join(root, "games"));
    symlinkSync(join(root, "later"), join(root, "games/link"));
    for (const path of ["games/link", "games/new"])
      expect((await launch(join(root, path))).kind, path).toBe("NOT_FOUND");
    const [outside, inside] = [project("later"), project("games/new")];
    expect((await launch(join(root, "games/link"))).kind).toBe("FORBIDDEN");
    expect((await launch(inside)).kind).toBe(OPENED);
    rmSync(inside, { recursive: true });
    symlinkSync(outside, inside);
    expect((await launch(inside)).kind).toBe("FORBIDDEN");
    expect(wasOpened(outside)).toBe(false);
  });

  it("has none started on a folder that Godot would take for another one", async () => {
    await start({ launchRoots: [join(root, "games")] });
    const folder = project("games/..\\..\\evil");
    expect((await launch(folder)).kind).toBe("INVALID_PARAMS");
    expect(wasOpened(folder)).toBe(false);
  });

  it("may use a link to an allowed folder, and opens the folder to which it led", async () => {
    await start({ launchRoots: [join(root, "link-to-games")] });
    const folder = project("games/a");
    symlinkSync(join(root, "games"), join(root, "link-to-games"));
    symlinkSync(folder, join(root, "shortcut"));
    expect((await launch(join(root, "shortcut"))).kind).toBe(OPENED);
    expect(readFileSync(join(hub.home, "launched.json"), "utf8")).toBe("[]");
    expect(wasOpened(folder)).toBe(true);
  });

  it("may have one started on a project that a person has had open, by this hub or the one before it", async () => {
    await start();
    const [mine, inside] = [project("mine"), project("mine/addons/evil")];
    await connect(mine);
    expect((await launch(mine)).kind).toBe(OPENED);
    // A project inside a project is a different one, and so is one with another spelling.
    if (!existsSync(join(root, "MINE"))) expect((await launch(join(root, "MINE"))).kind).toBe("FORBIDDEN");
    expect((await launch(inside)).kind).toBe("FORBIDDEN");
    expect((await launch(dirname(mine))).kind).toBe("FORBIDDEN");
    const { home } = hub;
    const kept = readFileSync(join(home, "known-projects.json"), "utf8");
    await hub.dispose();
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "known-projects.json"), kept);
    await start({ home });
    expect((await launch(mine)).kind).toBe(OPENED);
  });

  it("gains nothing by an editor with another token, by a game, or by what it says of itself", async () => {
    await start();
    const evil = project("evil");
    await connect(evil, {
      token: createToken(hub.home, { name: "lab", role: "instance", readOnly: false, allow: [], deny: [] }),
    });
    await connect(evil, { type: "game" });
    await connect(evil, { type: "mcp" });
    expect((await launch(evil)).kind).toBe("FORBIDDEN");
    expect((await launch(evil, { token: agentToken(), bound: evil })).kind).toBe("FORBIDDEN");
    expect(wasOpened(evil)).toBe(false);
  });

  it("may have one started on the project that a person has started its adapter in, and on no other", async () => {
    await start();
    const [mine, other] = [project("mine"), project("other")];
    symlinkSync(mine, join(root, "shortcut"));
    expect((await launch(mine, { bound: join(root, "shortcut") })).kind).toBe(OPENED);
    expect((await launch(other, { bound: mine })).kind).toBe("FORBIDDEN");
    expect((await launch(join(mine, "addons"), { bound: mine })).kind).toBe("FORBIDDEN");
  });

  it("may have one started on a project of Godot's own list", async () => {
    await start();
    const [plain, odd, other] = [project("plain"), project('with "quotes", [brackets] and spaces'), project("other")];
    mkdirSync(join(root, "data/godot"), { recursive: true });
    writeFileSync(
      join(root, "data/godot/projects.cfg"),
      `[${plain}]\n\nfavorite=false\n\n[${odd.replaceAll("]", "\\]")}]\n\nfavorite=true\n; [${other}]\n`,
    );
    expect((await launch(plain)).kind).toBe(OPENED);
    expect((await launch(odd)).kind).toBe(OPENED);
    expect((await launch(other)).kind).toBe("FORBIDDEN");
  });
});

describe("whatever way an agent asks", () => {
  it("gets the same answer: by a tool, as a command, over HTTP and at the command line", async () => {
    const godot = join(root, "godot");
    writeFileSync(godot, `#!/bin/sh\n: > "$4/opened"\n`, { mode: 0o755 });
    const process = await HubProcess.start({ env: { GODOT: godot } });
    onTestFinished(() => process.dispose());
    const folder = project("evil");
    symlinkSync(folder, join(root, "link"));
    const stdio = await startMcpClient({ home: process.home, cwd: root });
    onTestFinished(() => stdio.close());
    const adapter = await HttpAdapter.start(process.home);
    onTestFinished(() => adapter.stop());
    const http = new Client({ name: "over-http", version: "1.0.0" });
    const headers = { Authorization: `Bearer ${process.token}` };
    await http.connect(new StreamableHTTPClientTransport(adapter.url, { requestInit: { headers } }));
    onTestFinished(() => http.close());
    for (const path of [folder, `${root}/missing/../link`]) {
      const asCommand = { command: "instance.launch", params: { project: path } };
      for (const client of [stdio.client, http]) {
        const byTool = await client.callTool({ name: "hub_use", arguments: { target: path, launch: true } });
        const byCommand = await client.callTool({ name: "command_run", arguments: asCommand });
        for (const answer of [byTool, byCommand]) expect(JSON.stringify(answer), path).toContain("FORBIDDEN");
      }
      const { code, stderr } = await new CommandLine({ GODOT_HUB_HOME: process.home }).run([
        "call",
        "instance.launch",
        JSON.stringify(asCommand.params),
      ]);
      expect(code, path).toBe(1);
      expect(stderr, path).toContain("is no project that a person has opened");
    }
    expect(wasOpened(folder)).toBe(false);
  });
});

describe("a person", () => {
  it("starts any project that is named at the command line", async () => {
    await start();
    const folder = project("new");
    expect((await launch(folder, { type: "cli" })).kind).toBe(OPENED);
    expect(wasOpened(folder)).toBe(true);
    // With another token it is none.
    expect((await launch(folder, { type: "cli", token: agentToken() })).kind).toBe("FORBIDDEN");
  });
});

describe("a state directory that takes nothing", () => {
  it("keeps no agent from an editor: this hub starts, knows and ends it", async () => {
    await start({ launchRoots: [root] });
    const folder = project("game");
    // Files that no process can write: folders stand in their places.
    for (const name of ["launched-editor.log", "launched.json", "known-projects.json"]) mkdirSync(join(hub.home, name));
    expect(await launch(folder)).toMatchObject({ kind: OPENED, message: "Godot ended before it connected." });
    writeFileSync(join(root, "godot"), '#!/bin/sh\necho "$GODOT_HUB_LAUNCH_ID" > "$4/id"\nexec sleep 600\n', {
      mode: 0o755,
    });
    const asked = openAdapter(hub.url, hub.token).then(({ client }) => {
      clients.push(client);
      return client.request("instance.launch", { project: folder, waitMs: 30_000 });
    });
    const launchId = await until(
      () => existsSync(join(folder, "id")) && readFileSync(join(folder, "id"), "utf8").trim(),
      {
        what: "the start",
      },
    );
    const editor = await hub.editor({ projectPath: folder, identify: { instance: { epoch: "e", launchId } } });
    const { result, error } = await asked;
    expect(error).toBeUndefined();
    expect(result).toMatchObject({ instance: { id: editor.identified.clientId } });
    expect((await launch(folder)).kind).toBeUndefined();
  });
});

describe("Godot's own list", () => {
  it("is looked for where the engine keeps it", () => {
    expect(listFiles({ HOME: "/home/ann" }, "linux")).toEqual([
      "/home/ann/.local/share/godot/projects.cfg",
      "/home/ann/.var/app/org.godotengine.Godot/data/godot/projects.cfg",
    ]);
    expect(listFiles({ HOME: "/Users/ann" }, "darwin")).toEqual([
      "/Users/ann/Library/Application Support/Godot/projects.cfg",
    ]);
    expect(listFiles({ USERPROFILE: "C:\\Users\\Ann", APPDATA: "D:\\Roaming" }, "win32")).toEqual([
      "D:\\Roaming\\Godot\\projects.cfg",
    ]);
  });

  it("names each project as a section, as the engine writes it", () => {
    expect(projectsIn('[/a b]\r\nfavorite=true\n[/c "d" \\e]\n[/f [g\\]]\n[C:/Games/x]\n')).toEqual([
      "/a b",
      '/c "d" \\e',
      "/f [g]",
      "C:/Games/x",
    ]);
    expect(projectsIn("")).toEqual([]);
  });
});
