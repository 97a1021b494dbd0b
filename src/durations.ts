/**
 * How long requests took, counted for Prometheus: a histogram by api, operation and status. prom-client's own makes a text of
 * the labels for each observation, which took a twentieth of a POST and a fifth of a GET; here they are looked up as they are.
 */

/** The requests of one kind. */
interface Series {
  /** The labels, as they are written. */
  readonly labels: string;
  /** How many took no longer than each of the bounds, and longer than the one before. */
  readonly counts: number[];
  count: number;
  seconds: number;
}

export class Durations {
  /** By api, operation and status. */
  readonly #known = new Map<string, Map<string, Map<number, Series>>>();
  /** In the order in which each kind came first. */
  readonly #all: Series[] = [];

  constructor(
    private readonly name: string,
    private readonly help: string,
    /** Seconds, ascending. */
    private readonly bounds: readonly number[],
  ) {}

  /** Counts a request. */
  observe(api: string, operation: string, status: number, seconds: number): void {
    const series = this.#known.get(api)?.get(operation)?.get(status) ?? this.#add(api, operation, status);
    series.count++;
    series.seconds += seconds;
    let bound = 0;
    while (bound < this.bounds.length && seconds > (this.bounds[bound] ?? 0)) bound++;
    series.counts[bound] = (series.counts[bound] ?? 0) + 1;
  }

  /** In Prometheus's text format. */
  text(): string {
    const lines = this.#all.flatMap((series) => this.#lines(series));
    return [`# HELP ${this.name} ${this.help}`, `# TYPE ${this.name} histogram`, ...lines].join('\n');
  }

  #add(api: string, operation: string, status: number): Series {
    const labels = `api="${escaped(api)}",operation="${escaped(operation)}",status="${status}"`;
    const series = { labels, counts: this.bounds.map(() => 0), count: 0, seconds: 0 };
    const operations = this.#known.get(api) ?? new Map<string, Map<number, Series>>();
    const statuses = operations.get(operation) ?? new Map<number, Series>();
    this.#known.set(api, operations.set(operation, statuses.set(status, series)));
    this.#all.push(series);
    return series;
  }

  #lines({ labels, counts, count, seconds }: Series): readonly string[] {
    let sum = 0;
    const buckets = this.bounds.map((bound, index) => {
      sum += counts[index] ?? 0;
      return `${this.name}_bucket{le="${bound}",${labels}} ${sum}`;
    });
    return [
      ...buckets,
      `${this.name}_bucket{le="+Inf",${labels}} ${count}`,
      `${this.name}_sum{${labels}} ${seconds}`,
      `${this.name}_count{${labels}} ${count}`,
    ];
  }
}

/** A label's value between its quotes. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
