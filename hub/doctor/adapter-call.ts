/** One call through a real adapter, as an AI client makes it: the program is started, initialized and asked for hub_status. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";

/** Newest revision of MCP that this client claims to speak; the adapter answers with the one that it takes. */
const MCP_VERSION = "2025-06-18";

const answerSchema = z.looseObject({
  id: z.number(),
  result: z
    .looseObject({
      serverInfo: z.object({ version: z.string() }).optional(),
      isError: z.boolean().optional(),
      content: z.array(z.looseObject({ text: z.string().optional() })).optional(),
    })
    .optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});
type Answer = z.infer<typeof answerSchema>;

/** What came of it. */
export interface AdapterCall {
  /** Version of the adapter. */
  version: string;
  /** What hub_status said. */
  text: string;
  isError: boolean;
}

/**
 * Starts the adapter, makes the call and ends it.
 * @param deadlineMs For all of it.
 * @throws {Error} with what is in the way, in one sentence.
 */
export async function callThroughAdapter(
  program: string,
  env: NodeJS.ProcessEnv,
  deadlineMs: number,
): Promise<AdapterCall> {
  const child = spawn(process.execPath, [program, "--no-launch"], {
    env,
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
  });
  const said = collect(child);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`It did not answer within ${deadlineMs} ms. ${said()}`.trim())),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([converse(child, said), late]);
  } finally {
    clearTimeout(timer);
    child.stdin?.end();
    child.kill();
  }
}

async function converse(child: ChildProcess, said: () => string): Promise<AdapterCall> {
  const answers = new Map<number, (answer: Answer) => void>();
  const gone = new Promise<never>((_resolve, reject) => {
    child.once("error", (error) => reject(new Error(`It can't be started: ${error.message}.`)));
    child.once("close", (code) => reject(new Error(`It ended with ${code}. ${said()}`.trim())));
    child.stdin?.on("error", () => {});
  });
  if (child.stdout) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const answer = answerSchema.safeParse(parsed(line)).data;
      if (answer) answers.get(answer.id)?.(answer);
    });
  }
  const send = (message: object) => void child.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const ask = (id: number, method: string, params: object) => {
    const answered = new Promise<Answer>((resolve) => answers.set(id, resolve));
    send({ id, method, params });
    return Promise.race([answered, gone]);
  };
  const clientInfo = { name: "godot-hub doctor", version: "1" };
  const opened = await ask(1, "initialize", { protocolVersion: MCP_VERSION, capabilities: {}, clientInfo });
  send({ method: "notifications/initialized" });
  const { result, error } = await ask(2, "tools/call", { name: "hub_status", arguments: {} });
  if (error) throw new Error(`It answers: ${error.message}`);
  const text = (result?.content ?? []).map((part) => part.text ?? "").join("\n");
  return { version: opened.result?.serverInfo?.version ?? "?", text, isError: result?.isError ?? false };
}

function collect({ stderr }: ChildProcess): () => string {
  let text = "";
  stderr?.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-500);
  });
  return () => text.trim();
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
