/** The programs of systemd that work without it being in charge of the machine. */
import { spawnSync } from "node:child_process";
import { installWhenMissing } from "./debian.ts";

/** Installs systemd's tools where they are missing; a machine that is no Debian must have them. */
export function installSystemdTools(): void {
  const isThere = (): boolean => spawnSync("systemd-analyze", ["--version"]).error === undefined;
  installWhenMissing(["systemd"], isThere, "Tests of the service");
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
