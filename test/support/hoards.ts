/** Attacks that make a hub keep as much as possible, each with separate connections. */
import { HalfMessage } from "./half-message.ts";
import type { HubProcess } from "./hub-process.ts";
import { openAdapter, ProtocolClient } from "./protocol-client.ts";
import { StubInstance } from "./stub-instance.ts";
import { within } from "./wait.ts";

const MIB = 1024 * 1024;

/** The connections to close when an attack is over. */
type End = () => void;
type Attack = (hub: HubProcess) => Promise<End[]>;

/** Each attack by what it hoards; all with the owner's token, which may most. */
export const HOARDS: Readonly<Record<string, Attack>> = {
  "identify of 30 MiB x 40": async (hub) => {
    const text = "x".repeat(30 * MIB);
    return times(40, async () => {
      const client = await ProtocolClient.connect(hub.url, { token: hub.token });
      client.sendMessage({ type: "identify", clientType: "observer", clientVersion: "1", more: text });
      await within(client.closed, { what: "the close" });
      return () => client.terminate();
    });
  },
  "identify of 60 KiB, then away, x 800": (hub) =>
    times(800, async () => {
      const { client } = await openAdapter(hub.url, hub.token, { identify: withMore("x".repeat(60_000)) });
      client.terminate();
      await within(client.closed, { what: "the end" });
      return () => {};
    }),
  "unfinished messages of 60 MiB x 40": (hub) =>
    times(40, async () => {
      const half = await HalfMessage.send({ port: hub.port, token: hub.token, bytes: 60 * MIB });
      return () => half.end();
    }),
  "queued writes of 30 MiB x 40": async (hub) => {
    const editor = new StubInstance({ handlers: { "node.add": () => new Promise(() => {}) } });
    await editor.connect(hub.url, hub.token);
    const frame = `{"jsonrpc":"2.0","id":"a","method":"node.add","params":{"text":"${"x".repeat(30 * MIB)}"}}`;
    const ends = await times(40, async () => {
      const { client } = await openAdapter(hub.url, hub.token);
      client.sendFrame(frame);
      await client.request("hub.status");
      return () => client.terminate();
    });
    return [...ends, () => editor.client.terminate()];
  },
  "custom commands of 900 kB x 100": (hub) =>
    times(100, async () => {
      const editor = new StubInstance();
      await editor.connect(hub.url, hub.token);
      for (const size of [200_000, 900_000]) {
        const paramsSchema = { list: Array.from({ length: size / 3 }, () => ({})) };
        editor.emit("instance.commands", { commands: [{ name: "level.fill", paramsSchema }] });
      }
      await editor.client.response(null);
      return () => editor.client.terminate();
    }),
  "unread answers of 30 MiB x 40": async (hub) => {
    const editor = new StubInstance({ handlers: { large: () => ({ text: "x".repeat(30 * MIB) }) } });
    await editor.connect(hub.url, hub.token);
    const reader = (await openAdapter(hub.url, hub.token)).client;
    const ends = await times(40, async () => {
      const { client } = await openAdapter(hub.url, hub.token);
      client.stopReading();
      client.sendMessage({ jsonrpc: "2.0", id: "a", method: "large", params: {} });
      await reader.request("quick");
      return () => client.terminate();
    });
    return [...ends, () => reader.terminate(), () => editor.client.terminate()];
  },
};

async function times(count: number, once: () => Promise<End>): Promise<End[]> {
  const ends: End[] = [];
  for (let index = 0; index < count; index += 1) ends.push(await once());
  return ends;
}

/** `identify` with a member that the protocol does not have. */
function withMore(more: string): object {
  return { more };
}
