/** The text format of Prometheus, read strictly: a line that it does not have is an error. */

/** One line of figures. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ([Nn]a[Nn]|[+-]?Inf|[\d.e+-]+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/g;

export class Exposition {
  /** Type of each metric: counter, gauge, histogram, summary. */
  readonly types = new Map<string, string>();
  readonly samples: Sample[] = [];

  constructor(text: string) {
    for (const line of text.split("\n")) this.#read(line);
  }

  /** The sum of the samples of `name` that have `labels`. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const family = name.replace(/_(sum|count|bucket)$/, "");
    if (!this.types.has(name) && !this.types.has(family)) throw new Error(`There is no metric '${name}'.`);
    const isMeant = (sample: Sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value);
    return this.samples.filter(isMeant).reduce((sum, { value }) => sum + value, 0);
  }

  /** The values of a label, sorted. */
  valuesOf(name: string, label: string): string[] {
    const values = this.samples.filter((sample) => sample.name === name).map(({ labels }) => labels[label] ?? "");
    return [...new Set(values)].toSorted();
  }

  #read(line: string): void {
    const [, name = "", type = ""] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (name) this.types.set(name, type);
    if (line === "" || line.startsWith("# ")) return;
    const found = SAMPLE.exec(line);
    if (!found) throw new Error(`No line of the text format: ${line}`);
    const [, metric = "", labels = "", value = ""] = found;
    const pairs = [...labels.matchAll(LABEL)];
    if (pairs.map(([text]) => text).join("") !== labels) throw new Error(`No labels: ${line}`);
    const named = Object.fromEntries(pairs.map(([, label = "", text = ""]) => [label, text]));
    this.samples.push({ name: metric, labels: named, value: Number(value.replace("Inf", "Infinity")) });
  }
}
