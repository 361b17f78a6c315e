#!/usr/bin/env node
/**
 * Finds a Godot 4 editor, or fetches one, and prints the path of its binary.
 *
 * In this order: the variable GODOT, `godot` or `godot4` on PATH, the copy in the user's cache, the official release
 * download, Debian's packages unpacked into the cache (nothing is installed into the system but, as root, the two small
 * tools that this needs). A second call is instant; calls at the same time wait for one another.
 */
import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { unpackFromDebian } from "./godot-from-debian.mjs";
import { unzip } from "./unzip.mjs";

const run = promisify(execFile);

/** The version that is fetched when none is found; the variable GODOT_VERSION names another official release. */
export const GODOT_VERSION = process.env.GODOT_VERSION || "4.6.3";
const OLDEST = [4, 3];
const RELEASES = "https://github.com/godotengine/godot/releases/download";
const CONNECT_TIMEOUT_MS = 15_000;
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;
const LOCK_TIMEOUT_MS = 15 * 60_000;
const LOCK_POLL_MS = 200;

/** @returns {Promise<string>} Path of a Godot binary of 4.3 or later. Throws an Error with the next step if there is none. */
export async function getGodot() {
  return (await fromVariable()) ?? (await fromPath()) ?? (await fromCache()) ?? (await fetchOnce());
}

async function fromVariable() {
  const path = process.env.GODOT;
  if (!path) return undefined;
  const version = await versionOf(path);
  if (version === undefined) throw new Error(`GODOT is '${path}', which does not run. Correct it, or unset it.`);
  if (!isRecent(version))
    throw new Error(`GODOT is '${path}', version ${version}; ${OLDEST.join(".")} or later is needed.`);
  return path;
}

async function fromPath() {
  const names = process.platform === "win32" ? ["godot.exe", "godot4.exe"] : ["godot", "godot4"];
  for (const directory of (process.env.PATH ?? "").split(delimiter).filter(Boolean)) {
    for (const name of names) {
      const path = join(directory, name);
      if (isExecutable(path) && isRecent(await versionOf(path))) return path;
    }
  }
  return undefined;
}

/** The complete copy in the cache; the marker is written last and names the binary. */
async function fromCache() {
  try {
    const path = await readFile(join(cachedCopy(), "binary"), "utf8");
    return (await versionOf(path)) === undefined ? undefined : path;
  } catch {
    return undefined;
  }
}

async function fetchOnce() {
  const lock = `${cachedCopy()}.lock`;
  await mkdir(dirname(lock), { recursive: true });
  await acquire(lock);
  try {
    return (await fromCache()) ?? (await fetchGodot());
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function fetchGodot() {
  const reasons = [];
  for (const fetchFrom of process.env.GODOT_VERSION ? [download] : [download, unpackFromDebian]) {
    const folder = cachedCopy();
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    try {
      const path = await fetchFrom(folder);
      if (!isRecent(await versionOf(path))) throw new Error(`${path} does not run here`);
      await writeFile(join(folder, "binary"), path);
      return path;
    } catch (error) {
      reasons.push(`${fetchFrom.name}: ${error.message.trim().split("\n").slice(-3).join(" ")}`);
    }
  }
  throw new Error(
    `No Godot ${OLDEST.join(".")} or later was found, and none could be fetched.\n  ${reasons.join("\n  ")}\n` +
      "Install Godot 4 and set GODOT to its binary, or put it on PATH as 'godot'.",
  );
}

async function download(folder) {
  const { file, binary } = releaseFor(process.platform, process.arch);
  const connecting = new AbortController();
  const timer = setTimeout(() => connecting.abort(new Error("no connection in time")), CONNECT_TIMEOUT_MS);
  const whole = AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS);
  const url = `${RELEASES}/${GODOT_VERSION}-stable/${file}`;
  const response = await fetch(url, { signal: AbortSignal.any([connecting.signal, whole]) }).finally(() =>
    clearTimeout(timer),
  );
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  await unzip(Buffer.from(await response.arrayBuffer()), folder);
  const path = join(folder, binary);
  await chmod(path, 0o755);
  return path;
}

function releaseFor(platform, arch) {
  const stem = `Godot_v${GODOT_VERSION}-stable`;
  if (platform === "darwin") return { file: `${stem}_macos.universal.zip`, binary: "Godot.app/Contents/MacOS/Godot" };
  if (platform === "win32") {
    const name = arch === "arm64" ? `${stem}_windows_arm64.exe` : `${stem}_win64.exe`;
    return { file: `${name}.zip`, binary: name };
  }
  const name = `${stem}_linux.${arch === "arm64" ? "arm64" : "x86_64"}`;
  return { file: `${name}.zip`, binary: name };
}

function cachedCopy() {
  return join(cacheFolder(), "godot-mcp-hub", `godot-${GODOT_VERSION}`);
}

function cacheFolder() {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (process.platform === "win32" && process.env.LOCALAPPDATA) return process.env.LOCALAPPDATA;
  return process.platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
}

/** Takes the lock directory; one whose owner no longer runs is taken over. */
async function acquire(lock) {
  const deadline = performance.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    try {
      await mkdir(lock);
      return await writeFile(join(lock, "pid"), String(process.pid));
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (await isAbandoned(lock)) await rm(lock, { recursive: true, force: true });
    else if (performance.now() > deadline)
      throw new Error(`${lock} is held by another process: remove it if none runs.`);
    else await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
}

async function isAbandoned(lock) {
  const pid = Number(await readFile(join(lock, "pid"), "utf8").catch(() => String(process.pid)));
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

async function versionOf(path) {
  try {
    const { stdout } = await run(path, ["--version"], { timeout: 30_000 });
    return stdout.trim().split("\n").at(-1);
  } catch {
    return undefined;
  }
}

function isRecent(version) {
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  getGodot().then(
    (path) => process.stdout.write(`${path}\n`),
    (error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
