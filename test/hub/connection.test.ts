/** Tests how a connection sends its frames. */
import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { OWNER_PERMISSION } from "../../hub/access/permission.ts";
import { Connection, type Socket } from "../../hub/connections/connection.ts";

const KIB = 1024;
const LIMITS = { softBytes: 8 * KIB * KIB, hardBytes: 16 * KIB * KIB, stallMs: 1_000 };

/** A connection over a stream that notes what each write to the system consists of. */
function open() {
  const writes: string[][] = [];
  const stream = new Writable({
    decodeStrings: false,
    writev: (chunks, done) => {
      writes.push(chunks.map(({ chunk }) => String(chunk)));
      done();
    },
  });
  const socket: Socket = {
    send: (data, _options, done) => void stream.write(data, done),
    ...{ ping: () => {}, pong: () => {}, close: () => {}, terminate: () => stream.destroy() },
    get bufferedAmount() {
      return stream.writableLength;
    },
    ...{ readyState: 1, OPEN: 1 },
  };
  const origin = { permission: OWNER_PERMISSION, address: "127.0.0.1", typeHint: "test", maxMessageBytes: 1 };
  return { writes, connection: new Connection(socket, stream, origin, LIMITS) };
}

/** After everything that this turn has put off to its end. */
const endOfTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a connection", () => {
  it("gives the system all frames of one turn in one write, in their order", async () => {
    const { connection, writes } = open();
    connection.send("a");
    connection.send([Buffer.from("b"), Buffer.from("c")]);
    await endOfTurn();
    connection.send("d");
    await endOfTurn();
    expect(writes).toEqual([["a", "bc"], ["d"]]);
  });

  it("holds nothing back behind a large frame", async () => {
    const { connection, writes } = open();
    connection.send("a");
    connection.send("x".repeat(64 * KIB));
    expect(writes.map((frames) => frames.length)).toEqual([2]);
    connection.send("b");
    await endOfTurn();
    expect(writes.map((frames) => frames.length)).toEqual([2, 1]);
  });

  it("is cut without an error while it holds something back", async () => {
    const { connection, writes } = open();
    connection.send("a");
    connection.terminate();
    await endOfTurn();
    expect(writes).toEqual([]);
  });
});
