/** `godot-hub logs`, and the log that it shows. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createLogger, describeLogLine, logPath } from "../../../hub/logger.ts";
import { until } from "../../support/wait.ts";
import { CommandLine, temporaryFolder } from "./command-line.ts";

function line(msg: string): string {
  return `${JSON.stringify({ level: 30, time: 0, msg })}\n`;
}

function withLog(...messages: string[]): CommandLine {
  const cli = new CommandLine();
  mkdirSync(cli.home);
  writeFileSync(logPath(cli.home), messages.map(line).join(""));
  return cli;
}

describe("logs", () => {
  it("shows the last lines for people, or as they are", async () => {
    const cli = withLog("one", "two", "three");
    expect((await cli.run(["logs", "-n", "2"])).stdout).toBe(
      "1970-01-01T00:00:00.000Z INFO  two\n1970-01-01T00:00:00.000Z INFO  three\n",
    );
    expect((await cli.run(["logs", "-n", "1", "--json"])).stdout).toBe(line("three"));
    expect((await cli.run(["logs", "-n", "0"])).stdout).toBe("");
  });

  it("goes back into the log that was moved aside", async () => {
    const cli = withLog("new");
    writeFileSync(`${logPath(cli.home)}.1`, line("old"));
    expect((await cli.run(["logs"])).stdout).toMatch(/old\n.*new\n$/);
  });

  it("says so when there is none", async () => {
    const { code, stderr } = await new CommandLine().run(["logs"]);
    expect(code).toBe(1);
    expect(stderr).toContain("There is no log yet");
  });

  it("follows, also when the log is moved aside meanwhile", async () => {
    const cli = withLog("first");
    const child = cli.spawn(["logs", "-f"]);
    let shown = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      shown += chunk.toString();
    });
    await until(() => shown.includes("first"), { what: "the first line" });
    appendFileSync(logPath(cli.home), line("second"));
    await until(() => shown.includes("second"), { what: "the second line" });
    renameSync(logPath(cli.home), `${logPath(cli.home)}.1`);
    writeFileSync(logPath(cli.home), line("third"));
    await until(() => shown.includes("third"), { what: "the third line" });
  });
});

describe("the log", () => {
  it("is moved aside when it has its size, and no line is lost or torn", () => {
    const home = temporaryFolder();
    const logger = createLogger({ home, level: "info", maxBytes: 4_096 });
    for (let number = 0; number < 50; number++) logger.info({ number }, "x".repeat(60));
    const kept = [`${logPath(home)}.1`, logPath(home)].map((path) => readFileSync(path, "utf8")).join("");
    const numbers = kept
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text).number as number);
    expect(numbers.at(-1)).toBe(49);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => 50 - numbers.length + index));
    expect(statSync(`${logPath(home)}.1`).size).toBeLessThan(2 * 4_096);
  });

  it("gives people the same lines as the file, in words", () => {
    const home = temporaryFolder();
    const lines: string[] = [];
    const logger = createLogger({ home, level: "info", maxBytes: 4_096, terminal: (text) => lines.push(text) });
    logger.warn({ client: "a b", port: 7 }, "slow consumer");
    logger.debug("not at this level");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z WARN {2}slow consumer client="a b" port=7$/);
    expect(existsSync(logPath(home))).toBe(true);
  });

  it("shows an error with its stack, and a foreign line as it is", () => {
    const error = JSON.stringify({
      level: 50,
      time: 0,
      msg: "failed",
      err: { message: "m", stack: "Error: m\n    at f" },
    });
    expect(describeLogLine(error)).toBe("1970-01-01T00:00:00.000Z ERROR failed err=\n  Error: m\n      at f");
    expect(describeLogLine("plain text\n")).toBe("plain text");
  });
});
