/** What the hub's port answers to plain HTTP. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Access } from "./access.ts";

/** Answers one HTTP request that is no upgrade. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers `GET /healthz` (200 while serving, 503 while stopping) and sends everything else away. */
export function createHttpHandler(access: Access, isServing: () => boolean): HttpHandler {
  return (request, response) => {
    const refusal = access.refuseForeign(request);
    if (refusal) return answer(response, refusal.status, refusal.reason);
    const path = (request.url ?? "/").split("?", 1)[0];
    if (path === "/healthz" && (request.method === "GET" || request.method === "HEAD")) {
      return answer(response, isServing() ? 200 : 503, isServing() ? "ok" : "stopping");
    }
    return answer(response, 404, "This is a godot-mcp-hub: its clients speak WebSocket (see PROTOCOL.md).");
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(`${text}\n`);
}
