/** A terminal that can be drawn on: its size, its keys, and the way back to how it was. */

/** What a full-screen command needs of a terminal. */
export interface Tty {
  readonly columns: number;
  readonly rows: number;
  /** Draws `lines` from the top; what stood there before is gone. */
  draw(lines: readonly string[]): void;
  /** Calls back for each key, and when the size has changed. */
  listen(onKey: (key: string) => void, onResize: () => void): void;
  /** Leaves the terminal as it was found. */
  restore(): void;
}

const ESC = "\u001b[";
/** The alternate screen keeps what the person had on theirs. */
const ENTER = `${ESC}?1049h${ESC}?25l`;
const LEAVE = `${ESC}?25h${ESC}?1049l`;
const HOME = `${ESC}H`;
const CLEAR_LINE = `${ESC}K`;
const CLEAR_BELOW = `${ESC}J`;

/** Standard sizes, for a terminal that does not know its own. */
const COLUMNS = 80;
const ROWS = 24;

/** This process's terminal; undefined when a file or a program stands at either end. */
export function processTty(): Tty | undefined {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return undefined;
  let hasBegun = false;
  return {
    get columns() {
      return stdout.columns || COLUMNS;
    },
    get rows() {
      return stdout.rows || ROWS;
    },
    draw(lines) {
      stdout.write(`${hasBegun ? "" : ENTER}${HOME}${lines.join(`${CLEAR_LINE}\r\n`)}${CLEAR_LINE}${CLEAR_BELOW}`);
      hasBegun = true;
    },
    listen(onKey, onResize) {
      stdin.setRawMode(true).setEncoding("utf8").on("data", onKey);
      stdout.on("resize", onResize);
    },
    restore() {
      stdin.setRawMode(false).pause();
      stdout.removeAllListeners("resize");
      if (hasBegun) stdout.write(LEAVE);
    },
  };
}
