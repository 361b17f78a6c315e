/** What is written within one turn of the event loop leaves together, and not later than that. */
import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { OneWritePerTurn } from "../../hub-client/one-write-per-turn.ts";

/** A stream that notes what each write to the system consists of. */
function noting(): { stream: Writable; writes: string[] } {
  const writes: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    writev: (chunks, done) => {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join(""));
      done();
    },
    write: (chunk, _encoding, done) => {
      writes.push(String(chunk));
      done();
    },
  });
  return { stream, writes };
}

it("gathers what promises write that are kept in the same turn", async () => {
  const { stream, writes } = noting();
  const gathered = new OneWritePerTurn(stream);
  const answer = async (text: string) => {
    await Promise.resolve();
    gathered.hold();
    stream.write(text);
  };
  answer("a");
  answer("b");
  gathered.hold();
  stream.write("c");
  expect(writes).toEqual([]);
  await new Promise(setImmediate);
  expect(writes.join("")).toBe("cab");
  expect(writes.length).toBeLessThan(3);
});

it("holds nothing back for the next turn", async () => {
  const { stream, writes } = noting();
  const gathered = new OneWritePerTurn(stream);
  for (const text of ["a", "b"]) {
    gathered.hold();
    stream.write(text);
    await new Promise(setImmediate);
  }
  expect(writes).toEqual(["a", "b"]);
});
