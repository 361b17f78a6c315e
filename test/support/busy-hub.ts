/** A hub with many stub editors and agents that work: what the dashboard and `godot-hub top` are looked at with. */
import { setTimeout as pause } from "node:timers/promises";
import { WireError } from "../../protocol/errors.ts";
import { LocalHub } from "./local-hub.ts";
import type { ProtocolClient } from "./protocol-client.ts";
import { seeded } from "./random.ts";

const PROJECTS = [
  "platformer",
  "space-trader",
  "ui-kit",
  "dungeon",
  "racing",
  "farm-sim",
  "card-game",
  "tower-defence",
];
const COMMANDS = ["scene.get_tree", "node.get_properties", "script.read", "node.set_properties", "editor.get_state"];
const random = seeded();
const AGENTS = ["claude-code", "codex", "cursor", "gemini-cli"];

export interface Crowd {
  instances: number;
  agents: number;
}

/** A busy hub; `stop` ends the work, `dispose` the hub. */
export class BusyHub {
  readonly hub: LocalHub;
  readonly agents: readonly ProtocolClient[];
  #isWorking = false;
  #work: Promise<unknown> = Promise.resolve();

  private constructor(hub: LocalHub, agents: readonly ProtocolClient[]) {
    this.hub = hub;
    this.agents = agents;
  }

  /** Starts a hub with that many editors, and agents that are bound to them in turn. */
  static async start({ instances, agents }: Crowd): Promise<BusyHub> {
    const hub = await LocalHub.start({ maxConnections: 1_000, maxConnectionsPerAddress: 1_000 });
    const names = Array.from({ length: instances }, (_, index) => projectName(index));
    await Promise.all(names.map((project) => hub.editor({ project, handlers: handlers(), readOnly: COMMANDS })));
    const crowd = await Promise.all(
      Array.from({ length: agents }, (_, index) => {
        const project = projectName(index % instances);
        const agent = { name: AGENTS[index % AGENTS.length] ?? "agent", version: "1.0" };
        return hub.adapter({ identify: { agent, project: { name: project, path: `/projects/${project}` } } });
      }),
    );
    return new BusyHub(hub, crowd);
  }

  /** Each agent asks something every `everyMs` on average, until `stop`. */
  work(everyMs: number): void {
    this.#isWorking = true;
    this.#work = Promise.all(this.agents.map((agent, index) => this.#keepAsking(agent, index, everyMs)));
  }

  async stop(): Promise<void> {
    this.#isWorking = false;
    await this.#work;
  }

  async dispose(): Promise<void> {
    await this.stop();
    await this.hub.dispose();
  }

  async #keepAsking(agent: ProtocolClient, index: number, everyMs: number): Promise<void> {
    for (let round = index; this.#isWorking && agent.isOpen; round += 1) {
      const command = round % 37 === 0 ? "script.validate" : (COMMANDS[round % COMMANDS.length] ?? "scene.get_tree");
      const resources = [`scene:res://levels/level_${index % 7}.tscn`];
      await agent.request(command, {}, { resources, deadlineMs: 5_000 }).catch(() => undefined);
      await pause(everyMs * (0.5 + random()));
    }
  }
}

function projectName(index: number): string {
  const name = PROJECTS[index % PROJECTS.length] ?? "game";
  const round = Math.floor(index / PROJECTS.length);
  return round === 0 ? name : `${name}-${round + 1}`;
}

function handlers() {
  const answersSoon = async () => {
    await pause(random() * 12);
    return { ok: true };
  };
  const fails = () => {
    throw new WireError("NOT_FOUND", "No script 'res://player/dash.gd' in this project.");
  };
  return { ...Object.fromEntries(COMMANDS.map((name) => [name, answersSoon])), "script.validate": fails };
}
