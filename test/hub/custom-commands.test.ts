import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalHub } from "../support/local-hub.ts";
import type { ProtocolClient } from "../support/protocol-client.ts";
import type { StubInstance } from "../support/stub-instance.ts";
import { until } from "../support/wait.ts";

const command = (name: string) => ({ name, description: "", readOnly: true, paramsSchema: {} });

describe("custom commands", () => {
  let hub: LocalHub;
  let editor: StubInstance;
  let adapter: ProtocolClient;
  beforeEach(async () => {
    hub = await LocalHub.start();
    editor = await hub.editor({ identify: { capabilities: { commands: [command("level.first")] } } });
    adapter = await hub.adapter();
  });
  afterEach(() => hub.dispose());

  const names = async (): Promise<string[]> => {
    const { result } = await adapter.request("hub.list_commands", {});
    return (result as { commands: { name: string }[] }).commands.map(({ name }) => name);
  };
  const untilNames = (expected: string) => until(async () => (await names()).join() === expected, { what: expected });

  it("are those of identify, until the instance tells of others", async () => {
    expect(await names()).toEqual(["level.first"]);
    editor.emit("instance.commands", { commands: [command("level.first"), command("level.second")] });
    await untilNames("level.first,level.second");
    editor.emit("instance.commands", { commands: [] });
    await untilNames("");
  });

  it("are not touched by data that does not fit, nor by another instance's", async () => {
    const other = await hub.editor({ project: "other" });
    other.emit("instance.commands", { commands: [command("other.one")] });
    editor.emit("instance.commands", { commands: [{ description: "without a name" }] });
    editor.emit("instance.commands", "nonsense");
    const { result } = await adapter.request("hub.list_commands", { target: "stub-game" });
    expect(result).toEqual({ commands: [command("level.first")] });
  });
});
