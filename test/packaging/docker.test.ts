/** Dockerfile and docker-compose.yml: what they promise, and the image's own command run here with the image's own files. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Copy, DockerfileParser, type Instruction } from "dockerfile-ast";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readHubFile } from "../../hub-client/state-dir.ts";
import { DEFAULT_PORT, DRAIN_TIMEOUT_MS } from "../../protocol/timing.ts";
import { temporaryFolder } from "../hub/cli/command-line.ts";
import { environment } from "../support/hub-process.ts";
import { until } from "../support/wait.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TOKEN = "0123456789abcdef0123456789abcdef";

const dockerfile = DockerfileParser.parse(readFileSync(join(ROOT, "Dockerfile"), "utf8"));
/** Instructions of the stage that the image is made of. */
const image = lastStage(dockerfile.getInstructions());

function lastStage(instructions: Instruction[]): Instruction[] {
  return instructions.slice(instructions.map((each) => each.getKeyword()).lastIndexOf("FROM"));
}

function instruction(keyword: string): Instruction {
  const found = image.find((each) => each.getKeyword() === keyword);
  if (!found) throw new Error(`The image has no ${keyword}.`);
  return found;
}

/** The words of `["a", "b"]` after a keyword. */
function words(each: Instruction): string[] {
  const text = each.getArgumentsContent() ?? "";
  return z.array(z.string()).parse(JSON.parse(text.slice(text.indexOf("["))));
}

function imageEnvironment(): Record<string, string> {
  const properties = dockerfile.getENVs().flatMap((env) => env.getProperties());
  return Object.fromEntries(properties.map((each) => [each.getName(), each.getValue() ?? ""]));
}

/** What every stage is made of, as the first lines say. */
function baseImage(): string {
  const [argument] = dockerfile.getInitialARGs().map((each) => each.getProperty());
  return argument?.getName() === "NODE" ? (argument.getValue() ?? "") : "";
}

function imageCopies(): Copy[] {
  const start = image[0]?.getRange()?.start.line ?? 0;
  return dockerfile.getCOPYs().filter((copy) => (copy.getRange()?.start.line ?? 0) > start);
}

/** A folder with what the image's COPY instructions put into it. The bundle's optional packages are left out. */
function imageFolder(): string {
  const folder = temporaryFolder();
  for (const copy of imageCopies()) {
    const paths = copy.getArguments().map((argument) => argument.getValue());
    const to = paths.pop() ?? "";
    for (const from of paths.map((path) => path.replace(/^\/build\//, "")).filter((path) => path !== "runtime")) {
      cpSync(join(ROOT, from), join(folder, to === "./" ? from : to), { recursive: true });
    }
  }
  return folder;
}

interface Container {
  home: string;
  run(command: string[], env?: Record<string, string>): ChildProcess;
}

/** The image's files and environment on this machine, with a state directory and a port of the test's own. */
function container(): Container {
  const cwd = imageFolder();
  const home = join(temporaryFolder(), "state");
  const base = { ...environment(), ...imageEnvironment(), GODOT_HUB_HOME: home, GODOT_HUB_PORT: "0" };
  const run: Container["run"] = ([program = "", ...args], env = {}) => {
    const child = spawn(program, args, { cwd, env: { ...base, ...env }, stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  };
  return { home, run };
}

async function exitCode(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, "exit");
  return code;
}

describe("Dockerfile", () => {
  it("builds in one stage and runs in another, as a user without rights", () => {
    expect(dockerfile.getFROMs().map((from) => from.getImage())).toEqual([
      expect.stringMatching(/^\$\{NODE\}$/),
      expect.stringMatching(/^\$\{NODE\}$/),
    ]);
    expect(instruction("USER").getArgumentsContent()).toBe("node");
    const order = image.map((each) => each.getKeyword());
    expect(order.indexOf("USER")).toBeLessThan(order.indexOf("CMD"));
    expect(order.lastIndexOf("RUN")).toBeLessThan(order.indexOf("USER"));
  });

  it("is made of one exact image, with a Node for the long term on which the built programs are tried", () => {
    const [, tag, major] = /^node:((\d+)\.\d+\.\d+-[a-z]+-slim)@sha256:[0-9a-f]{64}$/.exec(baseImage()) ?? [];
    expect(tag, baseImage()).toBeDefined();
    // Odd ones never are; 20 has ended.
    expect(Number(major) % 2).toBe(0);
    expect(Number(major)).toBeGreaterThanOrEqual(24);
    const tried = readFileSync(join(ROOT, "test/packaging/node-versions.long.test.ts"), "utf8");
    const [, versions = ""] = /describe\.each\(\[([\d, ]+)\]\)/.exec(tried) ?? [];
    expect(versions.split(", ")).toContain(major);
  });

  it("keeps the state in a volume that only that user can read", () => {
    expect(instruction("VOLUME").getArgumentsContent()).toBe(imageEnvironment().GODOT_HUB_HOME);
    expect(instruction("RUN").getArgumentsContent()).toContain("--owner=node --group=node --mode=0700 /state");
  });

  it("exposes the port that the hub listens on", () => {
    expect(instruction("EXPOSE").getArgumentsContent()).toBe(String(DEFAULT_PORT));
    expect(imageEnvironment()).toMatchObject({ GODOT_HUB_HOST: "0.0.0.0", GODOT_HUB_PORT: String(DEFAULT_PORT) });
  });

  it("starts node itself, so that signals reach the hub", () => {
    expect(words(instruction("CMD"))[0]).toBe("node");
  });

  it("copies only what .dockerignore lets through", () => {
    const allowed = readFileSync(join(ROOT, ".dockerignore"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("!"));
    for (const line of allowed) expect(existsSync(join(ROOT, line.slice(1))), line).toBe(true);
    const fromContext = imageCopies().filter((copy) => copy.getFromFlag() === null);
    const sources = fromContext.flatMap((copy) =>
      copy
        .getArguments()
        .slice(0, -1)
        .map((one) => one.getValue()),
    );
    expect(allowed.map((line) => line.slice(1))).toEqual(expect.arrayContaining(sources));
  });
});

describe("the image's command", () => {
  const command = words(instruction("CMD"));
  const check = words(instruction("HEALTHCHECK"));

  it("does not start without a token that was given", async () => {
    expect(await exitCode(container().run(command))).toBe(2);
  });

  it("serves, is found healthy with the same environment, and stops on SIGTERM with 0", async () => {
    const { home, run } = container();
    const env = { GODOT_HUB_TOKEN: TOKEN };
    const hub = run(command, env);
    const ended = exitCode(hub);
    const file = await until(() => readHubFile(home), { what: "hub.json", deadlineMs: 30_000 });
    // What listens everywhere is reached on loopback from inside.
    expect(file.url).toBe(`ws://127.0.0.1:${file.port}`);
    expect(await exitCode(run(check, env))).toBe(0);
    hub.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(await exitCode(run(check, env))).toBe(1);
  });

  it("starts again on the volume of a container that was killed", async () => {
    const { home, run } = container();
    const env = { GODOT_HUB_TOKEN: TOKEN };
    const first = run(command, env);
    const left = await until(() => readHubFile(home), { what: "hub.json", deadlineMs: 30_000 });
    first.kill("SIGKILL");
    await once(first, "exit");
    const second = run(command, env);
    await until(() => readHubFile(home)?.startedAt !== left.startedAt, { what: "a new hub.json", deadlineMs: 30_000 });
    expect(await exitCode(run(check, env))).toBe(0);
    second.kill("SIGTERM");
  });
});

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      restart: z.string(),
      environment: z.record(z.string(), z.string()),
      ports: z.array(z.string()),
      volumes: z.array(z.string()),
      stop_grace_period: z.string(),
      healthcheck: z.object({ test: z.array(z.string()) }),
      mem_limit: z.string(),
      memswap_limit: z.string(),
      pids_limit: z.number().int(),
      read_only: z.boolean(),
      cap_drop: z.array(z.string()),
      security_opt: z.array(z.string()),
    }),
  ),
  volumes: z.record(z.string(), z.unknown()),
});

describe("docker-compose.yml", () => {
  const compose = composeSchema.parse(parse(readFileSync(join(ROOT, "docker-compose.yml"), "utf8")));
  const service = compose.services["godot-hub"];

  it("asks for a token, and reaches no further than this machine", () => {
    expect(service?.environment.GODOT_HUB_TOKEN).toMatch(/^\$\{GODOT_HUB_TOKEN:\?/);
    expect(service?.ports).toEqual([expect.stringMatching(new RegExp(`^127\\.0\\.0\\.1:.*:${DEFAULT_PORT}$`))]);
  });

  it("keeps the state, restarts the hub, and gives it the time to drain", () => {
    expect(service?.volumes).toEqual(["state:/state"]);
    expect(Object.keys(compose.volumes)).toEqual(["state"]);
    expect(service?.restart).toBe("unless-stopped");
    expect(Number.parseInt(service?.stop_grace_period ?? "", 10) * 1_000).toBeGreaterThan(2 * DRAIN_TIMEOUT_MS);
  });

  it("checks health as the image does, and gives away no rights", () => {
    expect(service?.healthcheck.test).toEqual(["CMD", ...words(instruction("HEALTHCHECK"))]);
    expect(service).toMatchObject({ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] });
  });

  it("bounds memory, without swap to hide it, and processes", () => {
    expect(service?.mem_limit).toMatch(/^\$\{GODOT_HUB_MEMORY:-\d+[mg]\}$/);
    expect(service?.memswap_limit).toBe(service?.mem_limit);
    expect(service?.pids_limit).toBeLessThanOrEqual(256);
  });

  it("sets only variables that are options", async () => {
    const { OPTION_LIST, variableName } = await import("../../hub/config-options.ts");
    const known = ["GODOT_HUB_TOKEN", ...OPTION_LIST.map(([name]) => variableName(name))];
    expect(known).toEqual(expect.arrayContaining(Object.keys(service?.environment ?? {})));
  });
});
