/** Bundles the two programs into `dist/`: a bundled adapter starts in less than half the time of an unbundled one. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { thirdPartyLicenses } from "./third-party-licenses.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

/** CommonJS packages inside the bundle ask for `require`. */
const banner = [
  "#!/usr/bin/env node",
  'import { createRequire as __createRequire } from "node:module";',
  "const require = __createRequire(import.meta.url);",
].join("\n");

/** Names each part of zod that is used, so that the rest, most of it, is left out: `{ z }` would be all of it. */
const namedZod = {
  name: "named-zod",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](protocol|hub-client|mcp-adapter)[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { loader: "ts", contents: source.replace('import { z } from "zod";', 'import * as z from "zod";') };
    });
  },
};

/**
 * Keeps the evaluation order of zod's modules, which import each other in circles: in a module that is loaded lazily,
 * esbuild otherwise takes "no side effects" for "need not be evaluated first".
 */
const orderedZod = {
  name: "ordered-zod",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^zod|^\./ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === orderedZod) return undefined;
      const resolved = await resolve(path, { ...from, pluginData: orderedZod });
      return /[\\/]zod[\\/](v4|index)/.test(resolved.path) ? { path: resolved.path, sideEffects: true } : undefined;
    });
  },
};

/** The SDK's validator of elicited answers: the adapter elicits nothing and says so to the SDK. */
const noValidator = {
  name: "no-validator",
  setup({ onLoad }) {
    onLoad({ filter: /validation[\\/]ajv-provider\.js$/ }, () => ({
      contents: "export class AjvJsonSchemaValidator {}",
    }));
  },
};

/** The same of the SDK for the newer era, which picks its validator by the platform. */
const noPlatformValidator = {
  name: "no-platform-validator",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^@modelcontextprotocol\/server\/_shims$/ }, ({ path }) => ({
      path,
      namespace: "no-validator",
    }));
    onLoad({ filter: /./, namespace: "no-validator" }, () => ({
      contents: `export { default as process } from "node:process"; export class DefaultJsonSchemaValidator {}`,
    }));
  },
};

/** plist's parser of XML: the hub only writes property lists. */
const noXmlParser = {
  name: "no-xml-parser",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@xmldom[\\/]xmldom[\\/]/ }, () => ({ contents: "export class DOMParser {}" }));
  },
};

/** The server for the newer era of MCP, in a separate file: clients of the older era don't load it. */
const modernApart = {
  name: "modern-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/modern-server\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./godot-mcp-modern.js", external: true } : undefined,
    );
  },
};

/** Packages that only some sessions of the adapter need, in files of their own: reading them would slow every start down. */
const onDemand = new Map([
  ["graphql", { file: "graphql.cjs", contents: 'module.exports = require("graphql");' }],
  ["@hono/node-server", { file: "node-server.cjs", contents: 'module.exports = require("@hono/node-server");' }],
  [
    "rate-limiter-flexible",
    {
      file: "rate-limiter.cjs",
      // Not the whole package, which has a limiter for every database.
      contents: 'exports.RateLimiterMemory = require("rate-limiter-flexible/lib/RateLimiterMemory.js");',
    },
  ],
]);

/** Leaves those packages where they are until a module that names one is evaluated. */
const loadedOnDemand = {
  name: "loaded-on-demand",
  setup({ onLoad, onResolve }) {
    const filter = new RegExp(`^(${[...onDemand.keys()].join("|")})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: "on-demand" }));
    onResolve({ filter: /\.cjs$/, namespace: "on-demand" }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /./, namespace: "on-demand" }, ({ path }) => ({
      contents: `module.exports = require("./${onDemand.get(path).file}");`,
    }));
  },
};

const programs = [
  {
    entryPoints: { "godot-hub": "hub/main.ts" },
    plugins: [noXmlParser],
    keepNames: true,
    // Its main file finds its parts in a way that bundlers do not see.
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
  },
  {
    entryPoints: { "godot-mcp-adapter": "mcp-adapter/main.ts" },
    plugins: [namedZod, orderedZod, noValidator, loadedOnDemand, modernApart],
  },
  {
    entryPoints: { "godot-mcp-modern": "mcp-adapter/mcp/modern-server.ts" },
    plugins: [namedZod, orderedZod, noPlatformValidator, loadedOnDemand],
  },
  {
    // The dashboard's page, which the hub serves as it is.
    entryPoints: {
      dashboard: "hub/dashboard/page/main.ts",
      "dashboard-style": "hub/dashboard/page/style.css",
      "dashboard-page": "hub/dashboard/page/index.html",
    },
    platform: "browser",
    target: ["es2022"],
    banner: {},
    loader: { ".html": "copy" },
  },
  ...[...onDemand.values()].map(({ file, contents }) => ({
    stdin: { contents, resolveDir: root },
    outfile: file,
    format: "cjs",
    banner: {},
  })),
];

function bundle({ outfile, ...program }, folder) {
  return build({
    absWorkingDir: root,
    ...(outfile ? { outfile: join(folder, outfile) } : { outdir: folder }),
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "esm",
    banner: { js: banner },
    // Native and optional: ws works without them.
    external: ["bufferutil", "utf-8-validate"],
    logLevel: "warning",
    metafile: true,
    ...program,
  });
}

// Each file replaces its predecessor in one step: programs that start meanwhile, and other builds, never see half of one.
await mkdir(dist, { recursive: true });
const temporary = await mkdtemp(join(dist, ".build-"));
try {
  const bundles = await Promise.all(programs.map((program) => bundle(program, temporary)));
  const inputs = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  await writeFile(join(temporary, "third-party-licenses.txt"), await thirdPartyLicenses(root, inputs));
  const built = await readdir(temporary);
  for (const file of built) {
    await chmod(join(temporary, file), 0o755);
    await rename(join(temporary, file), join(dist, file));
  }
  const old = (await readdir(dist)).filter((file) => !built.includes(file) && !file.startsWith(".build-"));
  await Promise.all(old.map((file) => rm(join(dist, file), { recursive: true })));
} finally {
  await rm(temporary, { recursive: true, force: true });
}
