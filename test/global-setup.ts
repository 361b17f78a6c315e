/** Obtains a real Godot before any test that needs one runs; when there is none to be had, the tests fail. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const GET_GODOT = fileURLToPath(new URL("../scripts/get-godot.mjs", import.meta.url));

/** Test processes find the binary's path in GODOT. */
export default function setup(): void {
  const printed = execFileSync(process.execPath, [GET_GODOT], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.env.GODOT = printed.trim();
}
