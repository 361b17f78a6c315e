/** Reads the real nodes of a scene in a real editor. */
import { z } from "zod";
import type { ProtocolClient } from "../support/protocol-client.ts";

const treeSchema = z.looseObject({
  root: z.looseObject({ children: z.array(z.looseObject({ name: z.string() })).default([]) }),
});

/** Names of the nodes below the root of `scene`, in their order. */
export async function namesIn(client: ProtocolClient, target: string, scene: string): Promise<string[]> {
  const params = { scene, depth: 1, limit: 5_000 };
  const { result, error } = await client.request("scene.get_tree", params, { target }, { deadlineMs: 30_000 });
  if (error) throw new Error(error.message);
  return treeSchema.parse(result).root.children.map(({ name }) => name);
}
