/** Starts a real Godot editor on a copy of the sample project: headless, or with a window if the test run has a display. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { environment } from "./hub-process.ts";
import { within } from "./wait.ts";

const SAMPLE = fileURLToPath(new URL("../../godot-client", import.meta.url));
const EXIT_DEADLINE_MS = 30_000;

/** Editors that start at the same time write and read one file of the engine's documentation, the user's, and make a new one. */
const CACHE_NOISE = /editor_doc_cache/;
/** What the engine says of that cache when it reads it while another editor writes it. */
const HALF_WRITTEN_NOISE = /Error when trying to parse Variant\.|Returning: ERR_FILE_CORRUPT/;
/** Lines that a headless editor prints although nothing is wrong: saving renders a thumbnail, and there is no renderer. */
const HEADLESS_NOISE = /Parameter "t" is null|texture_2d_get|at: .*servers\/rendering\/dummy/;
/** Lines that an editor prints at its start on a display whose pixels no graphics card draws. */
const SOFTWARE_RENDERING_NOISE = /V-Sync mode|VK_KHR_surface|Condition "err != OK" is true\. Returning: err$/;
const NOISE = [CACHE_NOISE, HALF_WRITTEN_NOISE, HEADLESS_NOISE, SOFTWARE_RENDERING_NOISE];

/** Where the display's variables stand that editors of this test process have their windows on: in the project "windowed" of vitest.config.ts. */
export const DISPLAY_VARIABLE = "GODOT_TEST_DISPLAY";

/** Arguments of an editor and of a game with a window, on a machine without a graphics card too. */
const WINDOWED = ["--rendering-driver", "opengl3", "--audio-driver", "Dummy"];

export interface EditorOptions {
  /** Name of the project. Default: that of the sample. */
  name?: string;
  /** Where to find the hub: GODOT_HUB_URL and GODOT_HUB_TOKEN, or GODOT_HUB_HOME. */
  env?: Record<string, string>;
  /** Files to write into the project first, by their path below res://. */
  files?: Record<string, string>;
  /** Addons to enable beside those of the sample, by their plugin.cfg. */
  addons?: readonly string[];
  /** Variables of a display: the editor has a window there, and its games too. Null: headless. Default: what the test run is for. */
  display?: Record<string, string> | null;
}

/** Editors that run: none of them outlives the test process. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Path of the Godot binary that the tests' global setup found. */
export function godotBinary(): string {
  const path = process.env.GODOT;
  if (!path) throw new Error("GODOT is not set: this test must run in the project 'godot' of vitest.config.ts.");
  return path;
}

export class GodotEditor {
  /** Absolute path of the project's folder. */
  readonly project: string;
  readonly #options: EditorOptions;
  readonly #display: Record<string, string> | null;
  #child: ChildProcess | undefined;
  #output = "";

  private constructor(options: EditorOptions) {
    this.#options = options;
    this.#display = options.display === undefined ? commonDisplay() : options.display;
    this.project = realpathSync(mkdtempSync(join(tmpdir(), "godot-project-")));
    cpSync(SAMPLE, this.project, { recursive: true, filter: (source) => basename(source) !== ".godot" });
    for (const [path, text] of Object.entries(options.files ?? {})) this.write(path, text);
    this.#configure();
  }

  /** Copies the sample project without starting an editor on it. */
  static prepare(options: EditorOptions = {}): GodotEditor {
    return new GodotEditor(options);
  }

  /** Copies the sample project and starts an editor on it; returns as soon as the process runs. */
  static start(options: EditorOptions = {}): GodotEditor {
    const editor = new GodotEditor(options);
    editor.launch();
    return editor;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error("The editor has not started.");
    return pid;
  }

  /** Whether it has a window, and pixels. */
  get hasWindow(): boolean {
    return this.#display !== null;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && running.has(this.#child);
  }

  /** What the process printed, stdout and stderr as they came. */
  get output(): string {
    return this.#output;
  }

  /** Lines in which the editor complains, without those that editors on such a machine always print. */
  get complaints(): string[] {
    const lines = this.#output.split("\n").filter((line) => /\b(ERROR|WARNING)\b/.test(line));
    return lines.filter((line) => !NOISE.some((noise) => noise.test(line)));
  }

  /** Forgets what was printed so far: also what lies in the pipe still, though the answer that came after it has been read. */
  async clearOutput(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    this.#output = "";
  }

  /** Text of a file, by its path below res://. */
  read(path: string): string {
    return readFileSync(join(this.project, path), "utf8");
  }

  /** Writes a file behind the editor's back. */
  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.project, path)), { recursive: true });
    writeFileSync(join(this.project, path), text);
  }

  /** Starts the editor again on the same project, after it has ended. */
  launch(): void {
    const window = this.hasWindow ? WINDOWED : ["--headless"];
    const own = { GODOT_HUB_HOME: join(this.project, ".no-hub"), ...this.#display, ...this.#options.env };
    const child = spawn(godotBinary(), [...window, "--editor", "--path", this.project], {
      env: { ...environment(), ...own },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
    this.#child = child;
  }

  /** Sends a signal that does not end the process, such as SIGSTOP. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends the process and waits until it is gone. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (!child || !running.has(child)) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await within(exited, { what: `the editor's end after ${signal}`, deadlineMs: EXIT_DEADLINE_MS });
  }

  /** Waits for the process to end by itself; its exit code. */
  async exited(): Promise<number | null> {
    const child = this.#child;
    if (!child) return null;
    if (running.has(child))
      await within(once(child, "exit"), { what: "the editor's end", deadlineMs: EXIT_DEADLINE_MS });
    return child.exitCode;
  }

  /** Ends the editor and removes its project. */
  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.project, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Gives the project its name, and its game no window: a game does not inherit the editor's `--headless`. */
  #configure(): void {
    const path = join(this.project, "project.godot");
    const named = readFileSync(path, "utf8").replace(
      /config\/name="[^"]*"/,
      (setting) => `${this.#options.name ? `config/name="${this.#options.name}"` : setting}`,
    );
    const addons = (this.#options.addons ?? []).map((addon) => `"${addon}", `).join("");
    const enabled = named.replace("enabled=PackedStringArray(", (setting) => setting + addons);
    writeFileSync(
      path,
      `${enabled}\n[editor]\n\nrun/main_run_args="${this.hasWindow ? WINDOWED.join(" ") : "--headless"}"\n`,
    );
  }
}

/** What DISPLAY_VARIABLE says; null where editors are headless. */
function commonDisplay(): Record<string, string> | null {
  const variables = process.env[DISPLAY_VARIABLE];
  return variables === undefined ? null : z.record(z.string(), z.string()).parse(JSON.parse(variables));
}
