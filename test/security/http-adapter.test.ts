/** Attacks on the adapter's HTTP port without a token: neither many nor slow connections keep clients out. */

import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readToken } from "../../hub-client/state-dir.ts";
import { INITIALIZE } from "../mcp-adapter/support/adapter-process.ts";
import { HttpAdapter } from "../mcp-adapter/support/http-adapter.ts";
import { Crowd } from "../support/crowd.ts";
import { until, within } from "../support/wait.ts";
import { RawSocket } from "./raw-socket.ts";

const HEAD = "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n";

let home: string;
let adapter: HttpAdapter;
const crowd = new Crowd();
const port = () => Number(adapter.url.port);

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "godot-http-crowd-"));
  adapter = await HttpAdapter.start(home, ["--no-launch"]);
});
afterEach(() => crowd.leave());
afterAll(async () => {
  await adapter.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Who has the token begins a session. */
function begin(): Promise<number | undefined> {
  const headers = {
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
    Authorization: `Bearer ${readToken(home)}`,
  };
  return within(
    new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: port(), path: "/mcp", method: "POST", headers, agent: false });
      asked.on("response", (response) => {
        response.destroy();
        resolve(response.statusCode);
      });
      asked.on("error", reject).end(JSON.stringify(INITIALIZE));
    }),
    { what: "a session" },
  );
}

describe("the adapter's HTTP port", () => {
  it.each([
    ["sockets that say nothing", ""],
    ["requests that do not end", "POST /mcp HTTP/1.1\r\nHo"],
    ["bodies that do not come", `${HEAD}Content-Length: 99\r\n\r\n`],
    ["upgrades to something else", "GET /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"],
  ])("has room for the owner beside 1,500 %s", async (_what, text) => {
    for (let round = 0; round < 3; round += 1) {
      await crowd.grow({ port: port(), count: 500, text });
      expect(await begin()).toBe(200);
    }
  });

  it("ends who says nothing, and then who says it a letter at a time", async () => {
    const silent = await RawSocket.open(port());
    const slow = await RawSocket.open(port());
    slow.send("POST /mcp HTTP/1.1\r\n");
    const drip = setInterval(() => slow.send("x"), 200);
    const first = Promise.race([silent.closed.then(() => "silent"), slow.closed.then(() => "slow")]);
    expect(await within(first, { what: "the end of one" })).toBe("silent");
    await within(slow.closed, { what: "the end of the other" });
    clearInterval(drip);
  });

  it("answers one request of a socket without the token, and ends it", async () => {
    const socket = await RawSocket.open(port());
    socket.send(`${HEAD}Content-Length: 0\r\n\r\n`.repeat(1_000));
    await within(socket.closed, { what: "the end" });
    expect(socket.received.match(/HTTP\/1\.1 \d+/g)).toEqual([expect.stringMatching(/401|429/)]);
  });

  it("does not read what comes without the token, however much it is", async () => {
    const socket = await RawSocket.open(port());
    socket.send(`${HEAD}Content-Length: 50000000\r\n\r\n`);
    await until(() => /HTTP\/1\.1 4/.test(socket.received), { what: "the answer" });
    socket.send(Buffer.alloc(8_000_000, "x"));
    await within(socket.closed, { what: "the end" });
    expect(await begin()).toBe(200);
  });
});
