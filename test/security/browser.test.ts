/** A real browser with a page of another site in it, which tries to reach the hub of the person who looks at it. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Rejection } from "../../hub/access/access.ts";
import { Browser } from "../support/browser.ts";
import { LocalHub } from "../support/local-hub.ts";
import type { StubInstance } from "../support/stub-instance.ts";

/** A name that its owner has pointed to this machine, as DNS rebinding does. */
const REBOUND = "rebound.example";

let hub: LocalHub;
let editor: StubInstance;
let browser: Browser;
let site: Server;
let page: Page;
const rejections: Rejection[] = [];
const called: string[] = [];

beforeAll(async () => {
  hub = await LocalHub.start();
  hub.hub.events.on("rejected", (rejection) => rejections.push(rejection));
  hub.hub.events.on("called", ({ method }) => called.push(method));
  editor = await hub.editor();
  site = createServer((_request, response) =>
    response.setHeader("Content-Type", "text/html").end("<h1>Free game</h1>"),
  );
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  browser = await Browser.start({ args: [`--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`] });
  page = await browser.open(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
}, 180_000);
afterAll(async () => {
  await browser?.dispose();
  await new Promise((resolve) => site.close(resolve));
  await hub.dispose();
});

const port = () => new URL(hub.url).port;

/** What the page gets from a WebSocket to `url`: `open`, what it was sent, or how it ended. */
const socketFrom = (from: Page, url: string, protocols: string[] = []) =>
  from.evaluate(
    (target, names) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(target, names);
        socket.onopen = () => resolve("open");
        socket.onmessage = ({ data }) => resolve(String(data));
        socket.onclose = ({ code }) => resolve(`closed ${code}`);
      }),
    url,
    protocols,
  );

/** What the page gets from a request: a status, `opaque`, or that it failed. */
const fetchFrom = (from: Page, url: string, init: RequestInit = {}) =>
  from.evaluate(
    (target, options) =>
      fetch(target, options).then(
        (response) => (response.type === "opaque" ? "opaque" : `${response.status}`),
        () => "failed",
      ),
    url,
    init,
  );

describe("a page of another site", () => {
  it("opens no WebSocket to the hub, on whatever path, by whatever name of this machine", async () => {
    const before = rejections.length;
    const urls = ["", "/", "/ws", "/mcp", `/?token=${hub.token}`].map((path) => `ws://127.0.0.1:${port()}${path}`);
    urls.push(`ws://localhost:${port()}/`, `ws://[::1]:${port()}/`);
    for (const url of urls) expect(await socketFrom(page, url), url).toBe("closed 1006");
    expect(await socketFrom(page, `ws://127.0.0.1:${port()}/`, ["godot-hub"])).toBe("closed 1006");
    const refused = rejections.slice(before);
    expect(refused.length).toBeGreaterThanOrEqual(urls.length);
    expect(refused.every(({ kind, reason }) => kind === "FORBIDDEN" && reason.includes("Origin"))).toBe(true);
  });

  it("reads nothing, and changes nothing by requests that a browser sends without asking first", async () => {
    const base = `http://127.0.0.1:${port()}`;
    const body = JSON.stringify({ jsonrpc: "2.0", id: "x", method: "hub.shutdown", params: {} });
    const headers = { "Content-Type": "text/plain" };
    for (const path of ["/", "/healthz", "/metrics", "/session"]) {
      expect(await fetchFrom(page, base + path), path).toBe("failed");
      expect(await fetchFrom(page, base + path, { method: "POST", mode: "no-cors", headers, body }), path).toBe(
        "opaque",
      );
      expect(
        await fetchFrom(page, base + path, { method: "POST", headers: { Authorization: "Bearer x" }, body }),
        path,
      ).toBe("failed");
    }
    expect((await (await fetch(`${base}/healthz`)).text()).trim()).toBe("ok");
  });

  it("gets nothing by a form, a picture, a script, a frame or a beacon", async () => {
    const base = `http://127.0.0.1:${port()}`;
    const before = rejections.length;
    const loads = await page.evaluate(`(async () => {
      const load = (name, path) => new Promise((resolve) => {
        const element = document.createElement(name);
        element.onload = () => resolve("loaded");
        element.onerror = () => resolve("error");
        element.src = "${base}" + path;
        document.body.append(element);
      });
      navigator.sendBeacon("${base}/session", "{}");
      document.body.insertAdjacentHTML("beforeend",
        '<iframe name="hidden"></iframe><form method="post" action="${base}/session" target="hidden"></form>');
      document.forms[0].submit();
      return Promise.all([load("img", "/healthz"), load("script", "/healthz")]);
    })()`);
    expect(loads).toEqual(["error", "error"]);
    await expect.poll(() => rejections.length - before, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  });

  it("is not helped by its DNS name that leads here", async () => {
    const before = rejections.length;
    expect(await socketFrom(page, `ws://${REBOUND}:${port()}/`)).toBe("closed 1006");
    const rebound = await browser.open(`http://${REBOUND}:${port()}/`);
    expect(await rebound.evaluate("document.body.innerText")).toContain("This Host is not this endpoint's");
    expect(await fetchFrom(rebound, "/healthz")).toBe("403");
    expect(await socketFrom(rebound, `ws://${REBOUND}:${port()}/`)).toBe("closed 1006");
    expect(rejections.slice(before).map(({ reason }) => reason.split(":")[0])).toContain(
      "This Host is not this endpoint's",
    );
  });

  it("has left no trace: nothing was called, nothing executed, and the hub is as it was", async () => {
    expect(called).toEqual([]);
    expect(editor.executed).toEqual([]);
    const { result } = await (await hub.adapter()).request("hub.status");
    expect(result).toMatchObject({ instances: 1, clients: 1, counters: { accepted: 0, pending: 0 } });
  });
});
