/** Declares the commands that read a project's registered resources and prompts. Custom commands are not in this table: they come and go. */
import { z } from "zod";
import { readCommand } from "./define.ts";

/** Characters of an address that is read. */
export const CUSTOM_URI_LENGTH = 1_000;

const described = z.object({
  name: z.string().max(200),
  description: z.string().max(1_000),
  mimeType: z.string().max(200).optional(),
});
const resource = z.union([
  described.extend({ uri: z.string().max(200) }),
  described.extend({ uriTemplate: z.string().max(200) }),
]);
const prompt = z.object({
  name: z.string().max(60),
  description: z.string().max(1_000),
  arguments: z
    .array(z.object({ name: z.string().max(60), description: z.string().max(1_000), required: z.boolean() }))
    .max(20),
});

/** All resources and templates of a project. */
export const customResourcesSchema = z.looseObject({ resources: z.array(resource).max(500) });
/** All prompts of a project. */
export const customPromptsSchema = z.looseObject({ prompts: z.array(prompt).max(200) });
/** A resource that was read: text, or base64. */
export const customResourceSchema = z.looseObject({
  uri: z.string(),
  mimeType: z.string(),
  text: z.string().optional(),
  blob: z.string().optional().describe("Bytes, as base64."),
});
/** A prompt that was filled in. */
export const customPromptSchema = z.looseObject({ description: z.string(), text: z.string() });

export const customCommands = [
  readCommand("custom.list_resources", {
    description:
      "Resources that the project's own code offers to agents: addresses custom://... and templates of them.",
    scope: "session",
    params: {},
    result: customResourcesSchema,
    keywords: "mcp resource template",
  }),
  readCommand("custom.read_resource", {
    description: "Reads a resource that the project's own code offers.",
    shownAs: "content",
    scope: "session",
    params: {
      uri: z.string().min(1).max(CUSTOM_URI_LENGTH).describe("custom://..., a template's {parameters} filled in."),
    },
    result: customResourceSchema,
    keywords: "mcp resource custom uri",
  }),
  readCommand("custom.list_prompts", {
    description: "Prompts that the project's own code offers, with their arguments.",
    scope: "session",
    params: {},
    result: customPromptsSchema,
    keywords: "mcp prompt template",
  }),
  readCommand("custom.get_prompt", {
    description: "The text of a prompt that the project's own code offers.",
    shownAs: "content",
    scope: "session",
    params: {
      name: z.string().min(1).max(60),
      arguments: z.record(z.string(), z.string()).optional().describe("By name."),
    },
    result: customPromptSchema,
    keywords: "mcp prompt fill in",
  }),
] as const;
