import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DashboardSessions } from "../../hub/access/dashboard-sessions.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, ProtocolClient, UpgradeRefusedError } from "../support/protocol-client.ts";

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

let hub: LocalHub;
let origin: string;

beforeEach(async () => {
  hub = await LocalHub.start();
  origin = hub.url.replace("ws", "http");
});
afterEach(() => hub.dispose());

function send(method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${origin}${path}`, { method, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    request.on("error", reject).end(body);
  });
}

async function newCode(): Promise<string> {
  const { client } = await openAdapter(hub.url, hub.token, { identify: { clientType: "cli" } });
  const { result } = await client.request("hub.create_login_code");
  await client.close();
  const { code, url } = result as { code: string; url: string };
  expect(url).toBe(`${origin}/#code=${code}`);
  return code;
}

/** Logs in as the page does. */
async function logIn(): Promise<{ cookie: string; key: string }> {
  const { status, headers, body } = await send("POST", "/session", { Origin: origin }, await newCode());
  expect(status).toBe(200);
  return { cookie: headers["set-cookie"]?.[0]?.split(";")[0] ?? "", key: JSON.parse(body).key };
}

function connect(headers: Record<string, string>): Promise<ProtocolClient> {
  return ProtocolClient.connect(hub.url, { headers });
}

const refusedWith = (status: number) => expect.objectContaining({ constructor: UpgradeRefusedError, status });

describe("logging in to the dashboard", () => {
  it("exchanges a code once for a cookie that scripts and other sites do not get", async () => {
    const code = await newCode();
    const first = await send("POST", "/session", { Origin: origin }, code);
    expect(first.status).toBe(200);
    const [cookie = ""] = first.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(/^godot-hub-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=43200$/);
    expect(cookie).not.toContain(JSON.parse(first.body).key);
    const again = await send("POST", "/session", { Origin: origin }, code);
    expect(again).toMatchObject({ status: 401, body: expect.stringContaining("godot-hub dashboard") });
    expect(again.headers["set-cookie"]).toBeUndefined();
  });

  it("refuses a code from a page of another origin, and does not use it up", async () => {
    const code = await newCode();
    const foreign = { Origin: "http://127.0.0.1:1" };
    expect((await send("POST", "/session", foreign, code)).status).toBe(403);
    expect((await send("POST", "/session", { Origin: "null" }, code)).status).toBe(403);
    expect((await send("POST", "/session", { Origin: origin }, code)).status).toBe(200);
  });

  it("answers 429 to a client that guesses codes", async () => {
    const statuses = [];
    for (let guess = 0; guess < 22; guess += 1) {
      statuses.push((await send("POST", "/session", {}, `guess-${guess}`)).status);
    }
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
  });

  it("serves the page with a policy that lets nothing else in", async () => {
    const { status, headers, body } = await send("GET", "/");
    expect(status).toBe(200);
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/);
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    expect(headers).toMatchObject({ "x-frame-options": "DENY", "referrer-policy": "no-referrer" });
    expect(body).not.toMatch(/<script>|<style|style=|onclick|https?:\/\//);
  });
});

describe("a session of the dashboard", () => {
  it("opens a WebSocket from its own origin with cookie and key, as the owner", async () => {
    const { cookie, key } = await logIn();
    const page = await connect({ Origin: origin, Cookie: cookie });
    await page.identify({ clientType: "dashboard", token: key });
    expect((await page.request("hub.watch_activity")).result).toMatchObject({ watching: true });
    await page.close();
  });

  it("is not opened by its cookie alone, which other ports of the host get too", async () => {
    const { cookie } = await logIn();
    for (const token of [undefined, "wrong", hub.token]) {
      const page = await connect({ Origin: origin, Cookie: cookie });
      page.sendMessage({ type: "identify", clientType: "dashboard", clientVersion: "1", ...(token && { token }) });
      expect(await page.closed).toMatchObject({ code: 4401 });
    }
  });

  it("is for the dashboard alone: it can't be an adapter, an editor or another client", async () => {
    const { cookie, key } = await logIn();
    for (const clientType of ["mcp", "godot", "cli"]) {
      const page = await connect({ Origin: origin, Cookie: cookie });
      page.sendMessage({ type: "identify", clientType, clientVersion: "1", token: key });
      expect(await page.closed).toMatchObject({ code: 4403 });
    }
  });

  it("lets no other page in, whatever cookie the browser sends along", async () => {
    const { cookie } = await logIn();
    const { port } = new URL(origin);
    await expect(connect({ Origin: "http://127.0.0.1:1", Cookie: cookie })).rejects.toEqual(refusedWith(403));
    await expect(connect({ Origin: `https://127.0.0.1:${port}`, Cookie: cookie })).rejects.toEqual(refusedWith(403));
    await expect(connect({ Origin: `http://localhost:${port}`, Cookie: cookie })).rejects.toEqual(refusedWith(403));
    await expect(connect({ Origin: origin })).rejects.toEqual(refusedWith(401));
    await expect(connect({ Origin: origin, Cookie: `${cookie}x` })).rejects.toEqual(refusedWith(401));
  });

  it("opens what the token opens, but not for a page on another port of the host", async () => {
    const { cookie: Cookie } = await logIn();
    expect((await send("GET", "/metrics", { Cookie, "Sec-Fetch-Site": "same-origin" })).status).toBe(200);
    expect((await send("GET", "/metrics", { Cookie, "Sec-Fetch-Site": "same-site" })).status).toBe(401);
    expect((await send("GET", "/metrics")).status).toBe(401);
  });

  it("ends by logging out, and its page is disconnected", async () => {
    const { cookie, key } = await logIn();
    const page = await connect({ Origin: origin, Cookie: cookie });
    await page.identify({ clientType: "dashboard", token: key });
    await page.request("hub.watch_activity");
    expect((await send("GET", "/session/check", { Cookie: cookie })).status).toBe(200);
    const out = await send("POST", "/session/end", { Origin: origin, Cookie: cookie });
    expect(out.headers["set-cookie"]?.[0]).toContain("Max-Age=0");
    expect(await page.closed).toMatchObject({ code: 4401 });
    expect((await send("GET", "/session/check", { Cookie: cookie })).status).toBe(401);
    await expect(connect({ Origin: origin, Cookie: cookie })).rejects.toEqual(refusedWith(401));
  });
});

describe("DashboardSessions", () => {
  it("end when the token is rotated, and so do codes", () => {
    let token = "one";
    const sessions = new DashboardSessions(() => token);
    const session = sessions.redeem(sessions.createCode());
    const code = sessions.createCode();
    expect(sessions.isOpen(session?.id ?? "")).toBe(true);
    token = "two";
    expect(sessions.isOpen(session?.id ?? "")).toBe(false);
    expect(sessions.proves(session?.id ?? "", session?.key)).toBe(false);
    expect(sessions.redeem(code)).toBeUndefined();
  });

  it("are over after 12 hours, and a code after a minute", () => {
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    try {
      const sessions = new DashboardSessions(() => "token");
      const session = sessions.redeem(sessions.createCode());
      const code = sessions.createCode();
      clock.mockReturnValue(60_000);
      expect(sessions.redeem(code)).toBeUndefined();
      clock.mockReturnValue(12 * 3_600_000 - 1);
      expect(sessions.isOpen(session?.id ?? "")).toBe(true);
      clock.mockReturnValue(12 * 3_600_000);
      expect(sessions.isOpen(session?.id ?? "")).toBe(false);
    } finally {
      clock.mockRestore();
    }
  });

  it("are bounded: the oldest makes room", () => {
    const sessions = new DashboardSessions(() => "token");
    const ids = Array.from({ length: 33 }, () => sessions.redeem(sessions.createCode())?.id ?? "");
    expect(ids.map((id) => sessions.isOpen(id))).toEqual([false, ...Array.from({ length: 32 }, () => true)]);
    const [first = "", ...codes] = Array.from({ length: 17 }, () => sessions.createCode());
    expect(sessions.redeem(first)).toBeUndefined();
    expect(sessions.redeem(codes.at(-1) ?? "")).toBeDefined();
  });
});
