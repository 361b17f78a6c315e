/** Reads what a resource's address names. */
import { z } from "zod";
import { CommandError } from "../../hub-client/client-errors.ts";
import type { Patience } from "../../hub-client/pending-request.ts";
import { customResourceSchema } from "../../protocol/commands/custom.ts";
import type { HubSession } from "../session/hub-session.ts";
import { outline } from "../texts/outline.ts";
import { plainText } from "../texts/plain-text.ts";
import { treeText } from "../texts/tree-text.ts";
import { GDSCRIPT, JSON_TEXT, LOG_COMMAND, PLAIN_TEXT } from "./catalogue.ts";
import { resourceError } from "./resource-error.ts";
import { parseResourceUri, type ResourceAddress } from "./resource-uri.ts";

/** Nodes of one scene and lines of one log: a resource has no cursor. */
const SCENE_NODES = 2_000;
const LOG_LINES = 200;

type Content = { readonly mimeType: string } & ({ readonly text: string } | { readonly blob: string });

/** What a resource's address leads to; `blob` is base64. */
export type ResourceContent = Content & { readonly uri: string };

const scriptSchema = z.looseObject({ source: z.string() });

/** @throws {RequestError} when there is no such resource, saying what to do. */
export async function readResource(uri: string, session: HubSession, patience: Patience): Promise<ResourceContent> {
  const address = parseResourceUri(uri);
  try {
    const content = await contentOf(address, session, patience);
    return { uri, ...content, ...("text" in content && { text: plainText(content.text) }) };
  } catch (error) {
    throw resourceError(uri, error);
  }
}

async function contentOf(address: ResourceAddress, session: HubSession, patience: Patience): Promise<Content> {
  if (address.kind === "instances") {
    const { instances } = await session.hub("hub.list_instances", {}, patience);
    return { mimeType: JSON_TEXT, text: JSON.stringify(instances, null, 1) };
  }
  const { kind, instance, path } = address;
  const ask = async (method: string, params: Record<string, unknown>) =>
    (await session.command(method, params, patience, instance)).result;
  const askOfFile = async (method: string, member: "scene" | "path", more: Record<string, unknown> = {}) => {
    const spelled = "spelled" in address ? address.spelled : undefined;
    try {
      return await ask(method, { ...(path !== undefined && { [member]: path }), ...more });
    } catch (error) {
      if (spelled === undefined || !(error instanceof CommandError) || error.kind !== "NOT_FOUND") throw error;
      return await ask(method, { [member]: spelled, ...more });
    }
  };
  switch (kind) {
    case "project":
      return { mimeType: PLAIN_TEXT, text: outline(await ask("project.get_info", {})) };
    case "log":
      return { mimeType: PLAIN_TEXT, text: outline(await ask(LOG_COMMAND, { limit: LOG_LINES })) };
    case "scene": {
      const tree = await askOfFile("scene.get_tree", "scene", { limit: SCENE_NODES });
      return { mimeType: PLAIN_TEXT, text: treeText(tree) ?? outline(tree) };
    }
    case "custom": {
      const {
        mimeType,
        text = "",
        blob,
      } = customResourceSchema.parse(await ask("custom.read_resource", { uri: path }));
      return blob === undefined ? { mimeType, text } : { mimeType, blob };
    }
    case "script":
      return { mimeType: GDSCRIPT, text: scriptSchema.parse(await askOfFile("script.read", "path")).source };
  }
}
