"""A client of the hub in thirty lines: prints the tree of the edited scene. `python3 scene_tree.py [target]`, with the package `websockets`."""
import asyncio, hashlib, hmac, json, os, pathlib, secrets, sys
import websockets

home = pathlib.Path(os.environ.get("GODOT_HUB_HOME") or pathlib.Path.home() / ".godot-hub")
hub = json.loads((home / "hub.json").read_text())
key = hashlib.sha256((home / "token").read_text().strip().encode()).hexdigest()
subject = [hub["url"].split("/")[2], secrets.token_hex(32)]


def prove(kind: str, *hub_nonce: str) -> str:
    lines = "\n".join(["godot-mcp-hub", kind, *subject, *hub_nonce])
    return hmac.new(key.encode(), lines.encode(), hashlib.sha256).hexdigest()


async def main() -> int:
    # Proofs stand for the token, which is never sent: another program on the port learns nothing from them.
    headers = {"Authorization": " ".join(["Challenge", *subject, prove("claim")])}
    name = "additional_headers" if int(websockets.__version__.split(".")[0]) >= 14 else "extra_headers"
    async with websockets.connect(hub["url"], max_size=None, **{name: headers}) as socket:
        handshake = json.loads(await socket.recv())
        if handshake.get("proof") != prove("hub", handshake.get("nonce", "")):
            raise SystemExit("That is not the hub of hub.json.")
        identify = {"type": "identify", "clientType": "mcp", "clientVersion": "1.0.0", "name": "scene tree"}
        await socket.send(json.dumps({**identify, "proof": prove("client", handshake["nonce"])}))
        target = {"target": sys.argv[1]} if len(sys.argv) > 1 else {}
        await socket.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "scene.get_tree", "params": {"depth": 2}, **target}))
        async for frame in socket:
            message = json.loads(frame)
            if message.get("id") == 1:
                print(json.dumps(message.get("result") or message["error"], indent=2))
                return 1 if "error" in message else 0
    return 1


sys.exit(asyncio.run(main()))
