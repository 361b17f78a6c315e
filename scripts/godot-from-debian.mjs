/**
 * Unpacks Godot 4 from Debian's packages, with every library that it needs, without touching the system.
 *
 * The suite that has it may be newer than the machine's: so nothing is installed. A private apt downloads the packages,
 * dpkg-deb unpacks them, and patchelf tells the binary to use the unpacked loader and libraries.
 */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

const SUITE = process.env.GODOT_DEBIAN_SUITE ?? "forky";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
/** Godot with its export templates, and the packages for a window (software OpenGL, a font). */
const PACKAGES = [
  ...["godot", "godot-template-debug", "godot-template-release", "fonts-dejavu-core"],
  ...["libgl1", "libglx-mesa0", "libegl1", "libegl-mesa0", "libgles2", "libgl1-mesa-dri"],
];
const ARCHITECTURES = {
  x64: { triplet: "x86_64-linux-gnu", loader: "usr/lib64/ld-linux-x86-64.so.2" },
  arm64: { triplet: "aarch64-linux-gnu", loader: "usr/lib/ld-linux-aarch64.so.1" },
};

/**
 * @param {string} folder An empty folder, where the copy will stay: its path is written into the binary.
 * @returns {Promise<string>} Path of the binary.
 */
export async function unpackFromDebian(folder) {
  const architecture = ARCHITECTURES[process.arch];
  if (process.platform !== "linux" || !architecture) throw new Error("this way is for Linux on x64 or arm64");
  await requireTools();
  const root = join(folder, "root");
  const apt = join(folder, "apt");
  await downloadPackages(apt);
  await mkdir(root);
  const archives = join(apt, "cache", "archives");
  for (const file of await readdir(archives)) {
    if (file.endsWith(".deb")) await execute("dpkg-deb", ["-x", join(archives, file), root]);
  }
  await rm(apt, { recursive: true, force: true });
  return pointToUnpackedLibraries(root, architecture);
}

async function requireTools() {
  for (const tool of ["apt-get", "dpkg-deb"]) {
    if (!(await runs(tool))) throw new Error(`this way needs Debian's ${tool}`);
  }
  if ((await runs("patchelf")) && (await runs("readelf"))) return;
  if (process.getuid?.() !== 0) throw new Error("run 'apt-get install patchelf binutils' as root, then try again");
  await execute("apt-get", ["-qq", "update"]);
  await execute("apt-get", ["-qq", "-y", "install", "patchelf", "binutils"]);
}

async function runs(tool) {
  return execute(tool, ["--version"]).then(
    () => true,
    () => false,
  );
}

/** Downloads the packages and everything below them into an apt of our own, whose package status is empty. */
async function downloadPackages(apt) {
  const mirror = await debianMirror();
  for (const part of ["lists/partial", "cache/archives/partial", "empty"])
    await mkdir(join(apt, part), { recursive: true });
  await writeFile(join(apt, "status"), "");
  await writeFile(join(apt, "sources.list"), `deb [signed-by=${KEYRING}] ${mirror} ${SUITE} main\n`);
  const settings = {
    "Dir::Etc::sourcelist": join(apt, "sources.list"),
    "Dir::Etc::sourceparts": join(apt, "empty"),
    "Dir::Etc::preferencesparts": join(apt, "empty"),
    "Dir::State::lists": join(apt, "lists"),
    "Dir::State::status": join(apt, "status"),
    "Dir::Cache": join(apt, "cache"),
    "APT::Install-Recommends": "false",
    "APT::Sandbox::User": process.getuid?.() === 0 ? "root" : "",
  };
  const configuration = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
  await writeFile(join(apt, "apt.conf"), configuration.join(""));
  const options = { env: { ...process.env, APT_CONFIG: join(apt, "apt.conf") }, maxBuffer: 64 * 1024 * 1024 };
  await execute("apt-get", ["-qq", "update"], options);
  await execute("apt-get", ["-qq", "-y", "--download-only", "install", ...PACKAGES], options);
}

/** The mirror that this machine's own apt uses for Debian. */
async function debianMirror() {
  for (const source of await aptSources()) {
    if (/security/.test(source.suites) || !/^https?:/.test(source.uri)) continue;
    if (source.text.includes("debian-archive-keyring") || /\/debian\/?$/.test(source.uri)) return source.uri;
  }
  throw new Error("no Debian mirror is named in /etc/apt");
}

async function aptSources() {
  const folder = "/etc/apt/sources.list.d";
  const files = (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
  const sources = [];
  for (const file of [...files, "/etc/apt/sources.list"]) {
    const text = (await readFile(file, "utf8").catch(() => "")).replace(/^\s*#.*\n?/gm, "");
    sources.push(...(file.endsWith(".sources") ? stanzas(text) : lines(text)));
  }
  return sources;
}

function stanzas(text) {
  const member = (stanza, name) => new RegExp(`^${name}:\\s*(.*)$`, "mi").exec(stanza)?.[1] ?? "";
  return text
    .split(/\n\s*\n/)
    .map((stanza) => ({ uri: member(stanza, "URIs").split(/\s+/)[0], suites: member(stanza, "Suites"), text: stanza }));
}

function lines(text) {
  return [...text.matchAll(/^deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+).*$/gm)].map(([line, uri, suites]) => ({
    uri,
    suites,
    text: line,
  }));
}

async function pointToUnpackedLibraries(root, { triplet, loader }) {
  const libraries = join(root, "usr", "lib", triplet);
  const searchPath = `${libraries}:${join(libraries, "pulseaudio")}`;
  const binary = join(root, "usr", "bin", "godot");
  await execute("patchelf", [
    "--set-interpreter",
    join(root, loader),
    "--force-rpath",
    "--set-rpath",
    searchPath,
    binary,
  ]);
  for (const entry of await readdir(libraries, { withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.includes(".so")) continue;
    const path = join(libraries, entry.name);
    const { stdout } = await execute("readelf", ["-d", path]).catch(() => ({ stdout: "" }));
    if (stdout.includes("RUNPATH")) await execute("patchelf", ["--set-rpath", searchPath, path]);
  }
  return binary;
}
