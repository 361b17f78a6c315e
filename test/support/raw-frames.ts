/** Bytes of WebSocket frames as a client sends them, right or wrong: for what no WebSocket library would send. */

export const OPCODES = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

export interface RawFrame {
  opcode?: number;
  /** False for a frame that more of its message follow. */
  fin?: boolean;
  payload?: string | Buffer;
  /** Length that its head says, where that is not its payload's. */
  length?: number;
}

/** A masked frame (RFC 6455, section 5.2), with a mask of zeros. */
export function rawFrame({ opcode = OPCODES.text, fin = true, payload = "", length }: RawFrame = {}): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.from([(fin ? 0x80 : 0) | opcode]);
  return Buffer.concat([head, lengthOf(length ?? body.length), Buffer.alloc(4), body]);
}

/** A request for a WebSocket, to the path `/`. */
export function upgradeRequest(port: number, token?: string): string {
  const lines = [
    "GET / HTTP/1.1",
    `Host: 127.0.0.1:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** The length with the mask bit, in as many bytes as it needs. */
function lengthOf(length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | length]);
  if (length < 65_536) {
    const short = Buffer.from([0x80 | 126, 0, 0]);
    short.writeUInt16BE(length, 1);
    return short;
  }
  const long = Buffer.from([0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  long.writeBigUInt64BE(BigInt(length), 1);
  return long;
}
