/** Programs that tests need and a fresh Debian does not have. */
import { execFileSync } from "node:child_process";

/** Installs Debian's `packages` where `isThere` says that they are missing; without the rights to, the error says what to install, and what for. */
export function installWhenMissing(packages: readonly string[], isThere: () => boolean, purpose: string): void {
  if (isThere()) return;
  if (process.getuid?.() !== 0) throw new Error(`${purpose} need: apt-get install ${packages.join(" ")}`);
  execFileSync("apt-get", ["-qq", "update"], { stdio: "ignore" });
  execFileSync("apt-get", ["-qq", "-y", "--no-install-recommends", "install", ...packages], { stdio: "ignore" });
}
