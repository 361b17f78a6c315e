import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { LineStream } from "../../mcp-adapter/process/line-stream.ts";

/** The lines that come of these chunks, and how many were too long. */
async function read(chunks: readonly string[], maxBytes?: number): Promise<{ lines: string[]; tooLong: number }> {
  let tooLong = 0;
  const stream = new LineStream(maxBytes, () => {
    tooLong += 1;
  });
  let text = "";
  stream.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await once(stream, "end");
  return { lines: text.split("\n").slice(0, -1), tooLong };
}

describe("lines of a pipe", () => {
  it("come whole, however they are cut", async () => {
    const { lines } = await read(["a", "b\nc", "\n\n", "d\ne"]);
    expect(lines).toEqual(["ab", "c", "", "d"]);
  });

  it("that are too long are passed over, each said once, and the next is read", async () => {
    const { lines, tooLong } = await read(["123", "456", "789", "\nok", "\n", "x".repeat(20), "y\nfine\nz"], 5);
    expect(lines).toEqual(["ok", "fine"]);
    expect(tooLong).toBe(2);
  });
});
