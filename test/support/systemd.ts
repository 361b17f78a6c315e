/** The programs of systemd that work without it being in charge of the machine. */
import { execFileSync, spawnSync } from "node:child_process";

/** Installs systemd's tools where they are missing; a machine that is no Debian must have them. */
export function installSystemdTools(): void {
  if (spawnSync("systemd-analyze", ["--version"]).error === undefined) return;
  if (process.getuid?.() !== 0) throw new Error("Tests of the service need: apt-get install systemd");
  execFileSync("apt-get", ["-qq", "update"], { stdio: "ignore" });
  execFileSync("apt-get", ["-qq", "-y", "--no-install-recommends", "install", "systemd"], { stdio: "ignore" });
}

/** The words that systemd would run for the ExecStart of a unit: quotation marks as in systemd.syntax(7), `$$` and `%%` as in systemd.service(5). */
export function execStart(unit: string): string[] {
  const line = /^ExecStart=(.*)$/m.exec(unit)?.[1];
  if (line === undefined) throw new Error(`No ExecStart in:\n${unit}`);
  const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"(?: |$)/g)].map(([, inside = ""]) =>
    inside.replace(/\\(.)/g, "$1").replaceAll("%%", "%"),
  );
  return words.map((word, at) => (at === 0 ? word : word.replaceAll("$$", () => "$")));
}
