/** What this project uses of pino-roll, which has no types of its own. */
declare module "pino-roll" {
  import type { EventEmitter } from "node:events";

  interface RollOptions {
    file: string;
    size?: string;
    frequency?: "daily" | "hourly";
    dateFormat?: string;
    limit?: { count: number; removeOtherLogFiles?: boolean };
    mode?: number;
    minLength?: number;
    maxLength?: number;
    sync?: boolean;
  }

  /** A stream of sonic-boom. `ready` or `error` tells whether its file could be opened; `write` has the bytes that were written. */
  interface RollStream
    extends EventEmitter<{
      ready: [];
      write: [bytes: number];
      drop: [text: string];
      error: [error: Error];
      close: [];
    }> {
    write(text: string): boolean;
    /** Writes what waits, if nothing is being written. */
    flush(): void;
    end(): void;
  }

  export default function roll(options: RollOptions): Promise<RollStream>;
}
