/** Bundles the two programs into `dist/`, one file each: a bundled adapter starts in half the time of an unbundled one. */
import { chmod, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** CommonJS packages inside the bundle ask for `require`. */
const banner = [
  "#!/usr/bin/env node",
  'import { createRequire as __createRequire } from "node:module";',
  "const require = __createRequire(import.meta.url);",
].join("\n");

const outputs = { "godot-hub": "hub/main.ts", "godot-mcp-adapter": "mcp-adapter/main.ts" };

await rm(`${root}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: outputs,
  outdir: "dist",
  bundle: true,
  minify: true,
  keepNames: true,
  platform: "node",
  target: "node20",
  format: "esm",
  banner: { js: banner },
  // Native and optional: ws works without them.
  external: ["bufferutil", "utf-8-validate"],
  logLevel: "warning",
});
await Promise.all(Object.keys(outputs).map((name) => chmod(`${root}dist/${name}.js`, 0o755)));
