/** Starts the demonstration's hub, its editor with a window on an empty project, and its AI client. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { Display, PACKAGES } from "../../test/support/display.ts";
import { environment, HUB_PROGRAM, HubProcess } from "../../test/support/hub-process.ts";
import { type McpClient, startMcpClient } from "../../test/support/mcp-client.ts";
import { openAdapter } from "../../test/support/protocol-client.ts";
import { until } from "../../test/support/wait.ts";

const EDITOR_DEADLINE_MS = 90_000;
const POLL_INTERVAL_MS = 250;
const instancesSchema = z.object({ instances: z.array(z.object({ state: z.string() })) });
/** Works without a graphics card, too. */
const WINDOWED = ["--rendering-driver", "opengl3", "--audio-driver", "Dummy"];
const PROJECT = `config_version=5

[application]

config/name="Lantern Run"
config/features=PackedStringArray("4.3")

[display]

window/stretch/mode="canvas_items"

[editor]

run/main_run_args="${WINDOWED.join(" ")}"

[rendering]

renderer/rendering_method="gl_compatibility"
`;

export class Workshop {
  readonly mcp: McpClient;
  /** The project's folder. */
  readonly project: string;
  readonly #ends: (() => unknown)[];

  private constructor(mcp: McpClient, project: string, ends: (() => unknown)[]) {
    this.mcp = mcp;
    this.project = project;
    this.#ends = ends;
  }

  /**
   * Starts everything and waits until the editor takes commands.
   * @param godot Path of the editor's program.
   * @param given Variables of the display to use; without them the user's own, else one without a screen.
   * @throws {Error} without a display and without Xvfb; the message names the package to install.
   */
  static async open(godot: string, given?: Record<string, string>): Promise<Workshop> {
    const ends: (() => unknown)[] = [];
    try {
      const display = given ?? (await displayFor(ends));
      const hub = await HubProcess.start();
      ends.push(() => hub.dispose());
      const project = emptyProject(ends);
      const editor = startEditor(godot, project, { ...display, GODOT_HUB_HOME: hub.home }, ends);
      const mcp = await startMcpClient({ home: hub.home, cwd: project, name: "demo", args: ["--no-launch"] });
      ends.push(() => mcp.close());
      await untilReady(hub, editor);
      return new Workshop(mcp, project, ends);
    } catch (error) {
      await endAll(ends);
      throw error;
    }
  }

  /** Stops every started program and removes the project. */
  dispose(): Promise<void> {
    return endAll(this.#ends);
  }
}

/** Variables of a display: the user's own, else one without a screen. */
async function displayFor(ends: (() => unknown)[]): Promise<Record<string, string>> {
  const hasOwn = process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (hasOwn) return {};
  if (spawnSync("Xvfb", ["-help"]).error !== undefined) {
    throw new Error(`There is no display, and no Xvfb to stand in for one: apt-get install ${PACKAGES.join(" ")}`);
  }
  const display = await Display.start();
  ends.push(() => display.dispose());
  return display.env;
}

/** A new project with nothing in it but the addon. */
function emptyProject(ends: (() => unknown)[]): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "godot-demo-")));
  ends.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  writeFileSync(join(folder, "project.godot"), PROJECT);
  execFileSync(process.execPath, [HUB_PROGRAM, "install", folder], { stdio: "ignore" });
  return folder;
}

function startEditor(
  godot: string,
  project: string,
  env: Record<string, string>,
  ends: (() => unknown)[],
): ChildProcess {
  // The editor gets separate settings, so that the settings of the user's editor stay.
  const settings = mkdtempSync(join(tmpdir(), "godot-demo-settings-"));
  const own = { XDG_CONFIG_HOME: settings, XDG_DATA_HOME: settings };
  keepGamesOut(godot, settings);
  const editor = spawn(godot, [...WINDOWED, "--editor", "--path", project], {
    env: { ...environment(), ...own, ...env },
    stdio: "ignore",
  });
  const killWithThis = (): boolean => editor.kill("SIGKILL");
  process.once("exit", killWithThis);
  ends.push(async () => {
    process.off("exit", killWithThis);
    editor.kill("SIGKILL");
    await until(() => hasEnded(editor), { what: "the editor's end" });
    rmSync(settings, { recursive: true, force: true, maxRetries: 5 });
  });
  return editor;
}

/** Games get a window of their own: a display without a window manager cannot put it into that of the editor, which X complains of. */
function keepGamesOut(godot: string, settings: string): void {
  const version = execFileSync(godot, ["--version"], { encoding: "utf8" }).split(".").slice(0, 2).join(".");
  const text = `[gd_resource type="EditorSettings" format=3]\n\n[resource]\nrun/window_placement/game_embed_mode = -1\n`;
  mkdirSync(join(settings, "godot"));
  writeFileSync(join(settings, "godot", `editor_settings-${version}.tres`), text);
}

/** Waits until the hub shows the editor as ready, so that the agent's first call is the editor's first command. */
async function untilReady(hub: HubProcess, editor: ChildProcess): Promise<void> {
  const { client } = await openAdapter(hub.url, hub.token, { identify: { clientType: "watcher" } });
  const isReady = async (): Promise<boolean> => {
    if (hasEnded(editor)) throw new Error(`The editor has ended with ${editor.exitCode ?? editor.signalCode}.`);
    await pause(POLL_INTERVAL_MS);
    const { result } = await client.request("hub.list_instances");
    return instancesSchema.parse(result).instances.some(({ state }) => state === "ready");
  };
  await until(isReady, { what: "the editor", deadlineMs: EDITOR_DEADLINE_MS });
  await client.close();
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Stops the programs in reverse order. */
async function endAll(ends: (() => unknown)[]): Promise<void> {
  for (let end = ends.pop(); end; end = ends.pop()) await end();
}
