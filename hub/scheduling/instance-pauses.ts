/**
 * Which editors take no commands, because a person wants it so: at the dashboard, the command line, or the dock in the editor.
 * It is one state, kept here, and each editor shows it as its own.
 */
import { z } from "zod";
import { encodeNotification } from "../../protocol/codec.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { Instance } from "../clients/instance.ts";
import type { EventNotification } from "../connections/incoming.ts";
import type { Scheduler } from "./scheduler.ts";

/** The reason that agents get when the person gives none. */
const PAUSE_REASON = "A person has paused this editor.";
const MAX_REASON_LENGTH = 500;

/** Data of an `instance.pause` event: a person wants it at the editor. */
const pauseReportSchema = z.object({ paused: z.boolean(), reason: z.string().max(MAX_REASON_LENGTH).optional() });

/** Whose commands are held back. */
interface InstancePausesOptions {
  registry: ClientRegistry;
  scheduler: Scheduler;
}

/** Pauses editors with the games that they play, and tells the editors. */
export class InstancePauses {
  readonly #options: InstancePausesOptions;

  constructor(options: InstancePausesOptions) {
    this.#options = options;
  }

  /** Keeps commands from `instance` and from the games that it plays, or lets them through. */
  set(instance: Instance, paused: boolean, reason = ""): void {
    const { registry } = this.#options;
    const games = registry.instances.filter((each) => each.isPlayedBy(instance));
    for (const each of [instance, ...games]) this.#hold(each, paused, reason || PAUSE_REASON);
    this.#tell(instance);
  }

  /** An editor may report that a person at it wants a pause, or its end. */
  onReport(instance: Instance, { event, data }: EventNotification): void {
    if (event !== "instance.pause" || !instance.isEditor) return;
    const wish = pauseReportSchema.safeParse(data);
    if (wish.success) this.set(instance, wish.data.paused, wish.data.reason);
  }

  /** An editor that connects while it is paused hears of it; a game that begins in a paused editor is paused with it. */
  onArrived(instance: Instance): void {
    const editor = this.#options.registry.instances.find((each) => instance.isPlayedBy(each));
    if (editor?.pauseReason !== undefined) this.#hold(instance, true, editor.pauseReason);
    if (instance.pauseReason !== undefined) this.#tell(instance);
  }

  #hold(instance: Instance, paused: boolean, reason: string): void {
    const { scheduler } = this.#options;
    if (paused) scheduler.pause(instance, reason);
    else scheduler.resume(instance);
  }

  /** Also what it has asked for itself: of two people who press at the same moment, the one whom the hub heard last is shown everywhere. */
  #tell(instance: Instance): void {
    if (!instance.isEditor) return;
    const { pauseReason } = instance;
    const data = { paused: pauseReason !== undefined, reason: pauseReason ?? "" };
    instance.send(encodeNotification("event", { event: "hub.instance_paused", data }));
  }
}
