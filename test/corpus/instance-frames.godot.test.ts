/** Holds the addon to the corpus: it reads each frame for an instance as the TypeScript side does. */
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { runGodotScript } from "../support/godot-script.ts";
import { INSTANCE_CASES } from "./corpus.ts";

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const verdictsSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

let verdicts: z.infer<typeof verdictsSchema>;

beforeAll(async () => {
  verdicts = verdictsSchema.parse(await runGodotScript(path("read_frames.gd"), [path("instance-frames.json")]));
});

describe("protocol.gd", () => {
  const cases = INSTANCE_CASES.map((one) => [one.name, one] as const);

  it.each(cases.filter(([, { layer, expect: { error } }]) => layer === "frame" && error))("refuses %s", (name, one) => {
    expect(verdicts[name]).toEqual({ error: one.expect.error, id: one.expect.id ?? null });
  });

  it.each(cases.filter(([, { expect: { kind } }]) => kind))("reads %s", (name, { expect: { type, method, id } }) => {
    expect(verdicts[name]).toEqual({ type: type ?? null, method: method ?? null, id: id ?? null });
  });

  it.each(cases.filter(([, { layer }]) => layer === "command"))("leaves %s to the command", (name, one) => {
    expect(verdicts[name]).toMatchObject({ id: one.expect.id });
    expect(verdicts[name]).not.toHaveProperty("error");
  });
});
