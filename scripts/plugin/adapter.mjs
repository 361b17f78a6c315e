/** Starts the adapter of a plugin: the built one beside it, else the published one of the same version, through npx. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const root = new URL("../../", import.meta.url);
const built = new URL("dist/godot-mcp-adapter.js", root);

if (existsSync(built)) await import(built.href);
else runPublished();

/** A clone of the repository has nothing built in it. */
function runPublished() {
  const { name, version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
  const args = ["-y", `${name}@${version}`, ...process.argv.slice(2)];
  // On Windows npx is a batch file, which only a shell starts.
  const child = spawn("npx", args, { stdio: "inherit", shell: process.platform === "win32" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`godot-mcp-hub: npx can't be started: ${error.message}. It comes with Node.js.\n`);
    process.exit(1);
  });
  child.on("exit", (code) => process.exit(code ?? 1));
}
