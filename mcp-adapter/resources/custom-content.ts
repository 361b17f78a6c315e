/** Lists what the project's own code has registered for agents. Asked anew for each list: nothing has to tell that it has changed. */
import type { z } from "zod";
import { CommandError, OpenError } from "../../hub-client/client-errors.ts";
import type { Patience } from "../../hub-client/pending-request.ts";
import { customPromptSchema, customPromptsSchema, customResourcesSchema } from "../../protocol/commands/custom.ts";
import { type PromptListing, unknownPrompt } from "../prompts/prompts.ts";
import type { HubSession } from "../session/hub-session.ts";
import { RequestError } from "../session/request-error.ts";
import { plainText } from "../texts/plain-text.ts";
import type { ResourceListing, TemplateListing } from "./catalogue.ts";

/** Resources and templates of the session's project; none while its editor can't say. */
export async function customResources(
  session: HubSession,
  patience: Patience,
): Promise<{ resources: ResourceListing[]; templates: TemplateListing[] }> {
  const list = await listed(session, patience, "custom.list_resources", customResourcesSchema);
  const resources: ResourceListing[] = [];
  const templates: TemplateListing[] = [];
  for (const { description, name, ...each } of list?.resources ?? []) {
    const about = { ...each, name: plainText(name), title: plainText(name), description: plainText(description) };
    if ("uri" in about) resources.push(about);
    else templates.push(about);
  }
  return { resources, templates };
}

/** Prompts of the session's project; none while its editor can't say. */
export async function customPrompts(session: HubSession, patience: Patience): Promise<PromptListing[]> {
  const list = await listed(session, patience, "custom.list_prompts", customPromptsSchema);
  return (list?.prompts ?? []).map(({ name, description, ...rest }) => ({
    name,
    title: name,
    description: plainText(description),
    arguments: rest.arguments.map((each) => ({ ...each, description: plainText(each.description) })),
  }));
}

/** The text of a prompt of the session's project. @throws {RequestError} where there is none, or with what is wrong. */
export async function customPrompt(
  name: string,
  args: Readonly<Record<string, string>>,
  { session, patience }: { session: HubSession; patience: Patience },
): Promise<z.infer<typeof customPromptSchema>> {
  const params = { name, ...(Object.keys(args).length > 0 && { arguments: args }) };
  try {
    const { result } = await session.command("custom.get_prompt", params, patience);
    const { description, text } = customPromptSchema.parse(result);
    return { description: plainText(description), text: plainText(text) };
  } catch (error) {
    throw promptError(name, error);
  }
}

/** What is wrong with the arguments; else that neither this server nor the project has such a prompt. */
function promptError(name: string, error: unknown): unknown {
  if (error instanceof CommandError && error.kind === "INVALID_PARAMS")
    return RequestError.invalidParams(error.message);
  if (!(error instanceof CommandError || error instanceof OpenError)) return error;
  return RequestError.invalidParams(`${unknownPrompt(name)} ${error.message}`);
}

async function listed<T extends z.ZodType>(
  session: HubSession,
  patience: Patience,
  command: string,
  schema: T,
): Promise<z.infer<T> | undefined> {
  const answer = await session.command(command, {}, patience).catch(() => undefined);
  return schema.safeParse(answer?.result).data;
}
