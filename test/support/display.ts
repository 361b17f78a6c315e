/** A display without a screen, so that editors and games have windows and pixels on any machine. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { installWhenMissing } from "./debian.ts";
import { godotBinary } from "./godot-editor.ts";
import { until } from "./wait.ts";

/** What a window with OpenGL needs of Debian, and who manages it. */
export const PACKAGES = [
  "xvfb",
  "openbox",
  "libgl1",
  "libgl1-mesa-dri",
  "libxcursor1",
  "libxi6",
  "libxinerama1",
  "libxrandr2",
];
const SCREEN = "1280x800x24";
const START = { deadlineMs: 20_000 };

/** Programs that run: none of them outlives the test process. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class Display {
  /** Variables with which a program draws here. */
  readonly env: Record<string, string>;
  readonly #children: readonly ChildProcess[];

  private constructor(env: Record<string, string>, children: readonly ChildProcess[]) {
    this.env = env;
    this.#children = children;
  }

  /** Starts an X server on the first free number, and a window manager on it. */
  static async start(): Promise<Display> {
    installDisplay();
    const server = run("Xvfb", ["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]);
    const number = await server.line;
    const env = { ...openGlEnvironment(), DISPLAY: `:${number}` };
    const manager = run("openbox", ["--sm-disable", "--startup", "echo ready"], env);
    await manager.line;
    return new Display(env, [manager.child, server.child]);
  }

  dispose(): void {
    for (const child of this.#children) child.kill();
  }
}

/** Installs what a display needs, where it is missing; once, before tests that would do it side by side. */
export function installDisplay(): void {
  const isThere = (program: string): boolean => spawnSync(program, ["--help"]).error === undefined;
  installWhenMissing(PACKAGES, () => isThere("Xvfb") && isThere("openbox"), "Tests with windows");
}

/** Starts a program; its first line on stdout says that it is ready. */
function run(program: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "ignore"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const line = until(() => said.includes("\n") && said.trim(), { what: program, ...START });
  return { child, line };
}

/** A Godot that was unpacked with its libraries finds the drivers of software OpenGL only with their path. */
function openGlEnvironment(): Record<string, string> {
  const usr = dirname(dirname(godotBinary()));
  const libraries = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map((triplet) => join(usr, "lib", triplet));
  const folder = libraries.find((path) => existsSync(join(path, "dri")));
  if (!folder) return {};
  return {
    LIBGL_ALWAYS_SOFTWARE: "1",
    LIBGL_DRIVERS_PATH: join(folder, "dri"),
    GBM_BACKENDS_PATH: join(folder, "gbm"),
    __EGL_VENDOR_LIBRARY_FILENAMES: join(usr, "share", "glvnd", "egl_vendor.d", "50_mesa.json"),
  };
}
