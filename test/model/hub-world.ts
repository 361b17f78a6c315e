/** The real thing beside the model: a hub on a socket, stub editors and adapters, and the comparison of the two. */
import { setImmediate as turn } from "node:timers/promises";
import { expect } from "vitest";
import { errorKind } from "../../protocol/errors.ts";
import type { Request } from "../../protocol/rpc.ts";
import { responseSchema } from "../../protocol/rpc.ts";
import { HubObserver } from "../support/hub-observer.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, type ProtocolClient, type Received } from "../support/protocol-client.ts";
import { until } from "../support/wait.ts";
import type { HeldEditor } from "./held-editor.ts";
import { ADAPTER_PROJECTS, type Ask, type HubModel, type Outcome, pathOf } from "./hub-model.ts";

/** Small, so that commands wait in the hub too. */
const WINDOW = 3;
const NEVER_MS = 600_000;

/** An adapter as its process sees itself. */
interface Adapter {
  client: ProtocolClient;
  readonly clientId: string;
  resumeToken: string;
}

export class HubWorld {
  #hub: LocalHub;
  #observer: HubObserver;
  readonly editors: (HeldEditor | undefined)[] = [];
  readonly adapters: (Adapter | undefined)[] = [];
  /** Every editor that has ever run: what a dead one did counts. */
  readonly #everyEditor: HeldEditor[] = [];
  /** On which connection each request was answered. */
  readonly #answeredOn = new Map<Ask, ProtocolClient>();
  #sentinel = 0;

  private constructor(hub: LocalHub, observer: HubObserver) {
    this.#hub = hub;
    this.#observer = observer;
  }

  static async start(): Promise<HubWorld> {
    const hub = await startHub();
    return new HubWorld(hub, await observe(hub));
  }

  get observer(): HubObserver {
    return this.#observer;
  }

  /** The hub is gone for everybody at once, and another one is there. */
  async restartHub(): Promise<void> {
    const dead = this.#hub;
    this.#observer.close();
    for (const adapter of this.adapters) adapter?.client.terminate();
    for (const editor of this.editors) editor?.instance.client.terminate();
    await dead.dispose();
    this.#hub = await startHub();
    this.#observer = await observe(this.#hub);
  }

  async dispose(): Promise<void> {
    this.#observer.close();
    for (const adapter of this.adapters) adapter?.client.terminate();
    await Promise.all(this.#everyEditor.map((editor) => editor.kill()));
    await this.#hub.dispose();
  }

  editor(slot: number): HeldEditor {
    const editor = this.editors[slot];
    if (!editor) throw new Error(`No editor runs in slot ${slot}.`);
    return editor;
  }

  adapter(slot: number): Adapter {
    const adapter = this.adapters[slot];
    if (!adapter) throw new Error(`No adapter runs in slot ${slot}.`);
    return adapter;
  }

  /** Connects an editor; the id that it is registered with. */
  async connectEditor(slot: number, editor: HeldEditor): Promise<string> {
    this.editors[slot] = editor;
    if (!this.#everyEditor.includes(editor)) this.#everyEditor.push(editor);
    return (await editor.instance.connect(this.#hub.url, this.#hub.token)).clientId;
  }

  /** Connects an adapter, with the resume token that it has. */
  async connectAdapter(slot: number, project: string | undefined): Promise<Adapter> {
    const known = this.adapters[slot];
    const { client, identified } = await openAdapter(this.#hub.url, this.#hub.token, {
      identify: {
        ...(project !== undefined && { project: { name: project, path: pathOf(project) } }),
        ...(known && { resumeToken: known.resumeToken }),
      },
    });
    if (known) expect(identified.clientId).toBe(known.clientId);
    const { clientId, resumeToken } = identified;
    const adapter = { client, clientId, resumeToken };
    this.adapters[slot] = adapter;
    return adapter;
  }

  /** Waits until the hub knows that the process of `instanceId` has ended. */
  async untilLost(instanceId: string): Promise<void> {
    const isLoss = ({ message: { params } }: Received) =>
      params?.event === "hub.instance_lost" && Object(params.data).id === instanceId;
    await this.#observer.client.next(isLoss, { what: `the loss of ${instanceId}` });
  }

  /** Sends a request, for the first time or again. */
  send({ id, adapter, target, epoch, attempts }: Ask, method: string): void {
    const request: Request = {
      jsonrpc: "2.0",
      id,
      method,
      deadlineMs: NEVER_MS,
      ...(target !== undefined && { target }),
      ...(epoch !== undefined && { epoch }),
      ...(attempts > 1 && { attempt: attempts }),
    };
    this.adapter(adapter).client.sendMessage(request);
  }

  /** Waits until the hub is as the model says, then holds everything else to the model. */
  async compare(model: HubModel): Promise<void> {
    await this.#settle(model);
    const wanted = registryOf(model);
    await until(async () => same(await this.#registry(), wanted), { what: "the registry" }).catch(async () =>
      expect(await this.#registry()).toEqual(wanted),
    );
    await this.#settle(model);
    this.#observeExecutions(model);
    this.#compareOrder(model);
    for (const ask of model.asks) this.#observeAnswer(model, ask);
    await this.#compareCounters(model);
  }

  /** Lets everything that is on its way arrive: each connection answers for what stands before its heartbeat. */
  async #settle(model: HubModel): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      await turn();
      const adapters = model.adapters.map(
        ({ presence }, slot) => presence === "connected" && this.adapter(slot).client,
      );
      await Promise.all(adapters.map((client) => client && this.#roundTrip(client)));
      const editors = model.editors.map(
        (editor, slot) => editor?.entry.presence === "present" && this.editor(slot).instance.client,
      );
      await Promise.all(editors.map((client) => client && this.#roundTrip(client)));
    }
    await turn();
  }

  async #roundTrip(client: ProtocolClient): Promise<void> {
    this.#sentinel += 1;
    const timestamp = this.#sentinel;
    client.sendMessage({ type: "heartbeat", timestamp });
    await client.next(({ message }) => message.type === "heartbeat_ack" && message.timestamp === timestamp, {
      what: "a heartbeat_ack",
    });
  }

  async #registry(): Promise<unknown> {
    const instances = await this.#observer.instances();
    const clients = await this.#observer.clients();
    return {
      instances: instances.map(({ id, state, epoch }) => ({ id, isPresent: state !== "away", epoch })),
      adapters: ADAPTER_PROJECTS.map((_, slot) => clients.some(({ id }) => id === this.adapters[slot]?.clientId)),
    };
  }

  /** A write runs at most once, whatever becomes of editors and connections. */
  #observeExecutions(model: HubModel): void {
    for (const ask of model.asks) {
      const { clientId } = this.adapter(ask.adapter);
      const runs = this.#everyEditor.map(({ epoch, instance }) => {
        const count = instance.executions.get(`${clientId}:${ask.id}`) ?? 0;
        if (count > 0) ask.begunBy.add(epoch);
        return count;
      });
      const total = runs.reduce((sum, count) => sum + count, 0);
      if (!ask.isRead) expect(total, `executions of ${ask.id}`).toBeLessThanOrEqual(1);
    }
  }

  /** What one adapter has asked of one editor has begun in the order of asking. */
  #compareOrder(model: HubModel): void {
    for (const { instance } of this.#everyEditor) {
      const begun = [...instance.executions.keys()];
      for (const [slot] of model.adapters.entries()) {
        const clientId = this.adapters[slot]?.clientId;
        const asked = model.asks.filter(({ adapter, attempts }) => adapter === slot && attempts === 1);
        const order = asked.map(({ id }) => begun.indexOf(`${clientId}:${id}`)).filter((index) => index >= 0);
        expect(order, `order of adapter ${slot}`).toEqual(order.toSorted((a, b) => a - b));
      }
    }
  }

  /** One answer at most, and only one that the model allows. */
  #observeAnswer(model: HubModel, ask: Ask): void {
    const { client, clientId } = this.adapter(ask.adapter);
    const answers = client.queued.filter(({ message }) => message.id === ask.id && message.method === undefined);
    const answeredOn = this.#answeredOn.get(ask);
    expect(answers.length, `answers to ${ask.id}`).toBeLessThanOrEqual(answeredOn && answeredOn !== client ? 0 : 1);
    const [answer] = answers;
    if (!answer || answeredOn) return;
    this.#answeredOn.set(ask, client);
    const { result, error, instance } = responseSchema.parse(answer.message);
    const outcome: Outcome = error ? (errorKind(error.code) ?? "INTERNAL_ERROR") : "result";
    ask.isAnswered = true;
    if (outcome === "result") expect(result).toEqual({ ran: `${clientId}:${ask.id}` });
    const isAllowed = model.mayEnd(ask, outcome, instance?.epoch);
    expect(isAllowed, `${ask.id} ended with ${outcome}, allowed: ${[...ask.allowed]}`).toBe(true);
  }

  /** Accepted = answered + pending, and what each client has pending is what it has no answer to. */
  async #compareCounters(model: HubModel): Promise<void> {
    const { counters, queues } = await this.#observer.status();
    expect(counters.accepted).toBe(counters.answered + counters.pending);
    for (const { inFlight } of queues) expect(inFlight).toBeLessThanOrEqual(WINDOW);
    const clients = await this.#observer.clients();
    for (const [slot, { presence }] of model.adapters.entries()) {
      if (presence !== "connected") continue;
      const { clientId } = this.adapter(slot);
      const pending = clients.find(({ id }) => id === clientId)?.pending;
      expect(pending, `pending requests of adapter ${slot}`).toBe(model.unanswered(slot).length);
    }
  }
}

function startHub(): Promise<LocalHub> {
  return LocalHub.start({ windowSize: WINDOW, implicitLeaseMs: 0, resumeGraceMs: NEVER_MS });
}

async function observe(hub: LocalHub): Promise<HubObserver> {
  const observer = await HubObserver.open(hub);
  await observer.client.request("hub.subscribe", { events: ["hub.instance_lost"] });
  return observer;
}

function registryOf(model: HubModel): unknown {
  return {
    instances: model.entries.map(({ id, presence, epoch }) => ({ id, isPresent: presence === "present", epoch })),
    adapters: model.adapters.map(({ presence }) => presence === "connected"),
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
