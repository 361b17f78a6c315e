/** Methods for whoever the machine belongs to: people at the dashboard and the command line, never an agent. */
import { z } from "zod";

/** Longest reason that is given for a pause, in characters. */
const MAX_REASON = 200;

/** Methods that only the owner may call: see 'The owner' in PROTOCOL.md. */
export const OWNER_METHODS = {
  /** A code that opens the dashboard once, and how long it is good for, ms. */
  "hub.create_login_code": {
    params: z.object({}),
    result: z.object({ code: z.string(), url: z.string(), lifetimeMs: z.number().int() }),
  },
  /** Starts or ends reports of what happens in the hub: events `hub.activity`, at most one an interval, ms. */
  "hub.watch_activity": {
    params: z.object({ watch: z.boolean().optional() }),
    result: z.object({ watching: z.boolean(), intervalMs: z.number().int() }),
  },
  /** Ends a client's session: what it has waiting is cancelled, its leases are given back, and it does not come back by itself. */
  "hub.disconnect_client": {
    params: z.object({ client: z.string().min(1).max(200) }),
    result: z.object({ disconnected: z.string() }),
  },
  /** Keeps commands from an instance, which are refused with BUSY and the reason, or lets them through again. */
  "hub.pause_instance": {
    params: z.object({
      target: z.string().min(1).max(4_096),
      paused: z.boolean(),
      reason: z.string().max(MAX_REASON).optional(),
    }),
    result: z.object({ instance: z.string(), paused: z.boolean() }),
  },
} as const;
