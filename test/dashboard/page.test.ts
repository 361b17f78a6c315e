import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Browser } from "../support/browser.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";
import type { StubInstance } from "../support/stub-instance.ts";
import { DashboardPage, loginLink } from "./dashboard-page.ts";

let browser: Browser;
let hub: LocalHub;

beforeAll(async () => {
  browser = await Browser.start();
  hub = await LocalHub.start();
});
afterAll(async () => {
  await hub?.dispose();
  await browser?.dispose();
});

async function logIn(): Promise<DashboardPage> {
  const dashboard = await DashboardPage.logIn(browser, hub);
  onTestFinished(() => dashboard.page.close());
  return dashboard;
}

async function agentCalled(name: string): Promise<{ client: ProtocolClient; name: string }> {
  const identify = { agent: { name, version: "1.0" } };
  const { client, identified } = await openAdapter(hub.url, hub.token, { identify });
  onTestFinished(async () => {
    if (client.isOpen) await client.close();
  });
  return { client, name: identified.name };
}

async function editorOf(project: string): Promise<StubInstance> {
  const editor = await hub.editor({ project, handlers: { "scene.get_tree": () => ({}) } });
  onTestFinished(async () => {
    if (editor.client.isOpen) await editor.client.close();
  });
  return editor;
}

describe("logging in", () => {
  it("takes the code out of the address, lasts over a reload, and keeps the cookie from scripts", async () => {
    const dashboard = await logIn();
    expect(dashboard.page.url()).toBe(`${hub.url.replace("ws", "http")}/`);
    await dashboard.page.reload();
    await dashboard.untilState("live");
    expect(await dashboard.page.evaluate("document.cookie")).toBe("");
    expect(dashboard.complaints).toEqual([]);
  });

  it("works once for each link, and not at all without one; the page says what to do", async () => {
    const link = await loginLink(hub);
    const first = await browser.chromium.createBrowserContext();
    const second = await browser.chromium.createBrowserContext();
    onTestFinished(() => Promise.all([first.close(), second.close()]).then(() => undefined));
    const [owner, other] = [await first.newPage(), await second.newPage()];
    await owner.goto(link);
    await owner.waitForSelector("body[data-state=live]");
    await other.goto(link);
    await other.waitForSelector("body[data-state=ended]");
    const text = () => other.evaluate("document.getElementById('content').innerText");
    expect(await text()).toContain("This code was used or is too old");
    await other.goto(new URL(link).origin);
    await other.waitForSelector("body[data-state=ended]");
    expect(await text()).toContain("godot-hub dashboard");
    expect(await other.evaluate("document.querySelectorAll('tbody tr').length")).toBe(0);
  });

  it("ends with the log-out button, in every tab", async () => {
    const dashboard = await logIn();
    const tab = await browser.open(new URL(dashboard.page.url()).origin);
    onTestFinished(() => tab.close());
    await tab.waitForSelector("body[data-state=live]");
    await dashboard.page.bringToFront();
    await dashboard.button("Log out").click();
    await dashboard.untilState("ended");
    await tab.waitForSelector("body[data-state=ended]");
    await dashboard.page.reload();
    await dashboard.untilState("ended");
  });

  it("is needed again after a restart of the hub, and the page says that it is away meanwhile", async () => {
    const first = await LocalHub.start();
    const dashboard = await DashboardPage.logIn(browser, first);
    onTestFinished(() => dashboard.page.close());
    await first.dispose();
    await dashboard.untilState("away");
    const second = await LocalHub.start({ port: Number(new URL(first.url).port) });
    onTestFinished(() => second.dispose());
    await dashboard.untilState("ended");
  });
});

describe("what the page shows", () => {
  it("follows instances, who drives them, commands with their outcomes, errors and leases", async () => {
    const dashboard = await logIn();
    const editor = await editorOf("platformer");
    await dashboard.row("instances", /^platformer@\w{4} 4\.6\.3 headless · \/projects\/platformer\tready\t–/);
    const agent = await agentCalled("claude-code");
    await dashboard.row("instances", new RegExp(`\tready\t${agent.name}\t0 / 0\t`));
    await dashboard.row("clients", new RegExp(`^${agent.name} agent · claude-code 1.0\t${editor.identified.name}\t`));
    await agent.client.request("scene.get_tree");
    await agent.client.request("scene.missing");
    await agent.client.request("hub.acquire_lease", { resources: ["scene:res://a.tscn"] });
    await dashboard.row("feed", new RegExp(`\tscene.get_tree\t${agent.name}\t${editor.identified.name}\tok\t`));
    await dashboard.row("feed", /\tscene\.missing\t.*\tMETHOD_NOT_FOUND\t/);
    await dashboard.row("errors", /METHOD_NOT_FOUND scene\.missing .*Unknown command 'scene\.missing'/);
    await dashboard.row(
      "leases",
      new RegExp(`^a\\.tscn reserved · scene · ${editor.identified.name}\t${agent.name} lapses in `),
    );
    await editor.client.close();
    await dashboard.untilNoRow("instances", /platformer/);
    expect(await dashboard.page.evaluate("document.getElementById('news').textContent")).toContain("has left");
    expect(dashboard.complaints).toEqual([]);
  });

  it("filters commands by outcome and text, and holds them still", async () => {
    const dashboard = await logIn();
    await editorOf("filtered");
    const { client, name } = await agentCalled("reader");
    await client.request("scene.get_tree");
    await client.request("scene.missing");
    await dashboard.row("feed", /scene\.missing/);
    await dashboard.page.select("#feed-outcome", "errors");
    await dashboard.untilNoRow("feed", /\tok\t/);
    await dashboard.page.select("#feed-outcome", "all");
    await dashboard.page.type("#feed-text", "get_tree");
    await dashboard.untilNoRow("feed", /scene\.missing/);
    expect(await dashboard.rows("feed")).toHaveLength(1);
    await dashboard.button("Hold").click();
    const overview = "document.getElementById('tiles').innerText";
    const before = JSON.stringify(await dashboard.page.evaluate(overview));
    await client.request("scene.get_tree");
    await dashboard.until(`${overview} !== ${before}`);
    expect(await dashboard.rows("feed")).toHaveLength(1);
    await dashboard.button("Hold").click();
    await dashboard.until(`document.querySelectorAll("#feed tbody tr").length === 2`);
    await dashboard.page.type("#clients-text", "nobody");
    await dashboard.untilNoRow("clients", new RegExp(name));
  });

  it("takes names and messages as text, whatever is in them", async () => {
    const dashboard = await logIn();
    const evil = `<img src=x onerror="document.title='owned'">`;
    await editorOf(evil);
    const { client } = await agentCalled(evil);
    await client.request(`a.${evil}`);
    await dashboard.row("instances", /<img src=x/);
    await dashboard.row("feed", /a\.<img src=x/);
    await dashboard.row("clients", /<img src=x/);
    expect(await dashboard.page.evaluate("document.images.length")).toBe(0);
    expect(await dashboard.page.title()).toBe("Godot MCP Hub");
  });
});

describe("what the owner does there, with the keyboard alone", () => {
  it("pauses an instance: agents are BUSY until it goes on, and the focus stays where it is", async () => {
    const dashboard = await logIn();
    const { identified } = await editorOf("paused");
    const { client } = await agentCalled("worker");
    await dashboard.row("instances", /^paused@/);
    await dashboard.page.focus(`[aria-label="Pause ${identified.name}"]`);
    await dashboard.page.keyboard.press("Enter");
    await dashboard.row("instances", /^paused@.*\tpaused\t/);
    expect((await client.request("scene.get_tree")).error?.data).toMatchObject({ kind: "BUSY" });
    await dashboard.row("errors", /BUSY scene\.get_tree/);
    expect(await dashboard.focused()).toBe(`Continue ${identified.name}`);
    await dashboard.page.keyboard.press("Space");
    await dashboard.row("instances", /^paused@.*\tready\t/);
    expect((await client.request("scene.get_tree")).error).toBeUndefined();
  });

  it("disconnects a client after a question, and goes on in its panel", async () => {
    const dashboard = await logIn();
    const { client, name } = await agentCalled("unwanted");
    await dashboard.row("clients", new RegExp(`^${name} `));
    await dashboard.page.focus(`[aria-label="Disconnect ${name}"]`);
    await dashboard.page.keyboard.press("Enter");
    await dashboard.until("document.getElementById('question').open");
    await dashboard.page.keyboard.press("Escape");
    await dashboard.until("!document.getElementById('question').open");
    expect(client.isOpen).toBe(true);
    expect(await dashboard.focused()).toBe(`Disconnect ${name}`);
    await dashboard.page.keyboard.press("Enter");
    await dashboard.until("document.getElementById('question').open");
    await dashboard.page.keyboard.press("Tab");
    await dashboard.page.keyboard.press("Enter");
    expect(await client.closed).toMatchObject({ code: 4403 });
    await dashboard.untilNoRow("clients", new RegExp(`^${name} `));
    expect(await dashboard.focused()).toMatch(/^Clients/);
  });

  it("releases a client's lease", async () => {
    const dashboard = await logIn();
    await editorOf("leased");
    const { client, name } = await agentCalled("holder");
    await client.request("hub.acquire_lease", { resources: ["script:res://b.gd"] });
    await dashboard.row("leases", /b\.gd/);
    await dashboard.page.focus(`[aria-label="Release script:res://b.gd of ${name}"]`);
    await dashboard.page.keyboard.press("Enter");
    await dashboard.untilNoRow("leases", /b\.gd/);
    await dashboard.until(`document.getElementById("notice").textContent.includes("no longer holds")`);
    expect((await client.request("hub.list_leases")).result).toEqual({ leases: [] });
  });
});
