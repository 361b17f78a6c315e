/** What this project uses of pino-roll, which has no types of its own. */
declare module "pino-roll" {
  interface RollOptions {
    file: string;
    size?: string;
    frequency?: "daily" | "hourly";
    dateFormat?: string;
    limit?: { count: number; removeOtherLogFiles?: boolean };
    mode?: number;
    minLength?: number;
    /** ms */
    periodicFlush?: number;
    maxLength?: number;
    sync?: boolean;
  }

  /** A stream of sonic-boom. */
  interface RollStream {
    readonly destroyed: boolean;
    write(text: string): boolean;
    end(): void;
    on(event: "error", listener: (error: Error) => void): this;
    on(event: "drop" | "write" | "close", listener: () => void): this;
    once(event: "error" | "close", listener: () => void): this;
  }

  export default function roll(options: RollOptions): Promise<RollStream>;
}
