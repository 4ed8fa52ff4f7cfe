/** One line for each series that was looked at, and one at the end. */
import type { Timeframe } from "../shared/contract/values.ts";

export interface SeriesName {
  symbol: string;
  timeframe: Timeframe;
}

export class Progress {
  readonly #dryRun: boolean;
  readonly #started = performance.now();
  #written = 0;
  #unchanged = 0;
  #failed = 0;

  constructor({ dryRun }: { dryRun?: true }) {
    this.#dryRun = dryRun === true;
  }

  get dryRun(): boolean {
    return this.#dryRun;
  }

  /** `place` counts from 1. */
  unchanged(place: string, name: SeriesName, what: string): void {
    this.#unchanged += 1;
    console.log(`${place} ${title(name)} unchanged: ${what}`);
  }

  written(place: string, name: SeriesName, what: string): void {
    this.#written += 1;
    console.log(`${place} ${title(name)} ${this.#dryRun ? "would write" : "wrote"} ${what}`);
  }

  /** Goes on with the next series; the command ends with code 1. */
  failed(place: string, name: SeriesName, error: unknown): void {
    this.#failed += 1;
    console.error(
      `${place} ${title(name)} failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }

  /** Within a series, on a terminal only. */
  step(place: string, name: SeriesName, done: number, all: number): void {
    if (process.stdout.isTTY && done < all)
      process.stdout.write(`${place} ${title(name)} ${done} of ${all}\r`);
  }

  end(): void {
    const seconds = ((performance.now() - this.#started) / 1_000).toFixed(1);
    const written = `${this.#written} ${this.#dryRun ? "would be written" : "written"}`;
    console.log(`${written}, ${this.#unchanged} unchanged, ${this.#failed} failed, ${seconds} s`);
    if (this.#failed > 0) process.exitCode = 1;
  }
}

function title({ symbol, timeframe }: SeriesName): string {
  return `${symbol} ${timeframe}`;
}
