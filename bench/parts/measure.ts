/** Measures variants in turns within one run: only ratios between them are worth comparing. */

/** One way of doing the same thing. `run` does it once. */
export interface Variant {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

/** The measurements of a variant. Times in ms for one operation. */
export interface Measured {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Operations a second. */
  readonly rate: number;
}

export interface MeasureOptions {
  /** Operations of each variant in a turn. */
  operations: number;
  /** Turns of each variant. */
  turns: number;
  /** Operations in flight together. */
  depth?: number;
}

/** The first turn is this many times longer and is not measured: a hub lives for days, and code is slower at its first runs. */
const WARM_UP = 8;

/** Runs the variants in turns, the first turn of each unmeasured. */
export async function measure(variants: readonly Variant[], options: MeasureOptions): Promise<Measured[]> {
  const { operations, turns, depth = 1 } = options;
  const latencies = new Map(variants.map(({ name }) => [name, [] as number[]]));
  const rates = new Map(variants.map(({ name }) => [name, [] as number[]]));
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const { name, run } of variants) {
      const times = await runTurn(run, turn === 0 ? WARM_UP * operations : operations, depth);
      if (turn === 0) continue;
      latencies.get(name)?.push(...times.latencies);
      rates.get(name)?.push((operations * 1_000) / times.elapsedMs);
    }
  }
  return variants.map(({ name }) => {
    const sorted = (latencies.get(name) ?? []).toSorted((a, b) => a - b);
    return {
      name,
      p50: quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
      p99: quantile(sorted, 0.99),
      rate: quantile(
        (rates.get(name) ?? []).toSorted((a, b) => a - b),
        0.5,
      ),
    };
  });
}

async function runTurn(run: Variant["run"], operations: number, depth: number) {
  const latencies: number[] = [];
  let started = 0;
  const begin = performance.now();
  const lane = async () => {
    while (started < operations) {
      started += 1;
      const before = performance.now();
      await run();
      latencies.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: depth }, lane));
  return { latencies, elapsedMs: performance.now() - begin };
}

/** The value below which the share `q` of the sorted values lies. */
export function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

/** A line for each variant: its own figures, and their ratios to the first one's. */
export function report(title: string, measured: readonly Measured[]): void {
  const [base] = measured;
  console.log(`\n${title}`);
  for (const { name, p50, p95, p99, rate } of measured) {
    const ratio = base ? `  p50 x${(p50 / base.p50).toFixed(2)}  rate x${(rate / base.rate).toFixed(2)}` : "";
    const times = [p50, p95, p99].map((ms) => ms.toFixed(3).padStart(9)).join("");
    console.log(`  ${name.padEnd(34)} p50/p95/p99 ms${times}  ${rate.toFixed(0).padStart(7)}/s${ratio}`);
  }
}
