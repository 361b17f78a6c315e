/**
 * Answers requests for the MCP Inspector's command line, many in one process: starting it anew takes longer than what it does.
 * Runs in the Node that the Inspector needs; its first argument is the Inspector's own module.
 */
import { pathToFileURL } from "node:url";

/** What the module offers to the Inspector's launcher. */
interface InspectorCli {
  runCli(argv: readonly string[]): Promise<void>;
  /** Writes the error to stderr, then ends the process. */
  handleError(error: unknown): Promise<void>;
}

/** One request: the arguments of one run of the command line. */
export interface CliRequest {
  readonly id: number;
  readonly args: readonly string[];
}

/** What that run printed to stdout and to stderr, and whether it failed. */
export interface CliAnswer {
  readonly id: number;
  readonly failed: boolean;
  readonly printed: string;
  readonly complained: string;
}

const { runCli, handleError }: InspectorCli = await import(pathToFileURL(process.argv[2] ?? "").href);
let printed = "";
let complained = "";
capture(process.stdout, (text) => {
  printed += text;
});
capture(process.stderr, (text) => {
  complained += text;
});
// A run that fails ends by ending its process.
process.exit = (() => undefined) as typeof process.exit;

let last = Promise.resolve();
process.on("message", (request: CliRequest) => {
  // Output belongs to one run at a time.
  last = last.then(() => answer(request));
});
process.on("disconnect", () => process.kill(process.pid));
process.send?.("ready");

async function answer({ id, args }: CliRequest): Promise<void> {
  [printed, complained] = ["", ""];
  let failed = false;
  try {
    await runCli([process.execPath, "inspector", ...args]);
  } catch (error) {
    failed = true;
    await handleError(error);
  }
  process.send?.({ id, failed, printed, complained } satisfies CliAnswer);
}

function capture(stream: NodeJS.WriteStream, take: (text: string) => void): void {
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    take(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
    const done = rest.find((each) => typeof each === "function");
    if (done) done();
    return true;
  }) as typeof stream.write;
}
