import { batchSchema } from "../src/shared/contract/batch.ts";
import { type Job, jobAcceptedSchema, jobListSchema, jobSchema } from "../src/shared/contract/job.ts";
import { inParallel, pause } from "./measure.ts";
import { oneYearJob, SMA_EVERY_BAR } from "./strategies.ts";

const SWEEP_MS = 120_000;

/** One owner's requests. */
export class OwnerClient {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#headers = { "Content-Type": "application/json", Authorization: `Bearer ${key}` };
  }

  async submit(): Promise<string> {
    return jobAcceptedSchema.parse(await this.#ask("/v1/jobs", SMALL_JOB)).id;
  }

  /** Milliseconds from the request to the finished job. */
  async single(): Promise<number> {
    const start = performance.now();
    const job = jobSchema.parse(await this.#ask("/v1/jobs", SMALL_JOB, { Prefer: "wait=30" }));
    if (job.status !== "succeeded") throw new Error(`a single job ended as ${job.status}`);
    return performance.now() - start;
  }

  async jobs(): Promise<Job[]> {
    return jobListSchema.parse(await this.#ask("/v1/jobs?limit=200")).items;
  }

  async cancelWaiting(ids: readonly string[]): Promise<void> {
    await inParallel(ids.length, 20, async (index) => {
      await fetch(`${this.#url}/v1/jobs/${ids[index]}/cancel`, { method: "POST", headers: this.#headers });
    });
  }

  async sweep(fast: number, slow: number): Promise<string> {
    const body = {
      strategy: { code: SMA_EVERY_BAR },
      symbols: ["AAPL"],
      start: "2003-03-01",
      parameters: { fast: { from: 2, to: fast + 1, step: 1 }, slow: { from: 40, to: slow + 39, step: 1 } },
    };
    return batchAccepted(await this.#ask("/v1/batches", body));
  }

  /** Milliseconds from the batch's submission to its end. */
  async sweepTook(id: string): Promise<number> {
    for (const deadline = Date.now() + SWEEP_MS; Date.now() < deadline; await pause(50)) {
      const batch = batchSchema.parse(await this.#ask(`/v1/batches/${id}`));
      if (batch.finishedAt !== undefined) return Date.parse(batch.finishedAt) - Date.parse(batch.createdAt);
    }
    throw new Error(`batch ${id} did not end within ${SWEEP_MS / 1_000} s`);
  }

  async #ask(path: string, body?: unknown, more: Record<string, string> = {}): Promise<unknown> {
    const headers = { ...this.#headers, ...more };
    const sent = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
    const answer = await fetch(this.#url + path, sent);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return await answer.json();
  }
}

const { strategy, symbol, start, end, cache } = oneYearJob();
const SMALL_JOB = { strategy: { code: strategy.code }, symbol, start, end, cache };

function batchAccepted(answer: unknown): string {
  return batchSchema.pick({ id: true }).parse(answer).id;
}
