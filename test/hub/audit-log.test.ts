/** When the audit log is written: not before the answers of a turn are on their way, and not so much at once that others wait. */
import { describe, expect, it } from "vitest";
import { Redactor } from "../../hub/access/redaction.ts";
import { AuditLog } from "../../hub/audit/audit-log.ts";
import { Client } from "../../hub/clients/client.ts";
import { HubEvents } from "../../hub/scheduling/hub-events.ts";
import { auditEntrySchema } from "../../protocol/audit.ts";
import { until } from "../support/wait.ts";

const CALLS = 100;

/** A log that has just seen some calls of a method that changes something, numbered from 0. */
function afterCalls() {
  const events = new HubEvents();
  const commands: unknown[] = [];
  const write = (line: string) => void commands.push(auditEntrySchema.parse(JSON.parse(line)).params);
  const log = new AuditLog(events, new Redactor(), { write });
  const client = new Client("c-1", "claude", {
    type: "identify",
    clientType: "mcp",
    clientVersion: "1",
    protocolVersion: 1,
  });
  for (let n = 0; n < CALLS; n += 1) {
    events.emit("called", { client, method: "hub.pause_instance", params: n, durationMs: 1, error: undefined });
  }
  return { log, commands };
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
const all = Array.from({ length: CALLS }, (_, n) => n);

describe("the audit log", () => {
  it("is written after the turn, a part in each, in the order in which things happened", async () => {
    const { commands } = afterCalls();
    expect(commands).toEqual([]);
    await nextTurn();
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.length).toBeLessThan(CALLS);
    await until(() => commands.length === CALLS, { what: "every line" });
    expect(commands).toEqual(all);
  });

  it("is complete for its readers, the newest first", () => {
    const { log } = afterCalls();
    expect(log.latest({}, CALLS).map(({ params }) => params)).toEqual(all.toReversed());
    expect(log.latest({}, 2).map(({ params }) => params)).toEqual([CALLS - 1, CALLS - 2]);
  });

  it("is complete when it is flushed, and has every line once", async () => {
    const { log, commands } = afterCalls();
    log.flush();
    expect(commands).toEqual(all);
    await nextTurn();
    expect(commands.length).toBe(CALLS);
  });
});
