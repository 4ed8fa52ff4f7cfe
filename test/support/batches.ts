/** Batches over HTTP, as a client sees them. */
import type { z } from "zod";
import { batchAcceptedSchema, batchSchema } from "../../src/shared/contract/batch.ts";

type Batch = z.infer<typeof batchSchema>;

/** A moving average crossover: 3,270 bars take about half a millisecond a cell. */
export const CROSSOVER = `def strategy(data):
    fast = data["close"].rolling(param("fast", 10)).mean()
    slow = data["close"].rolling(param("slow", 30)).mean()
    return "BUY" if fast.iloc[-1] > slow.iloc[-1] else "SELL"
`;

export function crossoverGrid(fast: number, slow: number, more: object = {}): object {
  return { ...crossoverSweep(fast, slow), ...more };
}

export function crossoverSweep(fast: number, slow: number) {
  return {
    strategy: { code: CROSSOVER },
    symbols: ["AAPL"],
    parameters: { fast: { from: 2, to: fast + 1, step: 1 }, slow: { from: 60, to: 59 + slow, step: 1 } },
  };
}

export async function post(url: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, json: (await answer.json()) as unknown };
}

export async function submitBatch(url: string, body: object): Promise<string> {
  const { status, json } = await post(`${url}/v1/batches`, body);
  if (status !== 202) throw new Error(`POST /v1/batches answered ${status}: ${JSON.stringify(json)}`);
  return batchAcceptedSchema.parse(json).id;
}

export async function readBatch(url: string, id: string): Promise<Batch> {
  const answer = await fetch(`${url}/v1/batches/${id}`);
  return batchSchema.parse(await answer.json());
}

/** Asks again and again, through outages of the API, until the batch is as wanted. */
export async function batchBecomes(
  url: string,
  id: string,
  isSo: (batch: Batch) => boolean,
  withinMs = 60_000,
  everyMs = 50,
): Promise<Batch> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const batch = await readBatch(url, id);
      if (isSo(batch)) return batch;
      last = batch.counts;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`Batch ${id} did not become so: ${JSON.stringify(last)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

export function hasEnded({ status }: Batch): boolean {
  return status !== "queued" && status !== "running";
}
