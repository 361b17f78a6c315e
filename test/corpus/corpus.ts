/** Reads the corpus: frames that both sides of the wire are held to, with what must come of each. */
import { z } from "zod";
import { ERROR_CODES } from "../../protocol/errors.ts";
import hubFrames from "./hub-frames.json" with { type: "json" };
import instanceFrames from "./instance-frames.json" with { type: "json" };

const errorKindSchema = z.enum(Object.keys(ERROR_CODES));
const idSchema = z.union([z.string(), z.number()]);

const hubCaseSchema = z
  .strictObject({
    name: z.string(),
    when: z.enum(["opening", "identified"]),
    as: z.enum(["mcp", "godot", "observer"]),
    layer: z.enum(["frame", "schema", "hub"]),
    frame: z.string().optional(),
    base64: z.base64().optional(),
    binary: z.boolean().default(false),
    answers: z.string().optional(),
    expect: z.strictObject({
      ok: z.literal(true).optional(),
      ignored: z.literal(true).optional(),
      error: errorKindSchema.optional(),
      id: idSchema.nullish(),
      names: z.string().optional(),
      close: z.number().int().optional(),
    }),
  })
  .transform(({ frame, base64, ...rest }) => ({
    ...rest,
    bytes: frame === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(frame),
  }));
export type HubCase = z.infer<typeof hubCaseSchema>;

const instanceCaseSchema = z.strictObject({
  name: z.string(),
  layer: z.enum(["frame", "command"]),
  frame: z.string(),
  expect: z.strictObject({
    kind: z.enum(["request", "notification", "message", "response"]).optional(),
    type: z.string().optional(),
    method: z.string().optional(),
    error: errorKindSchema.optional(),
    id: idSchema.nullish(),
  }),
});
export type InstanceCase = z.infer<typeof instanceCaseSchema>;

/** Frames that a client may send to the hub. */
export const HUB_CASES: readonly HubCase[] = z.array(hubCaseSchema).parse(hubFrames.cases);

/** Frames that an instance may receive from the hub. */
export const INSTANCE_CASES: readonly InstanceCase[] = z.array(instanceCaseSchema).parse(instanceFrames.cases);
