/** Opens a link in the person's browser, by the means of each system. */
import { spawn } from "node:child_process";

/** An opener that has not failed by then has handed the link over, ms. */
const OPENER_MS = 3_000;

/** The program that opens links, with its arguments; undefined where there is no screen to open one on. */
export function openerOf(
  url: string,
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): readonly [string, ...string[]] | undefined {
  if (platform === "darwin") return ["open", url];
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", url];
  // Without one, xdg-open takes over the terminal with a browser made of text.
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open", url] : undefined;
}

/** False when it can't be opened. */
export function openBrowser(url: string): Promise<boolean> {
  const [program, ...args] = openerOf(url, process.platform, process.env) ?? [];
  if (program === undefined) return Promise.resolve(false);
  const child = spawn(program, args, { detached: true, stdio: "ignore", windowsHide: true });
  child.unref();
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), OPENER_MS);
    const end = (isOpen: boolean) => {
      clearTimeout(timer);
      resolve(isOpen);
    };
    child.once("error", () => end(false));
    child.once("exit", (code) => end(code === 0));
  });
}
