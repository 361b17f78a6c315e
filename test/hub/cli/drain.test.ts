/** Signals while a command is in flight: the first one waits for it, the second one does not. */
import { expect, it, onTestFinished } from "vitest";
import { HubProcess } from "../../support/hub-process.ts";
import { openAdapter } from "../../support/protocol-client.ts";
import { StubInstance } from "../../support/stub-instance.ts";
import { deferred, until } from "../../support/wait.ts";

/** Longer than any test: only its absence lets the hub end. */
const FOREVER_MS = "600000";

/** A hub with a command in flight that ends when `finish` is called. */
async function hubWithCommand(...args: string[]) {
  const hub = await HubProcess.start({ args: ["--drain-timeout-ms", FOREVER_MS, ...args] });
  onTestFinished(() => hub.dispose());
  const { promise, resolve: finish } = deferred<unknown>();
  const instance = new StubInstance({ handlers: { "node.add": () => promise } });
  await instance.connect(hub.url, hub.token);
  const { client } = await openAdapter(hub.url, hub.token);
  const answer = client.request("node.add");
  await until(() => instance.executed.length === 1, { what: "the command at the instance" });
  return { hub, client, instance, finish, answer };
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

it("a request that was not sent before the signal is refused with HUB_SHUTTING_DOWN, and so is a later one", async () => {
  const { hub, client, instance, finish, answer } = await hubWithCommand("--window-size", "1");
  const waiting = client.request("node.delete");
  await client.request("hub.status");
  hub.signal("SIGTERM");
  expect((await waiting).error).toMatchObject({ code: -32022, data: { kind: "HUB_SHUTTING_DOWN", dispatched: false } });
  expect((await client.request("node.rename")).error).toMatchObject({ code: -32022 });
  finish({});
  expect((await answer).error).toBeUndefined();
  expect((await client.closed).code).toBe(1001);
  expect(instance.executed.map(({ method }) => method)).toEqual(["node.add"]);
});
