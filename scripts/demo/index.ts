/** `npm run demo [folder]`: builds a game through MCP, plays it, and leaves pictures and a transcript in docs/demo/. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { getGodot } from "../get-godot.mjs";
import { demonstrate } from "./demonstration.ts";

const FOLDER = fileURLToPath(new URL("../../docs/demo/", import.meta.url));

// Where the display's drivers are is found by it.
process.env.GODOT = await getGodot();
try {
  const folder = resolve(process.argv[2] ?? FOLDER);
  await demonstrate(process.env.GODOT, folder);
  console.log(`Won. See ${folder}.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
