/** Tests the published packages beside npm's: their files, and that their readers would accept them. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { unzipSync } from "fflate";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import { addon, bundler, mcpBundle } from "../../scripts/packages.ts";
import { PLACES, versionsIn } from "../../scripts/release-places.ts";
import { temporaryFolder } from "../hub/cli/command-line.ts";
import { environment } from "../support/hub-process.ts";
import { definedOnly } from "../support/mcp-client.ts";
import schema from "./server.schema.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const json = (path: string): unknown => JSON.parse(read(path));
const folder = mkdtempSync(join(tmpdir(), "godot-packages-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Paths of a zip's files, without its folders. */
function filesIn(zip: string): string[] {
  return Object.keys(unzipSync(readFileSync(zip))).filter((path) => !path.endsWith("/"));
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(path.length + 1)
        .replaceAll("\\", "/"),
    );
}

describe("the version", () => {
  it.each(PLACES.map((place) => [place.path, place] as const))("in %s is the product's", (path, place) => {
    expect(new Set(versionsIn(place, read(path)))).toEqual(new Set([PRODUCT_VERSION]));
  });

  it("stands in no other published file", () => {
    const known = new Set(PLACES.map(({ path }) => path));
    const roots = ["mcp-adapter/packaging", "godot-client/addons", "skills", "scripts/plugin", ".claude-plugin"];
    const published = roots.flatMap((root) => filesBelow(join(ROOT, root)).map((path) => `${root}/${path}`));
    const texts = published.filter((path) => !path.endsWith(".png") && !known.has(path));
    expect(texts.filter((path) => read(path).includes(PRODUCT_VERSION))).toEqual([]);
  });
});

describe("server.json", () => {
  const serverSchema = z.looseObject({
    $schema: z.string(),
    name: z.string(),
    packages: z.array(z.looseObject({ identifier: z.string() })),
  });
  const server = serverSchema.parse(json("mcp-adapter/packaging/server.json"));

  it("fits the schema of the MCP registry", () => {
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(schema);
    expect(validate(server) ? [] : validate.errors).toEqual([]);
    expect(server.$schema).toBe(schema.$id);
    // What the schema is there for.
    expect(validate({ ...server, packages: [{ ...server.packages[0], version: "latest" }] })).toBe(false);
    expect(validate({ ...server, description: "x".repeat(101) })).toBe(false);
  });

  it("names the npm package, which names it: by that the registry knows that both have one owner", () => {
    const manifest = z.looseObject({ name: z.string(), mcpName: z.string() }).parse(json("package.json"));
    expect(manifest.mcpName).toBe(server.name);
    expect(server.packages.map(({ identifier }) => identifier)).toEqual([manifest.name]);
  });

  it("leads `npx godot-mcp-hub` to the MCP server", () => {
    expect(json("package.json")).toMatchObject({ bin: { "godot-mcp-hub": "dist/godot-mcp-adapter.js" } });
  });

  it("names only variables that the adapter reads", () => {
    const variables = JSON.stringify(server).match(/GODOT_HUB_\w+/g) ?? [];
    expect(variables.length).toBeGreaterThan(0);
    const sources = filesBelow(join(ROOT, "mcp-adapter"))
      .filter((path) => path.endsWith(".ts"))
      .map((path) => read(`mcp-adapter/${path}`));
    const all = [...sources, read("hub-client/state-dir.ts")].join("\n");
    expect(variables.filter((name) => !all.includes(`"${name}"`) && !all.includes(`.${name}`))).toEqual([]);
  });
});

describe("the MCP bundle", () => {
  it("is taken by the official tool, and its server runs where it is unpacked", async () => {
    const path = await mcpBundle(folder);
    const unpacked = join(folder, "unpacked");
    await bundler("unpack", path, unpacked);
    const manifest = z
      .looseObject({
        server: z.object({ mcp_config: z.object({ command: z.string(), args: z.array(z.string()) }) }).loose(),
      })
      .parse(JSON.parse(readFileSync(join(unpacked, "manifest.json"), "utf8")));
    const { command, args } = manifest.server.mcp_config;
    const transport = new StdioClientTransport({
      command,
      // As a client puts the folder of the bundle there.
      args: args.map((arg) => arg.replace(`\${__dirname}`, unpacked)),
      env: definedOnly({ ...environment(), GODOT_HUB_HOME: temporaryFolder() }),
      stderr: "ignore",
    });
    const client = new Client({ name: "bundle-test", version: "1.0.0" });
    await client.connect(transport);
    expect(client.getServerVersion()?.version).toBe(PRODUCT_VERSION);
    expect((await client.listTools()).tools.length).toBeGreaterThan(10);
    await client.close();
    const files = filesBelow(unpacked);
    const parts = ["icon.png", "LICENSE", "dist/godot-hub.js", "godot-client/addons/godot_mcp_hub/plugin.cfg"];
    expect(files).toEqual(expect.arrayContaining(parts));
  });
});

describe("the addon's zip", () => {
  it("has the whole addon below addons/, with license, readme and icon, and nothing else", () => {
    const root = "addons/godot_mcp_hub";
    const files = filesIn(addon(folder));
    const own = filesBelow(join(ROOT, "godot-client", root)).map((path) => `${root}/${path}`);
    expect(files.toSorted()).toEqual(own.toSorted());
    const parts = ["plugin.cfg", "plugin.gd", "LICENSE", "README.md", "icon/icon.svg", "icon/.gdignore"];
    expect(files).toEqual(expect.arrayContaining(parts.map((part) => `${root}/${part}`)));
  });

  it("is the same to the byte when it is made again", () => {
    const first = readFileSync(addon(folder));
    expect(readFileSync(addon(folder)).equals(first)).toBe(true);
  });

  it("carries the project's license", () => {
    expect(read("godot-client/addons/godot_mcp_hub/LICENSE")).toBe(read("LICENSE"));
  });
});

it("an archive of the repository holds the addon alone, as Godot's Asset Library wants it", () => {
  const repository = temporaryFolder();
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@localhost", ...args], {
      cwd: repository,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  cpSync(join(ROOT, ".gitattributes"), join(repository, ".gitattributes"));
  const addonFiles = ["plugin.cfg", "LICENSE", "testing/test_case.gd"].map((path) => `addons/godot_mcp_hub/${path}`);
  const others = ["package.json", "hub/hub.ts", "docs/adr/0001.md", ".ci/run", "godot-client/project.godot"];
  const games = ["godot-client/game/level.gd", "godot-client/tests/addons/x.gd"];
  for (const path of [...addonFiles.map((path) => `godot-client/${path}`), ...others, ...games]) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), "x\n");
  }
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "all");
  git("archive", "--format=zip", "--output=archive.zip", "HEAD");
  const archived = filesIn(join(repository, "archive.zip")).toSorted();
  expect(archived).toEqual(addonFiles.map((path) => `godot-client/${path}`).toSorted());
});
