/** A client of the hub in thirty lines: prints the tree of the edited scene. `npx tsx scene_tree.ts [target]`, with the package `ws`. */
import { createHash, createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";

const home = process.env.GODOT_HUB_HOME ?? join(homedir(), ".godot-hub");
const hub = JSON.parse(readFileSync(join(home, "hub.json"), "utf8"));
const key = createHash("sha256")
  .update(readFileSync(join(home, "token"), "utf8").trim())
  .digest("hex");
const subject = [new URL(hub.url).host, randomBytes(32).toString("hex")];
const prove = (kind: string, ...hubNonce: string[]) =>
  createHmac("sha256", key)
    .update(["godot-mcp-hub", kind, ...subject, ...hubNonce].join("\n"))
    .digest("hex");

// Proofs stand for the token, which is never sent: another program on the port learns nothing from them.
const socket = new WebSocket(hub.url, {
  headers: { Authorization: `Challenge ${subject.join(" ")} ${prove("claim")}` },
});
const send = (message: object) => socket.send(JSON.stringify(message));

socket.on("message", (data) => {
  const message = JSON.parse(data.toString());
  if (message.type === "handshake") {
    if (message.proof !== prove("hub", message.nonce)) throw new Error("That is not the hub of hub.json.");
    const proof = prove("client", message.nonce);
    send({ type: "identify", clientType: "mcp", clientVersion: "1.0.0", name: "scene tree", proof });
  } else if (message.type === "identified") {
    const [target] = process.argv.slice(2);
    send({ jsonrpc: "2.0", id: 1, method: "scene.get_tree", params: { depth: 2 }, ...(target && { target }) });
  } else if (message.id === 1) {
    console.log(JSON.stringify(message.result ?? message.error, null, 2));
    process.exitCode = message.error ? 1 : 0;
    socket.close();
  }
});
