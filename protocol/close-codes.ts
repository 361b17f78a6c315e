/** WebSocket close codes of the hub. 4000 to 4999 are an application's own (RFC 6455, section 7.4.2). */

export const CLOSE_CODES = {
  GOING_AWAY: 1001,
  BAD_FRAME: 4400,
  UNAUTHORIZED: 4401,
  FORBIDDEN: 4403,
  IDENTIFY_TIMEOUT: 4408,
  REPLACED: 4409,
  HEARTBEAT_TIMEOUT: 4410,
  PROTOCOL_VERSION: 4426,
  TOO_MANY: 4429,
  SLOW_CONSUMER: 4430,
} as const;

/** Name of a close code of the hub. */
export type CloseReason = keyof typeof CLOSE_CODES;

const TERMINAL: ReadonlySet<number> = new Set([
  CLOSE_CODES.UNAUTHORIZED,
  CLOSE_CODES.FORBIDDEN,
  CLOSE_CODES.REPLACED,
  CLOSE_CODES.PROTOCOL_VERSION,
]);

/** True when a client that was closed with `code` must not reconnect by itself. */
export function isTerminalClose(code: number): boolean {
  return TERMINAL.has(code);
}
