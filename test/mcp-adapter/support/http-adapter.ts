/** The built adapter serving over HTTP. */
import { until } from "../../support/wait.ts";
import { AdapterProcess } from "./adapter-process.ts";

export class HttpAdapter {
  readonly process: AdapterProcess;
  /** Address of the endpoint. */
  readonly url: URL;

  private constructor(process: AdapterProcess, url: URL) {
    this.process = process;
    this.url = url;
  }

  static async start(home: string, args: readonly string[] = []): Promise<HttpAdapter> {
    const process = new AdapterProcess(home, { args: ["--http", "--port", "0", ...args] });
    const url = await until(() => /serving (\S+);/.exec(process.stderr)?.[1], { what: "the address" });
    return new HttpAdapter(process, new URL(url));
  }

  async stop(): Promise<void> {
    this.process.child.kill("SIGTERM");
    await this.process.ended();
  }
}
