/** Declares the steps that can happen to a hub. Each runs on the model and on the real hub, and then the two are compared. */

import { expect } from "vitest";
import { errorKind } from "../../protocol/errors.ts";
import { fc } from "../support/random.ts";
import { HeldEditor, READ, WRITE } from "./held-editor.ts";
import {
  ADAPTER_PROJECTS,
  type AdapterState,
  EDITOR_PROJECTS,
  type Entry,
  type HubModel,
  pathOf,
} from "./hub-model.ts";
import type { HubWorld } from "./hub-world.ts";

export type Step = fc.AsyncCommand<HubModel, HubWorld>;

/** A step by its name, when it is possible, and what it does. */
function step(
  name: string,
  isPossible: (model: HubModel) => boolean,
  act: (model: HubModel, world: HubWorld) => Promise<void>,
): Step {
  return {
    check: isPossible,
    run: async (model, world) => {
      await act(model, world);
      await world.compare(model);
    },
    toString: () => name,
  };
}

const presenceIn = (model: HubModel, slot: number): Entry["presence"] | undefined =>
  model.editors[slot]?.entry.presence;
const isAdapter = (model: HubModel, slot: number, ...presences: AdapterState["presence"][]): boolean =>
  presences.some((presence) => model.adapters[slot]?.presence === presence);

function setPresence(model: HubModel, slot: number, presence: AdapterState["presence"]): void {
  const adapter = model.adapters[slot];
  if (adapter) adapter.presence = presence;
}

const openEditor = (slot: number, journalled: number): Step =>
  step(
    `editor ${slot} starts, and keeps ${journalled} answers`,
    (model) => model.editors[slot] === undefined,
    async (model, world) => {
      const project = EDITOR_PROJECTS[slot] ?? "a";
      const editor = new HeldEditor(project, journalled);
      const predecessor = model.predecessor(project);
      const id = await world.connectEditor(slot, editor);
      if (predecessor) expect(id).toBe(predecessor.id);
      else expect(model.entries.map((entry) => entry.id)).not.toContain(id);
      model.editorOpened(slot, predecessor ?? { id, project, presence: "present", epoch: editor.epoch }, editor.epoch);
    },
  );

const cutEditor = (slot: number): Step =>
  step(
    `editor ${slot} loses its connection`,
    (model) => presenceIn(model, slot) === "present",
    async (model, world) => {
      world.editor(slot).instance.client.terminate();
      model.editorIn(slot).entry.presence = "away";
    },
  );

export const returnEditor = (slot: number): Step =>
  step(
    `editor ${slot} comes back`,
    (model) => presenceIn(model, slot) === "away",
    async (model, world) => {
      const { entry, epoch } = model.editorIn(slot);
      const isKnown = model.entries.includes(entry);
      // To a hub that has not met it, it may be the next one after an editor of its project that has died.
      const place = isKnown ? entry : (model.predecessor(entry.project) ?? entry);
      expect(await world.connectEditor(slot, world.editor(slot))).toBe(place.id);
      expect(world.editor(slot).instance.identified.resumed).toBe(isKnown);
      model.editorOpened(slot, place, epoch);
    },
  );

const killEditor = (slot: number): Step =>
  step(
    `editor ${slot} dies`,
    (model) => model.editors[slot] !== undefined,
    async (model, world) => {
      const { entry } = model.editorIn(slot);
      await world.editor(slot).kill();
      // A hub that has not met it cannot lose it.
      if (model.entries.includes(entry)) await world.untilLost(entry.id);
      model.editorKilled(slot);
    },
  );

const closeEditor = (slot: number): Step =>
  step(
    `editor ${slot} is closed`,
    (model) => presenceIn(model, slot) === "present",
    async (model, world) => {
      await world.editor(slot).instance.client.close();
      model.editorClosed(slot);
    },
  );

export const endCommand = (slot: number): Step =>
  step(
    `editor ${slot} ends a command`,
    (model) => model.editors[slot] !== undefined,
    async (_model, world) => world.editor(slot).release(),
  );

const openAdapter = (slot: number): Step =>
  step(
    `adapter ${slot} connects`,
    (model) => isAdapter(model, slot, "absent"),
    async (model, world) => {
      await world.connectAdapter(slot, ADAPTER_PROJECTS[slot]);
      setPresence(model, slot, "connected");
    },
  );

const cutAdapter = (slot: number): Step =>
  step(
    `adapter ${slot} loses its connection`,
    (model) => isAdapter(model, slot, "connected"),
    async (model, world) => {
      world.adapter(slot).client.terminate();
      setPresence(model, slot, "away");
    },
  );

const closeAdapter = (slot: number): Step =>
  step(
    `adapter ${slot} says goodbye`,
    (model) => isAdapter(model, slot, "connected"),
    async (model, world) => {
      await world.adapter(slot).client.close();
      model.adapterClosed(slot);
    },
  );

/** With its resume token, and with everything that it has no answer to. */
export const returnAdapter = (slot: number): Step =>
  step(
    `adapter ${slot} comes back`,
    (model) => isAdapter(model, slot, "away", "gone"),
    async (model, world) => {
      await world.connectAdapter(slot, ADAPTER_PROJECTS[slot]);
      setPresence(model, slot, "connected");
      for (const ask of model.unanswered(slot)) {
        model.askedAgain(ask);
        world.send(ask, ask.isRead ? READ : WRITE);
      }
    },
  );

const restartHub: Step = step(
  "the hub dies, and another takes its place",
  () => true,
  async (model, world) => {
    await world.restartHub();
    model.hubDied();
  },
);

/** How a request or a binding may name its target: not at all, an editor slot, or a text. */
type TargetChoice = number | string | undefined;

const targetOf = (model: HubModel, choice: TargetChoice): string | undefined =>
  typeof choice === "number" ? (model.entries[choice]?.id ?? "nowhere") : choice;

interface Wish {
  readonly slot: number;
  readonly choice: TargetChoice;
  readonly isRead: boolean;
  readonly knowsEpoch: boolean;
}

const ask = ({ slot, choice, isRead, knowsEpoch }: Wish): Step =>
  step(
    `adapter ${slot} asks ${choice ?? "no target"} to ${isRead ? "read" : "write"}`,
    (model) => isAdapter(model, slot, "connected"),
    async (model, world) => {
      const target = targetOf(model, choice);
      const found = model.resolve(slot, target);
      const epoch = knowsEpoch && typeof found !== "string" ? found.epoch : undefined;
      const id = `q${model.asks.length}`;
      world.send(model.asked({ id, adapter: slot, isRead, target, epoch }), isRead ? READ : WRITE);
    },
  );

export const cancel = (slot: number, which: number): Step =>
  step(
    `adapter ${slot} cancels request ${which}`,
    (model) => isAdapter(model, slot, "connected") && model.unanswered(slot).length > which,
    async (model, world) => {
      const meant = model.unanswered(slot)[which];
      if (!meant) return;
      if (meant.isRead || meant.begunBy.size === 0 || meant.attempts > 1) meant.allowed.add("CANCELLED");
      world.adapter(slot).client.sendMessage({ jsonrpc: "2.0", method: "cancel", params: { id: meant.id } });
    },
  );

const bind = (slot: number, choice: TargetChoice): Step =>
  step(
    `adapter ${slot} binds to ${choice ?? "nothing"}`,
    (model) => isAdapter(model, slot, "connected"),
    async (model, world) => {
      const adapter = model.adapters[slot];
      const target = targetOf(model, choice) ?? null;
      const found = target === null ? undefined : model.resolve(slot, target);
      const { error } = await world.adapter(slot).client.request("hub.bind_target", { target });
      expect(error && errorKind(error.code)).toBe(typeof found === "string" ? found : undefined);
      if (adapter && typeof found !== "string")
        adapter.binding = found && { entryId: found.id, project: found.project };
    },
  );

const editorSlot = fc.nat(EDITOR_PROJECTS.length - 1);
/** Journals that forget at once, and such that still know the last answers. */
const openingEditor = fc.tuple(editorSlot, fc.nat(2)).map(([slot, journalled]) => openEditor(slot, journalled));
const adapterSlot = fc.nat(ADAPTER_PROJECTS.length - 1);
const choice: fc.Arbitrary<TargetChoice> = fc.oneof(
  fc.constant(undefined),
  fc.nat(2),
  fc.constantFrom("a", "b", pathOf("a"), pathOf("b"), "nowhere"),
);

/** Steps of all kinds; those that make work are listed more than once, so that there is some when a fault comes. */
export const STEPS: fc.Arbitrary<Step>[] = [
  openingEditor,
  openingEditor,
  editorSlot.map(cutEditor),
  editorSlot.map(returnEditor),
  editorSlot.map(killEditor),
  editorSlot.map(closeEditor),
  editorSlot.map(endCommand),
  editorSlot.map(endCommand),
  fc.constant(restartHub),
  adapterSlot.map(openAdapter),
  adapterSlot.map(openAdapter),
  adapterSlot.map(cutAdapter),
  adapterSlot.map(returnAdapter),
  adapterSlot.map(closeAdapter),
  ...Array.from({ length: 4 }, () =>
    fc.record({ slot: adapterSlot, choice, isRead: fc.boolean(), knowsEpoch: fc.boolean() }).map(ask),
  ),
  fc.tuple(adapterSlot, fc.nat(3)).map(([slot, which]) => cancel(slot, which)),
  fc.tuple(adapterSlot, choice).map(([slot, target]) => bind(slot, target)),
];
