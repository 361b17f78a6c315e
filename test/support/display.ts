/** A display without a screen, so that editors and games have pixels on any machine. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { godotBinary } from "./godot-editor.ts";
import { until } from "./wait.ts";

/** What a window with OpenGL needs of Debian. */
export const PACKAGES = ["xvfb", "libgl1", "libgl1-mesa-dri", "libxcursor1", "libxi6", "libxinerama1", "libxrandr2"];

/** Displays that run: none of them outlives the test process. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class Display {
  /** Variables with which a program draws here. */
  readonly env: Record<string, string>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, number: string) {
    this.#child = child;
    this.env = { ...openGlEnvironment(), DISPLAY: `:${number}` };
  }

  /** Starts an X server of its own on the first free number. */
  static async start(): Promise<Display> {
    installWhenMissing();
    const child = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    let number = "";
    child.stdout.on("data", (chunk: Buffer) => {
      number += chunk.toString();
    });
    await until(() => number.endsWith("\n"), { what: "Xvfb", deadlineMs: 20_000 });
    return new Display(child, number.trim());
  }

  dispose(): void {
    this.#child.kill();
  }
}

function installWhenMissing(): void {
  if (spawnSync("Xvfb", ["-help"]).error === undefined) return;
  if (process.getuid?.() !== 0) throw new Error(`Tests with pixels need: apt-get install ${PACKAGES.join(" ")}`);
  execFileSync("apt-get", ["-qq", "update"], { stdio: "ignore" });
  execFileSync("apt-get", ["-qq", "-y", "--no-install-recommends", "install", ...PACKAGES], { stdio: "ignore" });
}

/** A Godot that was unpacked with the libraries that it needs finds the drivers of software OpenGL only when told where they are. */
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
