/** Signals while a command is in flight: the first one waits for it, the second one does not. */
import { expect, it, onTestFinished } from "vitest";
import { HubProcess } from "../../support/hub-process.ts";
import { openAdapter } from "../../support/protocol-client.ts";
import { StubInstance } from "../../support/stub-instance.ts";
import { deferred, until } from "../../support/wait.ts";

/** Longer than any test: only its absence lets the hub end. */
const FOREVER_MS = "600000";

/** A hub with a command in flight that ends when `finish` is called. */
async function hubWithCommand() {
  const hub = await HubProcess.start({ args: ["--drain-timeout-ms", FOREVER_MS] });
  onTestFinished(() => hub.dispose());
  const { promise, resolve: finish } = deferred<unknown>();
  const instance = new StubInstance({ handlers: { "node.add": () => promise } });
  await instance.connect(hub.url, hub.token);
  const { client } = await openAdapter(hub.url, hub.token);
  const answer = client.request("node.add");
  await until(() => instance.executed.length === 1, { what: "the command at the instance" });
  return { hub, finish, answer };
}

it("the first signal lets the command in flight finish and be answered, then ends the hub with 0", async () => {
  const { hub, finish, answer } = await hubWithCommand();
  hub.signal("SIGTERM");
  await until(() => hub.output.includes("hub stops"), { what: "the beginning of the drain" });
  expect(hub.isRunning).toBe(true);
  finish({ done: true });
  expect((await answer).result).toEqual({ done: true });
  await until(() => !hub.isRunning, { what: "the end of the hub" });
  expect(await hub.stop()).toEqual({ code: 0, signal: null });
});

it("the second signal ends the hub at once", async () => {
  const { hub, answer } = await hubWithCommand();
  const lost = expect(answer).rejects.toThrow("closed");
  hub.signal("SIGINT");
  await until(() => hub.output.includes("hub stops"), { what: "the beginning of the drain" });
  expect(await hub.kill("SIGINT")).toEqual({ code: 1, signal: null });
  await lost;
});
