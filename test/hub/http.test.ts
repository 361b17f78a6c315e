/** Tests the hub's answers to plain HTTP when a part of it fails. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, expect, it } from "vitest";
import { Access } from "../../hub/access/access.ts";
import { Credentials } from "../../hub/access/credentials.ts";
import { DashboardSessions } from "../../hub/access/dashboard-sessions.ts";
import { TokenBook } from "../../hub/access/token-book.ts";
import { createHttpHandler, type HttpRoutes } from "../../hub/connections/http.ts";

const TOKEN = "t".repeat(64);
const logged: string[] = [];
let server: Server;

afterEach(() => {
  server.close();
  logged.length = 0;
});

async function serve(routes: HttpRoutes): Promise<string> {
  const token = () => TOKEN;
  const book = new TokenBook(join(tmpdir(), "no-such-state-directory"));
  const access = new Access({
    credentials: new Credentials({ token, book }),
    sessions: new DashboardSessions(token),
    allowHosts: [],
    allowPorts: [],
    allowOrigins: [],
    maxAuthFailures: 10,
    isSecure: false,
    onRejected: () => undefined,
  });
  const logger = pino({}, { write: (line: string) => void logged.push(line) });
  server = createServer(createHttpHandler(access, routes, logger)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

it.each([true, false])("a route that fails is answered with 500 and logged; public: %s", async (isPublic) => {
  const url = await serve({
    "/broken": {
      method: "GET",
      isPublic,
      handle: () => {
        throw new Error("out of order");
      },
    },
  });
  const response = await fetch(`${url}/broken`, { headers: { Authorization: `Bearer ${TOKEN}` } });
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("out of order");
  expect(logged.join()).toContain("out of order");
});

it("a route that fails after it has begun to answer cuts the connection", async () => {
  const url = await serve({
    "/broken": {
      method: "GET",
      isPublic: true,
      handle: async (_request, response) => {
        response.writeHead(200, { "Content-Length": "10" });
        response.write("half");
        throw new Error("out of order");
      },
    },
  });
  await expect(fetch(`${url}/broken`).then((response) => response.text())).rejects.toThrow();
  expect(logged).toHaveLength(1);
});
