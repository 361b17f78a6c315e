/**
 * Writes whose effects are counted in the editor: each sets a property of a tool script, whose setter appends a line to a file. What a dead
 * editor did stays there.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { GodotEditor } from "../support/godot-editor.ts";
import { type McpClient, startMcpClient } from "../support/mcp-client.ts";
import { until } from "../support/wait.ts";
import { scenePath } from "./scenes.ts";

/** Calls that one session has in flight. */
const CALLS_AT_A_TIME = 3;
/** How long a session takes to think about an error. */
const AFTER_ERROR_MS = 100;
/** Budget of a call: an editor may have to start in it. */
const DEADLINE_MS = 120_000;
const CALL_TIMEOUT_MS = DEADLINE_MS + 60_000;

const EFFECTS = ".effects";
const SCRIPT = `@tool
extends Node

@export var mark: String:
	set(value):
		mark = value
		if value.is_empty():
			return
		if not FileAccess.file_exists("res://${EFFECTS}"):
			FileAccess.open("res://${EFFECTS}", FileAccess.WRITE).close()
		var file := FileAccess.open("res://${EFFECTS}", FileAccess.READ_WRITE)
		file.seek_end()
		file.store_line(value)
		file.close()
`;

/** Files of a project with `count` scenes in which marks can be set. */
export function markedScenes(count: number): Record<string, string> {
  const scene = (index: number) =>
    `[gd_scene load_steps=2 format=3]

[ext_resource type="Script" path="res://mark.gd" id="1"]

[node name="Scene${index}" type="Node"]
script = ExtResource("1")
`;
  const scenes = Array.from({ length: count }, (_, index) => [`scene_${index}.tscn`, scene(index)] as const);
  return { "mark.gd": SCRIPT, ...Object.fromEntries(scenes) };
}

/** Every mark that was set in the project, in the order of setting. */
export function effectsIn({ project }: GodotEditor): string[] {
  return readFileSync(join(project, EFFECTS), "utf8").split("\n").filter(Boolean);
}

/** How a call ended. */
export interface Outcome {
  /** `ok`, the kind of an error, or `lost`: its adapter was killed. */
  readonly kind: string;
  /** How often the write may have been carried out. */
  readonly atLeast: 0 | 1;
  readonly atMost: 0 | 1;
}

/** An AI client that sets one mark after another through an adapter that may be killed. */
export class MarkingSession {
  /** By mark, in the order of asking. */
  readonly outcomes = new Map<string, Outcome | undefined>();
  /** What no fault explains. */
  readonly surprises: string[] = [];
  readonly #home: string;
  readonly #name: string;
  readonly #params: { readonly target: string; readonly scene: string };
  #mcp: McpClient;
  #isKilled = false;
  #isStopped = false;
  #succeeded = 0;
  #work: Promise<unknown> = Promise.resolve();

  private constructor(home: string, name: string, params: { target: string; scene: string }, mcp: McpClient) {
    this.#home = home;
    this.#name = name;
    this.#params = params;
    this.#mcp = mcp;
  }

  static async start(home: string, name: string, target: string, scene: number): Promise<MarkingSession> {
    return new MarkingSession(home, name, { target, scene: scenePath(scene) }, await startAdapter(home, name));
  }

  /** Calls that succeeded so far. */
  get succeeded(): number {
    return this.#succeeded;
  }

  begin(): void {
    this.#work = Promise.all(Array.from({ length: CALLS_AT_A_TIME }, () => this.#setMarks()));
  }

  /** Asks nothing more and waits for every answer. */
  async end(): Promise<void> {
    this.#isStopped = true;
    await this.#work;
  }

  close(): Promise<void> {
    return this.#mcp.close();
  }

  signalAdapter(signal: NodeJS.Signals): void {
    if (signal === "SIGKILL") this.#isKilled = true;
    process.kill(this.#mcp.pid, signal);
  }

  /** Starts the adapter again that was killed. */
  async restartAdapter(): Promise<void> {
    this.#mcp = await startAdapter(this.#home, this.#name);
    this.#isKilled = false;
  }

  async #setMarks(): Promise<void> {
    while (!this.#isStopped) {
      const mark = `${this.#name}_${this.outcomes.size}`;
      this.outcomes.set(mark, undefined);
      const outcome = await this.#set(mark);
      this.outcomes.set(mark, outcome);
      if (outcome.kind === "ok") this.#succeeded += 1;
      else await pause(AFTER_ERROR_MS);
      await until(() => !this.#isKilled, {
        what: "an adapter in place of the killed one",
        deadlineMs: CALL_TIMEOUT_MS,
      });
    }
  }

  async #set(mark: string): Promise<Outcome> {
    const { target, scene } = this.#params;
    const params = { scene, path: ".", properties: { mark } };
    const args = { command: "node.set_properties", target, params };
    const { client } = this.#mcp;
    try {
      const options = { timeout: CALL_TIMEOUT_MS };
      const result = await client.callTool({ name: "command_run", arguments: args }, undefined, options);
      return outcomeOf(result as CallToolResult);
    } catch (error) {
      if (!this.#isKilled && client === this.#mcp.client) this.surprises.push(`${mark}: ${String(error)}`);
      return { kind: "lost", atLeast: 0, atMost: 1 };
    }
  }
}

function outcomeOf({ isError, structuredContent }: CallToolResult): Outcome {
  if (!isError) return { kind: "ok", atLeast: 1, atMost: 1 };
  const kind = String(structuredContent?.kind);
  const isUnsure = kind === "OUTCOME_UNKNOWN" || (kind === "TIMEOUT" && structuredContent?.dispatched !== false);
  return { kind, atLeast: 0, atMost: isUnsure ? 1 : 0 };
}

function startAdapter(home: string, name: string): Promise<McpClient> {
  return startMcpClient({ home, name, cwd: home, args: ["--no-launch", "--deadline-ms", String(DEADLINE_MS)] });
}
