/** `--http`: the process that serves many sessions over HTTP until it is told to end. */
import { Adapter, type AdapterSurroundings } from "../adapter.ts";
import { McpServer } from "../mcp/mcp-server.ts";
import type { Log } from "../process/log.ts";
import type { AdapterOptions, HttpOptions } from "../process/options.ts";
import { HttpAccess } from "./http-access.ts";
import { HttpServer } from "./http-server.ts";

/**
 * Serves until `stop` is called.
 * @returns where it serves, and how to end it.
 * @throws when the port is taken or the state directory can't be used.
 */
export async function runHttp(
  options: AdapterOptions,
  { port, allowOrigins }: HttpOptions,
  surroundings: AdapterSurroundings,
  log: Log,
): Promise<{ url: string; stop: () => void }> {
  const { home, token } = options;
  const server = new HttpServer({
    port,
    log,
    access: new HttpAccess({ home, token, allowOrigins }),
    open: () => new Adapter(options, surroundings, log, { serve: (server) => new McpServer(server) }),
    openModern: async (caller) => {
      const { ModernServer } = await import("../mcp/modern-server.ts");
      return new Adapter(options, surroundings, log, { caller, serve: (server) => new ModernServer(server) });
    },
  });
  return { url: await server.start(), stop: () => server.stop() };
}
