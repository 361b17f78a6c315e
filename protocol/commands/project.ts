/** The project as a whole: what it is, which files it has, where something stands in them. */
import { z } from "zod";
import { readCommand } from "./define.ts";
import { cursor, limit, page } from "./params.ts";

export const projectCommands = [
  readCommand("project.get_info", {
    description: "Name, path, main scene, engine version, autoloads, features and file counts of the project.",
    keywords: "godot engine version overview about project",
    tool: { name: "project_overview" },
    fields: { project: {} },
    contextFields: { project: {} },
    params: {},
    result: z.looseObject({
      name: z.string(),
      path: z.string(),
      mainScene: z.string().nullable(),
      godotVersion: z.string(),
      autoloads: z.record(z.string(), z.string()),
      files: z.record(z.string(), z.number()),
      custom: z
        .record(z.string(), z.array(z.string()))
        .optional()
        .describe("Commands, resources and prompts of the project's own code, by name."),
    }),
  }),
  readCommand("project.list_files", {
    description:
      "Files of the project, as paths with type and size; filter by folder, glob on the file name, or resource type. Left out: the hub's addon, and .uid and .import files unless `pattern` names them.",
    keywords:
      "filesystem tree directory assets textures sounds find file list dir structure images audio files folders browse",
    tool: { name: "project_search" },
    shownAs: "files",
    params: {
      path: z.string().max(1_024).optional().describe("Folder to list (res://...). Default: res://"),
      pattern: z.string().max(200).optional().describe('Glob on the file name, such as "*.tscn".'),
      type: z.string().max(100).optional().describe('Resource type, such as "PackedScene" or "GDScript".'),
      recursive: z.boolean().optional().describe("Default true."),
      limit,
      cursor,
    },
    result: z.looseObject({
      files: z.array(z.object({ path: z.string(), type: z.string(), size: z.number() })),
      byExtension: z.record(z.string(), z.number()).optional().describe("Of all that fit, when the list was cut."),
      byFolder: z.record(z.string(), z.number()).optional().describe("Of all that fit, when the list was cut."),
      ...page,
    }),
  }),
  readCommand("project.search_files", {
    description: "Lines of the project's text files that contain a text or match a regular expression.",
    keywords:
      "grep find usages references text string scripts search files code occurrences where used called calls todo",
    tool: { name: "project_search" },
    fields: { findReferences: {} },
    shownAs: "matches",
    params: {
      query: z.string().min(1).max(500),
      regexp: z.boolean().optional().describe("Read the query as a regular expression (PCRE2)."),
      caseSensitive: z.boolean().optional().describe("Default false."),
      path: z.string().max(1_024).optional().describe("Folder to search in. Default: res://"),
      pattern: z
        .string()
        .max(200)
        .optional()
        .describe('Glob on the file name, such as "*.gd". Default: every text file.'),
      limit,
      cursor,
    },
    result: z.looseObject({
      matches: z.array(z.object({ path: z.string(), line: z.number(), text: z.string() })),
      unsearched: z
        .number()
        .optional()
        .describe("Lines that are too long, or on which the expression took too long: they may match or not."),
      ...page,
    }),
  }),
] as const;
