import { mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { examineAll } from "../../../hub/doctor/checks.ts";
import { hubCheck } from "../../../hub/doctor/hub-check.ts";
import { roundTripCheck } from "../../../hub/doctor/round-trip-check.ts";
import { serviceCheck } from "../../../hub/doctor/service-check.ts";
import { ofPackage, versionCheck } from "../../../hub/doctor/version-check.ts";
import { SERVICE_MARK } from "../../../hub/service/system-service.ts";
import { LocalHub } from "../../support/local-hub.ts";
import { editor, hubFile, machine } from "./examination.ts";

describe("the hub and its port", () => {
  async function holder(listener: (socket: import("node:net").Socket) => void): Promise<number> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    return (server.address() as AddressInfo).port;
  }

  it("a port that another program holds is a problem", async () => {
    const port = await holder((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    const { config } = machine();
    expect(await hubCheck.examine(machine({ config: { ...config, port } }))).toMatchObject([
      { level: "problem", what: expect.stringContaining("another program"), mend: "godot-hub start --port 0" },
    ]);
  });

  it("a port that the hub of another state directory holds is a problem", async () => {
    const hub = await LocalHub.start();
    onTestFinished(() => hub.dispose());
    const { config } = machine();
    const at = machine({ config: { ...config, port: Number(new URL(hub.url).port) } });
    expect(await hubCheck.examine(at)).toMatchObject([
      { level: "problem", what: expect.stringContaining("another state directory") },
    ]);
  });

  it("a free port, and what a killed hub has left, are only worth a note", async () => {
    const port = await holder(() => {});
    const at = machine({ stale: "{}" });
    expect(await hubCheck.examine(at)).toMatchObject([
      { level: "note", what: expect.stringContaining("hub.json"), mend: "godot-hub start" },
      { level: "note" },
    ]);
    expect(await hubCheck.examine({ ...at, stale: undefined, config: { ...at.config, port } })).toMatchObject([
      { level: "warning", what: expect.stringContaining("says nothing") },
    ]);
  });

  it("a hub that refuses this user is a problem, and one on another port than configured is reported", async () => {
    const at = machine({ running: hubFile(), refusal: "The hub refuses the token." });
    expect(await hubCheck.examine(at)).toMatchObject([{ level: "problem", what: "The hub refuses the token." }]);
    const elsewhere = { ...at, refusal: undefined, config: { ...at.config, port: 7_000 } };
    expect(await hubCheck.examine(elsewhere)).toMatchObject([{ level: "ok" }, { level: "note" }]);
  });
});

describe("versions", () => {
  it("a hub that is older is replaced by the command that fits how it was started", async () => {
    const old = hubFile({ version: "0.0.1" });
    expect(await versionCheck.examine(machine({ running: old }))).toMatchObject([
      { level: "warning", mend: "godot-hub stop && godot-hub start" },
    ]);
    expect(await versionCheck.examine(machine({ running: { ...old, service: true } }))).toMatchObject([
      { level: "warning", mend: "godot-hub service install" },
    ]);
    expect(await versionCheck.examine(machine({ running: hubFile({ version: "99.0.0" }) }))).toMatchObject([
      { level: "note", mend: "npm install -g godot-mcp-hub@latest" },
    ]);
    expect(await versionCheck.examine(machine({ running: hubFile() }))).toMatchObject([{ level: "ok" }]);
  });

  it("an editor with an older addon is reported with its project", async () => {
    const instances = [editor({ addonVersion: "0.0.1" }), editor()];
    expect(await versionCheck.examine(machine({ instances }))).toMatchObject([
      { level: "warning", what: expect.stringContaining("game@1234"), mend: "godot-hub install /projects/game" },
    ]);
  });

  it("a package whose addon is missing or of another version is incomplete", () => {
    const { root } = machine();
    expect(ofPackage(root)).toMatchObject([{ level: "problem", what: expect.stringContaining("missing") }]);
    writeFileSync(join(root, "plugin.cfg"), '[plugin]\nversion="0.0.1"\n');
    expect(ofPackage(root)).toMatchObject([{ level: "problem", what: expect.stringContaining("0.0.1") }]);
  });
});

describe("the service", () => {
  it.runIf(process.platform === "linux")("that runs another program than this one is a problem", async () => {
    const at = machine();
    expect(await serviceCheck.examine(at)).toMatchObject([
      { level: "ok", what: expect.stringContaining("no service") },
    ]);
    const units = join(at.root, ".config", "systemd", "user");
    mkdirSync(units, { recursive: true });
    writeFileSync(join(units, "godot-mcp-hub.service"), `# ${SERVICE_MARK}.\nExecStart="/gone/godot-hub.js"\n`);
    const found = await serviceCheck.examine({ ...at, running: hubFile() });
    expect(found[0]).toMatchObject({ level: "problem", mend: "godot-hub service install" });
    expect(found[1]).toMatchObject({ level: "warning", what: expect.stringContaining("not enabled") });
  });

  it("is not asked for where no manager is known", async () => {
    expect(await serviceCheck.examine(machine({ platform: "freebsd" }))).toMatchObject([{ level: "note" }]);
  });
});

describe("the round trip", () => {
  it("through an adapter that finds no hub is a problem, in the adapter's own words", async () => {
    const at = machine({ running: hubFile() });
    const [found] = await roundTripCheck.examine({ ...at, env: { PATH: process.env.PATH, HOME: at.root } });
    expect(found).toMatchObject({ level: "problem", what: expect.stringContaining("No hub") });
  });

  it("is not tried without a hub", async () => {
    expect(await roundTripCheck.examine(machine())).toMatchObject([
      { level: "note", mend: "godot-hub doctor --start" },
    ]);
  });
});

describe("all checks together", () => {
  it("write each command so that it can be typed here: the program as it lies, the state directory that was examined", async () => {
    const at = machine({ running: hubFile(), env: { HOME: "/somewhere" } });
    const found = await examineAll({ ...at, env: { HOME: "/somewhere", PATH: "" } });
    expect(found.find(({ check }) => check === "token")?.mend).toBe(
      `node /opt/hub/godot-hub.js --home ${at.config.home} token rotate`,
    );
  });
});
