/** The typed messages of a connection's opening and of its heartbeat: everything on the wire that is not JSON-RPC. */
import { z } from "zod";

const text = (max: number) => z.string().max(max);

/** Hub to client, at once after the upgrade. */
export const handshakeSchema = z.object({
  type: z.literal("handshake"),
  clientId: z.string(),
  serverVersion: z.string(),
  protocolVersion: z.number().int(),
  heartbeat: z.object({ intervalMs: z.number(), timeoutMs: z.number() }),
  identifyTimeoutMs: z.number(),
  maxMessageBytes: z.number().int(),
  /** What a client that asks for proofs has to answer, and the hub's own proof of the token: see `protocol/proof.ts`. */
  nonce: text(100).optional(),
  proof: text(100).optional(),
});
export type Handshake = z.infer<typeof handshakeSchema>;

/** Custom commands that one instance may have. */
export const MAX_CUSTOM_COMMANDS = 1_000;

/** One custom command that a project registered in its editor. */
export const customCommandSchema = z.object({
  name: text(100),
  description: text(2_000).default(""),
  readOnly: z.boolean().default(false),
  paramsSchema: z.record(z.string(), z.unknown()).default({}),
});
export type CustomCommand = z.infer<typeof customCommandSchema>;

/** Client to hub, before any other message. Unknown members are dropped. A minimal Godot client sends only `type`, `clientType`, `clientVersion` and `godotVersion`. */
export const identifySchema = z.object({
  type: z.literal("identify"),
  clientType: text(40).min(1),
  clientVersion: text(100).default("0"),
  godotVersion: text(100).optional(),
  protocolVersion: z.number().int().default(1),
  token: text(200).optional(),
  /** Stands for the token, of a client that the handshake has asked for it. */
  proof: text(100).optional(),
  resumeToken: text(1_000).optional(),
  name: text(100).optional(),
  maxMessageBytes: z.number().int().positive().optional(),
  project: z.object({ name: text(200), path: text(4_096) }).optional(),
  instance: z
    .object({
      epoch: text(100).optional(),
      pid: z.number().int().optional(),
      headless: z.boolean().optional(),
      executable: text(4_096).optional(),
      launchId: text(100).optional(),
    })
    .optional(),
  parent: text(100).optional(),
  capabilities: z
    .object({
      commands: z.array(customCommandSchema).max(MAX_CUSTOM_COMMANDS).optional(),
      features: z.array(text(100)).max(100).optional(),
    })
    .optional(),
  agent: z.object({ name: text(100), version: text(100).default("") }).optional(),
  cwd: text(4_096).optional(),
  pid: z.number().int().optional(),
});
export type Identify = z.infer<typeof identifySchema>;

/** Hub to client: the opening is over. `name` is unique among all clients. */
export const identifiedSchema = z.object({
  type: z.literal("identified"),
  clientId: z.string(),
  resumeToken: z.string(),
  resumed: z.boolean(),
  name: z.string(),
  /** To an instance: the hub's owner lets agents run code in all instances. */
  mayRunCode: z.boolean().optional(),
  mayFollowLinksTo: z.array(z.string()).optional(),
});
export type Identified = z.infer<typeof identifiedSchema>;

/** Either side, at any time: "are you there?" */
export const heartbeatSchema = z.looseObject({ type: z.literal("heartbeat"), timestamp: z.number() });
export type Heartbeat = z.infer<typeof heartbeatSchema>;

/** The answer to a heartbeat, with the heartbeat's own timestamp. */
export const heartbeatAckSchema = z.looseObject({ type: z.literal("heartbeat_ack"), timestamp: z.number() });
export type HeartbeatAck = z.infer<typeof heartbeatAckSchema>;

/** Every typed message that a client may send. */
export const clientMessageSchema = z.discriminatedUnion("type", [identifySchema, heartbeatSchema, heartbeatAckSchema]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;
/** A client's message as its sender builds it: members with a default may be absent. */
export type ClientMessageInput = z.input<typeof clientMessageSchema>;

/** Every typed message that the hub may send. */
export const hubMessageSchema = z.discriminatedUnion("type", [
  handshakeSchema,
  identifiedSchema,
  heartbeatSchema,
  heartbeatAckSchema,
]);
export type HubMessage = z.infer<typeof hubMessageSchema>;
