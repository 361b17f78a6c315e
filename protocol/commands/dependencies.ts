/** Declares the commands on the project's files as a whole: references, unused files, broken files. */
import { z } from "zod";
import { readCommand } from "./define.ts";
import { cursor, limit, page, resPath } from "./params.ts";

const folder = z.string().max(1_024).optional().describe("Folder (res://...). Default: the whole project.");
const edge = z.object({ from: z.string(), to: z.string(), kind: z.string() });
const globs = z.array(z.string().max(200)).max(100).optional();

const notLookedAt = z
  .array(z.string())
  .optional()
  .describe("Links whose targets a person has not named (--allow-links): what lies there may refer to anything.");

export const dependencyCommands = [
  readCommand("project.get_statistics", {
    description: "Counts files, bytes, lines of code, scenes and nodes of the project, and names the largest files.",
    keywords:
      "metrics size lines code how many count statistics number files scripts scenes complexity big biggest large largest small longest",
    params: { path: folder },
    result: z.looseObject({
      files: z.number(),
      bytes: z.number(),
      kinds: z.record(z.string(), z.object({ files: z.number(), bytes: z.number() })),
      scripts: z.object({ files: z.number(), lines: z.number(), blank: z.number(), comments: z.number() }),
      scenes: z.object({ files: z.number(), nodes: z.number() }),
      classes: z.number(),
      largest: z.array(z.object({ path: z.string(), bytes: z.number() })),
    }),
    long: true,
  }),
  readCommand("project.resolve_uid", {
    description: "The path of a uid://, or the uid of a path.",
    keywords: "convert uid to path",
    params: { path: resPath.describe("uid://... or res://...") },
    result: z.looseObject({ path: z.string(), uid: z.string().nullable() }),
  }),
  readCommand("project.get_dependencies", {
    description:
      "What a file refers to (resources, paths in scripts, classes by name), or what refers to it. Without a path: every edge of the project.",
    keywords:
      "references used who uses import graph reverse find script where files preload impact circular dependency using texture",
    fields: { dependencyGraph: {} },
    params: {
      path: resPath.optional(),
      reverse: z.boolean().optional().describe("What refers to it instead."),
      depth: z.number().int().min(0).max(64).optional().describe("How many steps. Default 1."),
      limit,
      cursor,
    },
    result: z.looseObject({
      path: z.string().optional(),
      files: z.array(z.looseObject({ path: z.string(), depth: z.number(), exists: z.boolean() })).optional(),
      edges: z.array(edge),
      notLookedAt,
      ...page,
    }),
    long: true,
  }),
  readCommand("project.find_unused", {
    description:
      "Resources and scripts that nothing reaches from the main scene, the autoloads, the settings, the tests and the addons in use. Look before deleting: a path that a script puts together is only named as mayBeLoadedBy.",
    keywords: "orphan dead unreferenced assets cleanup unused files not used delete safely",
    params: {
      path: folder,
      roots: z.array(resPath).max(200).optional().describe("Further files from which the game begins."),
      exclude: globs.describe('Globs of files to leave out, such as "*_test.gd".'),
      limit,
      cursor,
    },
    result: z.looseObject({
      files: z.array(
        z.looseObject({ path: z.string(), bytes: z.number(), mayBeLoadedBy: z.array(z.string()).optional() }),
      ),
      bytes: z.number(),
      roots: z.array(z.string()),
      notLookedAt,
      ...page,
    }),
    long: true,
  }),
  readCommand("project.validate", {
    description:
      "Checks the whole project: missing files, scripts and shaders with errors, resources that do not load, unknown classes, connections that lead nowhere, uids that two files have, failed imports. notChecked says what it left out.",
    keywords:
      "check health lint broken references parse errors all scripts anything wrong missing dependencies verify scan",
    tool: { name: "project_check" },
    params: { path: folder, limit, cursor },
    result: z.looseObject({
      valid: z.boolean(),
      errors: z.number(),
      warnings: z.number(),
      checked: z.number(),
      problems: z.array(
        z.looseObject({
          path: z.string(),
          severity: z.enum(["error", "warning"]),
          kind: z.string(),
          message: z.string(),
          line: z.number().optional(),
          missing: z.string().optional(),
        }),
      ),
      notChecked: z.array(z.object({ why: z.string(), files: z.number(), paths: z.array(z.string()) })).optional(),
      ...page,
    }),
    long: true,
  }),
] as const;
