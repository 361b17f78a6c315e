/** Completes what a person is typing: instances, and files of their projects. */
import { z } from "zod";
import type { Patience } from "../../hub-client/pending-request.ts";
import type { HubSession } from "../session/hub-session.ts";
import { CURRENT } from "./resource-uri.ts";

/** What MCP allows in one answer. */
const MAX_VALUES = 100;
const FILES_ASKED = 5_000;

export interface CompletionRequest {
  /** The template or the prompt that is being filled in. */
  readonly of: string;
  readonly name: string;
  /** What is typed so far. */
  readonly value: string;
  /** Arguments that are filled in already. */
  readonly known: Readonly<Record<string, string>>;
}

export interface Completion {
  readonly values: string[];
  readonly total: number;
  readonly hasMore: boolean;
}

const filesSchema = z.looseObject({ files: z.array(z.looseObject({ path: z.string() })) });

/** Never rejects: what can't be found out has no values. */
export async function complete(
  request: CompletionRequest,
  session: HubSession,
  patience: Patience,
): Promise<Completion> {
  const candidates = await candidatesFor(request, session, patience).catch(() => []);
  const typed = request.value.toLowerCase();
  const fitting = candidates.filter((each) => each.toLowerCase().includes(typed));
  const first = fitting.filter((each) => each.toLowerCase().startsWith(typed));
  const values = [...first, ...fitting.filter((each) => !first.includes(each))];
  return { values: values.slice(0, MAX_VALUES), total: values.length, hasMore: values.length > MAX_VALUES };
}

async function candidatesFor(
  { of, name, known }: CompletionRequest,
  session: HubSession,
  patience: Patience,
): Promise<string[]> {
  if (name === "instance") {
    const { instances } = await session.hub("hub.list_instances", {}, patience);
    return [CURRENT, ...instances.map((instance) => instance.name)];
  }
  const isPath = name === "path";
  const isScene = name === "scene" || (isPath && of.includes("/scene/"));
  if (!isScene && name !== "script" && !isPath) return [];
  const target = known.instance === CURRENT ? undefined : known.instance;
  const params = { pattern: isScene ? "*.tscn" : "*.gd", limit: FILES_ASKED };
  const { result } = await session.command("project.list_files", params, patience, target);
  const paths = filesSchema.parse(result).files.map(({ path }) => path);
  return isPath ? paths.map((path) => path.replace(/^res:\/\//, "")) : paths;
}
