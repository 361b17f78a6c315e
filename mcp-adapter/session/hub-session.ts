/** What a tool call asks of the hub: commands for the instance that this session means, and the hub's own methods. */

import { z } from "zod";
import { CommandError } from "../../hub-client/client-errors.ts";
import type { Identity } from "../../hub-client/hub-connection.ts";
import type { HubLink } from "../../hub-client/hub-link.ts";
import type { Answer, Patience, RequestContent } from "../../hub-client/pending-request.ts";
import { stateDirectory } from "../../hub-client/state-dir.ts";
import { isGameCommand } from "../../protocol/commands/game.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { HUB_METHODS, type HubMethod, type HubParams, type InstanceInfo } from "../../protocol/hub-methods.ts";
import type { CustomCommand } from "../../protocol/messages.ts";
import { meansCurrentScene, resourcesOf } from "../../protocol/resources.ts";
import { Jobs } from "./jobs.ts";
import { CurrentScenes, isShareable, SendingOrder, TargetEpochs } from "./request-routing.ts";
import type { TargetBinding } from "./target-binding.ts";
import { WhichEditor } from "./which-editor.ts";

type HubAnswer<M extends HubMethod> = z.infer<(typeof HUB_METHODS)[M]["result"]>;

type Params = Record<string, unknown>;

/** What the session's current scene is read from. */
const openScenes = z.looseObject({ current: z.string().nullable() });

/** Long enough for a hub that answers at all. */
const REBIND_PATIENCE_MS = 10_000;

export interface HubSessionOptions {
  readonly link: Pick<HubLink, "request" | "generation" | "isConnected">;
  /** What the session is bound to by flags, variables or folders; looked for once. */
  readonly binding: () => TargetBinding | undefined;
  /** State directory. */
  readonly home?: string;
  /** The variable GODOT. */
  readonly godot?: string | undefined;
  /** `use` has been called: what the session works on may be another instance now. */
  readonly onUsed?: () => void;
}

export class HubSession {
  /** State directory, where what is worth keeping is kept. */
  readonly home: string;
  /** The variable GODOT of this process. */
  readonly godot: string | undefined;
  /** Calls that outlasted what the AI client waits for. */
  readonly jobs = new Jobs();
  readonly whichEditor = new WhichEditor();
  readonly #link: HubSessionOptions["link"];
  readonly #findBinding: HubSessionOptions["binding"];
  readonly #onUsed: () => void;
  readonly #epochs: TargetEpochs;
  readonly #scenes: CurrentScenes;
  readonly #order = new SendingOrder();
  #binding: { found: TargetBinding | undefined } | undefined;
  /** The instance that `hub_use` chose. */
  #chosen: InstanceInfo | undefined;

  constructor({ link, binding, home = stateDirectory(), godot, onUsed = () => {} }: HubSessionOptions) {
    this.home = home;
    this.godot = godot;
    this.#link = link;
    this.#findBinding = binding;
    this.#onUsed = onUsed;
    this.#epochs = new TargetEpochs((target, patience) => this.#resolve(target, patience));
    this.#scenes = new CurrentScenes((target, patience) => this.#askCurrentScene(target, patience));
  }

  get isConnected(): boolean {
    return this.#link.isConnected;
  }

  /** What the session is bound to without `hub_use`. */
  get binding(): TargetBinding | undefined {
    this.#binding ??= { found: this.#findBinding() };
    return this.#binding.found;
  }

  get chosen(): InstanceInfo | undefined {
    return this.#chosen;
  }

  /** What `identify` says of the binding. */
  get introduction(): Pick<Identity, "project"> {
    const { binding } = this;
    return binding?.kind === "project" ? { project: { name: binding.name, path: binding.path } } : {};
  }

  /** Runs a command. @param target Instead of what the session is bound to. */
  command(method: string, params: Params, patience: Patience, target?: string): Promise<Answer> {
    return this.#following(patience, target, () => this.#command(method, params, patience, target));
  }

  async #command(method: string, params: Params, patience: Patience, target?: string): Promise<Answer> {
    const found = await this.#epochs.of(target ?? this.#defaultTarget, this.#link.generation, patience);
    // What was chosen may have been found under another id meanwhile.
    const meant = target ?? this.#defaultTarget;
    const epoch = isGameCommand(method) ? this.#epochs.known(gameOf(meant), this.#link.generation) : found;
    return this.#order.take(meant ?? "", async () => {
      const routing = await this.#routing(method, params, patience, meant);
      const answer = this.#send(
        {
          method,
          params,
          ...(meant !== undefined && { target: meant }),
          ...(epoch !== undefined && { epoch }),
          ...routing,
        },
        patience,
      );
      return () => answer;
    });
  }

  async #send(content: RequestContent, patience: Patience): Promise<Answer> {
    const { method, params = {}, target } = content;
    this.#scenes.expect(target, method, params);
    try {
      const answer = await this.#link.request(content, patience);
      const asked = isGameCommand(method) ? gameOf(target) : target;
      this.#epochs.learn(asked, answer.instance?.epoch, this.#link.generation);
      this.#scenes.learn(target, method, params, answer.result);
      patience.onAnswer?.(answer);
      return answer;
    } catch (error) {
      if (error instanceof CommandError) this.#scenes.doubt(target, method, error.kind);
      throw error;
    }
  }

  /** What the hub is told of a command so that it need not read its params. */
  async #routing(method: string, params: Params, patience: Patience, target: string | undefined) {
    const command = COMMANDS.get(method);
    if (!command) return {};
    if (command.readOnly) return isShareable(command, params) ? { shareable: true } : {};
    const scene = meansCurrentScene(command, params) ? await this.#scenes.of(target, patience) : undefined;
    const resources = resourcesOf(command, params, scene);
    return resources ? { resources } : {};
  }

  async #askCurrentScene(target: string | undefined, patience: Patience): Promise<string | null> {
    const content = { method: "scene.list_open", params: {}, ...(target !== undefined && { target }) };
    const { result } = await this.#link.request(content, patience);
    return openScenes.parse(result).current;
  }

  /** Asks the hub itself, for whoever takes the answer as it comes. */
  async askHub(method: HubMethod, params: Params, patience: Patience): Promise<unknown> {
    return (await this.#link.request({ method, params }, patience)).result;
  }

  /** Asks the hub itself. */
  async hub<M extends HubMethod>(method: M, params: HubParams<M>, patience: Patience): Promise<HubAnswer<M>> {
    const { result } = await this.#link.request({ method, params }, patience);
    return HUB_METHODS[method].result.parse(result) as HubAnswer<M>;
  }

  /** Binds the session to `target`; undefined: back to what flags, variables or folders say. */
  async use(target: string | undefined, patience: Patience): Promise<InstanceInfo | undefined> {
    const { instance } = await this.hub("hub.bind_target", { target: target ?? this.#namedTarget ?? null }, patience);
    this.#chosen = target === undefined ? undefined : (instance ?? undefined);
    this.#onUsed();
    return instance ?? undefined;
  }

  /** The instance that a command to `target` would reach. */
  instance(patience: Patience, target = this.#defaultTarget): Promise<InstanceInfo> {
    return this.#resolve(target, patience);
  }

  /** Commands that the project behind `target`, or behind what the session is bound to, registered itself. */
  customCommands(patience: Patience, named?: string): Promise<CustomCommand[]> {
    return this.#following(patience, named, async () => {
      const target = named ?? this.#defaultTarget;
      const { commands } = await this.hub("hub.list_commands", target === undefined ? {} : { target }, patience);
      return commands;
    });
  }

  /** Tells a hub that may be a new one what the session is bound to. Requests name their target all the same. */
  rebind(): void {
    if (this.#defaultTarget === undefined) return;
    const patience = { deadlineAt: performance.now() + REBIND_PATIENCE_MS };
    const bind = () =>
      this.#link.request({ method: "hub.bind_target", params: { target: this.#defaultTarget } }, patience);
    this.#following(patience, undefined, bind).catch(() => {});
  }

  get #namedTarget(): string | undefined {
    return this.binding?.kind === "named" ? this.binding.target : undefined;
  }

  /** What a request without a target of its own names; undefined: the hub knows it from `identify.project`. */
  get #defaultTarget(): string | undefined {
    return this.#chosen?.id ?? this.#namedTarget;
  }

  /** Asks again where the chosen editor has gone and another one has its project open; `target` is what the caller named instead. */
  async #following<T>(patience: Patience, target: string | undefined, ask: () => Promise<T>): Promise<T> {
    const chosen = this.#chosen;
    try {
      return await ask();
    } catch (error) {
      if (target !== undefined || !chosen || !isUnknownTarget(error)) throw error;
      if (this.#chosen === chosen) await this.#resolve(chosen.id, patience);
      return ask();
    }
  }

  async #resolve(target: string | undefined, patience: Patience): Promise<InstanceInfo> {
    const chosen = this.#chosen;
    try {
      return await this.#ask(target, patience);
    } catch (error) {
      if (!chosen || target !== chosen.id || !isUnknownTarget(error)) throw error;
      const path = chosen.project?.path;
      // Nobody has seen the id that was asked for.
      if (path === undefined) return await this.#ask(chosen.name, patience);
      // Its editor may have come back under another id: the same folder is the same project.
      this.#chosen = await this.#ask(path, patience);
      return this.#chosen;
    }
  }

  async #ask(target: string | undefined, patience: Patience): Promise<InstanceInfo> {
    return (await this.hub("hub.resolve_target", target === undefined ? {} : { target }, patience)).instance;
  }
}

function isUnknownTarget(error: unknown): boolean {
  return error instanceof CommandError && error.kind === "TARGET_NOT_FOUND";
}

/** Under which name the epoch of the game is kept that a command to `target` reaches: it is another process than the editor. */
function gameOf(target: string | undefined): string {
  return `game of ${target ?? ""}`;
}
