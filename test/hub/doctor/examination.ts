/** A machine for the doctor to look at: a state directory and a home folder of the test's own. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { loadConfig } from "../../../hub/config.ts";
import type { Examination } from "../../../hub/doctor/finding.ts";
import type { HubFile } from "../../../hub-client/state-dir.ts";
import type { InstanceInfo } from "../../../protocol/hub-methods.ts";
import { PRODUCT_VERSION } from "../../../protocol/version.ts";

/** A healthy machine without a hub, changed by `changes`. `root` is the home folder of its user. */
export function machine(changes: Partial<Examination> = {}): Examination & { root: string } {
  const root = mkdtempSync(join(tmpdir(), "godot-hub-doctor-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const home = join(root, ".godot-hub");
  mkdirSync(home, { mode: 0o700 });
  return {
    root,
    config: { ...loadConfig({ flags: { home }, env: {} }), port: 0 },
    env: { HOME: root },
    platform: process.platform,
    nodeVersion: process.version,
    projects: [],
    self: ["/opt/hub/godot-hub.js"],
    running: undefined,
    stale: undefined,
    instances: undefined,
    refusal: undefined,
    ...changes,
  };
}

/** What hub.json says of a hub that runs. */
export function hubFile(changes: Partial<HubFile> = {}): HubFile {
  const startedAt = "2026-01-01T12:00:00.000Z";
  const url = "ws://127.0.0.1:6520";
  return {
    pid: 1,
    port: 6520,
    url,
    version: PRODUCT_VERSION,
    protocolVersion: 1,
    startedAt,
    autoStarted: false,
    ...changes,
  };
}

/** An editor as the hub lists it. */
export function editor(changes: Partial<InstanceInfo> = {}): InstanceInfo {
  return {
    id: "i1",
    name: "game@1234",
    clientType: "godot",
    project: { name: "game", path: "/projects/game" },
    godotVersion: "4.6.3",
    addonVersion: PRODUCT_VERSION,
    pid: 1,
    epoch: "e1",
    headless: false,
    state: "ready",
    agents: [],
    connectedAt: "2026-01-01T12:00:00.000Z",
    lastSeenAt: "2026-01-01T12:00:00.000Z",
    ...changes,
  };
}
