/** What commands have come to since it was last asked: rates by instance, and the latest to show. Bounded, whatever the load. */
import type { CommandRow, Rate } from "../../protocol/activity.ts";
import { type ErrorObject, errorKind } from "../../protocol/errors.ts";
import { hubMethod } from "../../protocol/hub-methods.ts";
import type { Client } from "../clients/client.ts";
import type { Ending, HubCall, HubEvents } from "../scheduling/hub-events.ts";
import type { PendingRequest } from "../scheduling/pending-request.ts";

/** Commands shown of one period: as many that failed, and as many others. */
const MAX_SHOWN = 25;
/** Durations of one period from which percentiles are taken: the latest. */
const MAX_DURATIONS = 512;
const MAX_MESSAGE = 300;

/** What ended in one period. */
export interface ActivityPeriod {
  readonly rate: Rate;
  /** By the instance's id. */
  readonly rates: ReadonlyMap<string, Rate>;
  readonly commands: CommandRow[];
  readonly omitted: number;
}

/** Listens to the hub's events from `start` to `stop`. */
export class ActivityRecorder {
  readonly #events: HubEvents;
  #seq = 0;
  #ended = 0;
  #all = new Sample();
  #byInstance = new Map<string, Sample>();
  #succeeded: CommandRow[] = [];
  #failed: CommandRow[] = [];

  constructor(events: HubEvents) {
    this.#events = events;
  }

  /** Begins to listen. */
  start(): void {
    this.take();
    this.#events.on("answered", this.#onAnswered).on("refused", this.#onRefused).on("called", this.#onCalled);
  }

  /** Listens no more. */
  stop(): void {
    this.#events.off("answered", this.#onAnswered).off("refused", this.#onRefused).off("called", this.#onCalled);
  }

  /** What has ended since the last call. */
  take(): ActivityPeriod {
    const commands = [...this.#succeeded, ...this.#failed].toSorted((a, b) => a.seq - b.seq);
    const rates = new Map([...this.#byInstance].map(([id, sample]) => [id, sample.rate()]));
    const period = { rate: this.#all.rate(), rates, commands, omitted: this.#ended - commands.length };
    this.#ended = 0;
    this.#all = new Sample();
    this.#byInstance = new Map();
    this.#succeeded = [];
    this.#failed = [];
    return period;
  }

  readonly #onAnswered = (request: PendingRequest, { error }: Ending): void => {
    const { client, instance, method, acceptedAt, sentAt } = request;
    const durationMs = performance.now() - acceptedAt;
    this.#all.add(durationMs, error !== undefined);
    if (instance) this.#sampleOf(instance.id).add(durationMs, error !== undefined);
    const queuedMs = sentAt === undefined ? null : sentAt - acceptedAt;
    this.#show(client, method, { instance: instance?.name ?? null, queuedMs, durationMs }, error);
  };

  readonly #onRefused = (client: Client, error: ErrorObject, method: string | undefined): void => {
    this.#show(client, method ?? "(unreadable)", NOT_SENT, error);
  };

  readonly #onCalled = ({ client, method, durationMs, error }: HubCall): void => {
    if (error || hubMethod(method)?.isShown) this.#show(client, method, { ...NOT_SENT, durationMs }, error);
  };

  #sampleOf(id: string): Sample {
    const known = this.#byInstance.get(id);
    if (known) return known;
    const sample = new Sample();
    this.#byInstance.set(id, sample);
    return sample;
  }

  #show(
    client: Client,
    command: string,
    { instance, queuedMs, durationMs }: Pick<CommandRow, "instance" | "queuedMs" | "durationMs">,
    error: ErrorObject | undefined,
  ): void {
    this.#seq += 1;
    this.#ended += 1;
    const shown = error ? this.#failed : this.#succeeded;
    if (shown.length === MAX_SHOWN) shown.shift();
    shown.push({
      seq: this.#seq,
      at: new Date().toISOString(),
      clientId: client.id,
      client: client.name,
      instance,
      command,
      outcome: error ? kindOf(error) : "ok",
      ...(error && { message: error.message.slice(0, MAX_MESSAGE) }),
      queuedMs: queuedMs === null ? null : rounded(queuedMs),
      durationMs: rounded(durationMs),
    });
  }
}

const NOT_SENT = { instance: null, queuedMs: null, durationMs: 0 };

function kindOf({ code, data }: ErrorObject): string {
  return data?.kind ?? errorKind(code) ?? String(code);
}

/** To hundredths of a ms. */
function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** Durations of what ended in one period. */
class Sample {
  #answered = 0;
  #failed = 0;
  readonly #durations: number[] = [];

  add(durationMs: number, hasFailed: boolean): void {
    this.#durations[this.#answered % MAX_DURATIONS] = durationMs;
    this.#answered += 1;
    if (hasFailed) this.#failed += 1;
  }

  rate(): Rate {
    const sorted = this.#durations.toSorted((a, b) => a - b);
    const at = (share: number): number | null => {
      const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
      return value === undefined ? null : rounded(value);
    };
    return { answered: this.#answered, failed: this.#failed, p50Ms: at(0.5), p95Ms: at(0.95) };
  }
}
