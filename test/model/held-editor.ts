/** A stub editor whose commands wait until the model lets them end, and whose process can be killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type Command, StubInstance } from "../support/stub-instance.ts";
import { pathOf } from "./hub-model.ts";

export const WRITE = "node.add";
export const READ = "scene.get_tree";

/** Processes that run: none of them outlives the test process. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class HeldEditor {
  readonly instance: StubInstance;
  readonly #process: ChildProcess;
  /** What has begun and not ended, oldest first. */
  readonly #held: (() => void)[] = [];

  /** @param journalled Answers that its journal keeps: so few that resends come too late for some, or for all. */
  constructor(project: string, journalled: number) {
    this.#process = spawn("sleep", ["3600"], { stdio: "ignore" });
    running.add(this.#process);
    this.#process.once("exit", () => running.delete(this.#process));
    const hold = (command: Command) => this.#hold(command);
    const epoch = `epoch-of-${this.#process.pid}`;
    this.instance = new StubInstance({
      project,
      projectPath: pathOf(project),
      epoch,
      identify: { instance: { epoch, pid: this.#process.pid ?? 0 } },
      handlers: { [WRITE]: hold, [READ]: hold },
      readOnly: [READ],
      journalSize: journalled,
    });
  }

  get epoch(): string {
    return this.instance.epoch;
  }

  get isWorking(): boolean {
    return this.#held.length > 0;
  }

  /** Lets the oldest command end. */
  release(): void {
    this.#held.shift()?.();
  }

  /** Ends the process and its connection, without a word. */
  async kill(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await exited;
    }
    this.instance.client.terminate();
  }

  #hold({ id }: Command): Promise<unknown> {
    return new Promise((resolve) => this.#held.push(() => resolve({ ran: id })));
  }
}
