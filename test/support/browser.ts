/** Drives a real browser without a window, for attacks by web pages and for the dashboard. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser as ChromiumBrowser, type Page } from "puppeteer-core";
import { installWhenMissing } from "./debian.ts";

/** Programs that are Chromium, in the order in which they are tried. */
const PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** What Debian calls it, with a font to draw text. */
const PACKAGES = ["chromium", "fonts-dejavu-core"];
/** A loaded machine takes its time to start a browser. */
const START_DEADLINE_MS = 90_000;

/** What a test asks of the browser. */
export interface BrowserOptions {
  /** More flags of Chromium. */
  args?: readonly string[];
  /** Size of a page, in CSS pixels. Default: 1280 by 800. */
  width?: number;
  height?: number;
}

/** One Chromium with a separate profile, ended and removed by `dispose`. */
export class Browser {
  readonly chromium: ChromiumBrowser;
  readonly #profile: string;

  private constructor(chromium: ChromiumBrowser, profile: string) {
    this.chromium = chromium;
    this.#profile = profile;
  }

  /** Starts a headless Chromium; on Debian as root it is installed first where it is missing. */
  static async start({ args = [], width = 1280, height = 800 }: BrowserOptions = {}): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), "godot-hub-browser-"));
    try {
      const chromium = await puppeteer.launch({
        executablePath: chromiumProgram(),
        headless: true,
        userDataDir: profile,
        defaultViewport: { width, height },
        timeout: START_DEADLINE_MS,
        protocolTimeout: START_DEADLINE_MS,
        // As root there is no sandbox; a container's /dev/shm is too small for a browser.
        args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", ...args],
      });
      return new Browser(chromium, profile);
    } catch (error) {
      rmSync(profile, { recursive: true, force: true });
      throw error;
    }
  }

  /** A new page; opens `url` when one is given. */
  async open(url?: string): Promise<Page> {
    const page = await this.chromium.newPage();
    if (url !== undefined) await page.goto(url);
    return page;
  }

  async dispose(): Promise<void> {
    const child = this.chromium.process();
    await this.chromium.close().catch(() => child?.kill("SIGKILL"));
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Path of Chromium: CHROMIUM, or the first program that is there. */
function chromiumProgram(): string {
  const { CHROMIUM } = process.env;
  if (CHROMIUM) return CHROMIUM;
  const found = findProgram();
  if (found) return found;
  installWhenMissing(PACKAGES, () => false, "Tests in a browser");
  const installed = findProgram();
  if (!installed) throw new Error("Chromium was installed and can't be found.");
  return installed;
}

function findProgram(): string | undefined {
  for (const name of PROGRAMS) {
    const { status, stdout } = spawnSync("which", [name], { encoding: "utf8" });
    if (status === 0) return stdout.trim();
  }
  return undefined;
}
