/** Keeps clients that are away: for how long, how many of them, and whether an instance's process still runs. */
import { isSameToken, Quota } from "../access/quota.ts";
import type { Client } from "./client.ts";
import type { Instance } from "./instance.ts";

/** How often the process of an instance that is away is looked at. */
const PROBE_INTERVAL_MS = 250;

/** What bounds an absence, and who hears of its end. */
interface AbsencesOptions {
  graceMs: number;
  /** Clients that may be away. */
  most: number;
  /** A client is not waited for any more. */
  onOver: (client: Client) => void;
  /** The process of an editor has ended; another one may take its place. */
  onLost: (instance: Instance) => void;
}

interface Absence {
  grace: NodeJS.Timeout;
  probe?: NodeJS.Timeout;
  isLost: boolean;
  /** Its grace period is over, but its process lives. */
  isOverdue: boolean;
}

/** Every client that is away. */
export class Absences {
  readonly #options: AbsencesOptions;
  readonly #count: Quota;
  /** In the order in which they left. */
  readonly #absences = new Map<Client, Absence>();

  constructor(options: AbsencesOptions) {
    this.#options = options;
    this.#count = new Quota(options.most);
  }

  /** A client has left and may come back. Of too many with its token, the one that left first is not waited for. */
  begin(client: Client): void {
    if (this.#count.shortage(client.permission, 1)) {
      const first = [...this.#absences.keys()].find((other) => isSameToken(other.permission, client.permission));
      if (first) this.#options.onOver(first);
    }
    const grace = setTimeout(() => this.#onGraceEnd(client), this.#options.graceMs);
    this.#absences.set(client, { grace, isLost: false, isOverdue: false });
    this.#count.add(client.permission, 1);
  }

  /** An editor that imports, or is stopped, says nothing for as long as that takes: while its process lives, it is waited for. */
  #onGraceEnd(client: Client): void {
    const absence = this.#absences.get(client);
    const isEditor = "isEditor" in client && client.isEditor;
    if (isEditor && absence?.probe && !absence.isLost) absence.isOverdue = true;
    else this.#options.onOver(client);
  }

  /** It is back, or is not waited for any more. */
  end(client: Client): void {
    const absence = this.#absences.get(client);
    if (!absence) return;
    clearTimeout(absence.grace);
    clearInterval(absence.probe);
    this.#absences.delete(client);
    this.#count.give(client.permission, 1);
  }

  /** True for an editor that is away and whose process has ended. */
  isLost(instance: Instance): boolean {
    return this.#absences.get(instance)?.isLost ?? false;
  }

  /** Tells a connection that was cut from a process that has ended, where the process can be seen from here. */
  watchProcess(instance: Instance): void {
    const absence = this.#absences.get(instance);
    if (!absence || !instance.processWasSeen) return;
    const look = () => {
      if (instance.processLives) return;
      clearInterval(absence.probe);
      if (instance.isEditor) {
        absence.isLost = true;
        // Its successor has as long as that of one that has only just left.
        if (absence.isOverdue) absence.grace = setTimeout(() => this.#onGraceEnd(instance), this.#options.graceMs);
        this.#options.onLost(instance);
      } else {
        // No process takes a game's place: the next one is another game.
        this.#options.onOver(instance);
      }
    };
    absence.probe = setInterval(look, PROBE_INTERVAL_MS);
    absence.probe.unref();
    look();
  }

  /** Ends every timer. */
  dispose(): void {
    for (const client of [...this.#absences.keys()]) this.end(client);
  }
}
