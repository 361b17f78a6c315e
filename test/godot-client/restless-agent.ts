/** Runs an agent that never pauses: mixed commands on its files and scenes, with checks of the disk after each answer. */
import { randomUUID } from "node:crypto";
import type { GodotEditor } from "../support/godot-editor.ts";
import type { Random } from "../support/random.ts";
import { CommandError, type StubHub } from "../support/stub-hub.ts";

type Params = Record<string, unknown>;

/** A scene as the agent has left it: the nodes that are in it now, and what undoing and redoing would do to them. */
interface Scene {
  readonly path: string;
  readonly nodes: Set<string>;
  readonly done: string[];
  readonly undone: string[];
}

/** Most scenes that one agent keeps open. */
const MOST_SCENES = 4;
/** Folders that one agent writes to; new files first go to a new folder. */
const MOST_FOLDERS = 12;
/** A command waits for those before it, on a machine that does much else. */
const DEADLINE_MS = 180_000;
const SOMEBODY_ELSES_SCENE = "res://game/level.tscn";

export class RestlessAgent {
  /** Text by path below res://, of everything that must be on disk; a scene's text is not known. */
  readonly files = new Map<string, string>();
  readonly scenes: Scene[] = [];
  /** Nodes of scenes that were saved and closed, by the scene's path. */
  readonly closed = new Map<string, Set<string>>();
  /** How often each command was answered. */
  readonly counts = new Map<string, number>();
  readonly #hub: StubHub;
  readonly #editor: GodotEditor;
  readonly #name: string;
  readonly #random: Random;
  #number = 0;

  constructor(hub: StubHub, editor: GodotEditor, name: string, random: Random) {
    this.#hub = hub;
    this.#editor = editor;
    this.#name = name;
    this.#random = random;
  }

  /** Sends `count` commands, `window` of them at a time, and waits for all answers. */
  async work(count: number, window: number): Promise<void> {
    const asked = new Set<Promise<void>>();
    while (this.#number < count || asked.size > 0) {
      while (this.#number < count && asked.size < window) {
        const next = this.#next().finally(() => asked.delete(next));
        asked.add(next);
      }
      await Promise.race(asked);
    }
  }

  /** Plays a scene and stops it. */
  async play(): Promise<void> {
    await this.#ask("run.play", { scene: SOMEBODY_ELSES_SCENE });
    await this.#ask("run.stop", {});
  }

  /** The next command. Its effect is noted at once: an agent's commands are carried out in its order. */
  #next(): Promise<void> {
    this.#number += 1;
    const scene = this.#pick(this.scenes);
    const moves: (() => Promise<void>)[] = [() => this.#createScript(), () => this.#createResource()];
    if (this.scenes.length < MOST_SCENES) moves.push(() => this.#createScene());
    if (scene)
      moves.push(
        () => this.#addNode(scene),
        () => this.#addNode(scene),
        () => this.#save(scene),
        () => this.#undo(scene),
        () => this.#redo(scene),
        () => this.#look(scene),
      );
    if (scene && this.#random() < 0.3) moves.push(() => this.#close(scene));
    if (this.files.size > 0)
      moves.push(
        () => this.#move(),
        () => this.#editScript(),
      );
    if (this.#random() < 0.2)
      moves.push(
        () => this.#importPicture(),
        () => this.#ask("scene.save_all", {}),
      );
    const move = this.#pick(moves);
    return move ? move() : Promise.resolve();
  }

  #createScript(): Promise<void> {
    const path = this.#path("gd");
    const source = `extends Node2D\n\nvar number := ${this.#number}\n`;
    this.files.set(path, source);
    return this.#ask("script.create", { path: `res://${path}`, source });
  }

  #editScript(): Promise<void> {
    const path = this.#pick([...this.files.keys()].filter((file) => file.endsWith(".gd")));
    if (!path) return this.#createScript();
    const source = `extends Node2D\n\nvar again := ${this.#number}\n`;
    this.files.set(path, source);
    return this.#ask("script.edit", { path: `res://${path}`, source });
  }

  #createResource(): Promise<void> {
    const path = this.#path("tres");
    this.files.set(path, "");
    return this.#ask("resource.create", { path: `res://${path}`, type: "Gradient" });
  }

  /** A move takes long: other commands overtake it, so that the file stands for nothing until it is answered. */
  async #move(): Promise<void> {
    const path = this.#pick([...this.files.keys()].filter((file) => file.endsWith(".tres")));
    if (!path) return this.#createResource();
    const to = this.#path("tres");
    this.files.delete(path);
    await this.#ask("resource.move", { path: `res://${path}`, to: `res://${to}` });
    this.files.set(to, "");
  }

  #createScene(): Promise<void> {
    const path = this.#path("tscn");
    this.scenes.push({ path, nodes: new Set(), done: [], undone: [] });
    return this.#ask("scene.create", { path: `res://${path}`, rootType: "Node2D", rootName: "Root" });
  }

  #addNode(scene: Scene): Promise<void> {
    const name = `N${this.#number}`;
    scene.nodes.add(name);
    scene.done.push(name);
    scene.undone.length = 0;
    return this.#ask("node.add", { scene: `res://${scene.path}`, type: "Sprite2D", name });
  }

  #undo(scene: Scene): Promise<void> {
    const name = scene.done.pop();
    if (name === undefined) return this.#addNode(scene);
    scene.nodes.delete(name);
    scene.undone.push(name);
    return this.#ask("editor.undo", { scene: `res://${scene.path}` });
  }

  #redo(scene: Scene): Promise<void> {
    const name = scene.undone.pop();
    if (name === undefined) return this.#look(scene);
    scene.nodes.add(name);
    scene.done.push(name);
    return this.#ask("editor.redo", { scene: `res://${scene.path}` });
  }

  #save(scene: Scene): Promise<void> {
    return this.#ask("scene.save", { scene: `res://${scene.path}` });
  }

  async #close(scene: Scene): Promise<void> {
    this.scenes.splice(this.scenes.indexOf(scene), 1);
    this.closed.set(scene.path, scene.nodes);
    const saved = this.#save(scene);
    await Promise.all([saved, this.#ask("scene.close", { scene: `res://${scene.path}` })]);
  }

  async #look(scene: Scene): Promise<void> {
    await this.#ask("scene.get_tree", { scene: `res://${scene.path}` });
  }

  /** A picture comes from outside, and the editor imports it. */
  async #importPicture(): Promise<void> {
    const path = this.#path("svg");
    const text = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle cx="32" cy="32" r="${this.#number % 32}"/></svg>\n`;
    this.#editor.write(path, text);
    this.files.set(path, text);
    await this.#ask("editor.rescan", {});
  }

  async #ask(method: string, params: Params): Promise<void> {
    try {
      const asking = { id: randomUUID(), clientId: this.#name, agent: this.#name, deadlineMs: DEADLINE_MS };
      await this.#hub.call(method, params, asking);
    } catch (error) {
      const why = error instanceof CommandError ? JSON.stringify(error.error) : String(error);
      throw new Error(
        `${this.#name}: ${method} ${JSON.stringify(params)}: ${why}\n${this.#editor.output.slice(-3_000)}`,
      );
    }
    this.counts.set(method, (this.counts.get(method) ?? 0) + 1);
  }

  #path(extension: string): string {
    return `${this.#name}/f${this.#number % MOST_FOLDERS}/x${this.#number}.${extension}`;
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.#random() * from.length)];
  }
}
