/** Batches through the whole service: API, queue, worker, executor, store. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiClient } from "../../src/local/api-client.ts";
import { type Cell, cellListSchema, cellSchema, heatmapSchema } from "../../src/shared/contract/batch.ts";
import { jobSchema } from "../../src/shared/contract/job.ts";
import { batchBecomes, crossoverGrid, hasEnded, post, readBatch, submitBatch } from "../support/batches.ts";
import { type Stack, startStack } from "../support/start-stack.ts";

let stack: Stack;
let client: ApiClient;
beforeAll(async () => {
  stack = await startStack({ slots: 2 });
  client = new ApiClient(stack.url);
});
afterAll(() => stack.stop());

async function cellsOf(id: string, query = ""): Promise<Cell[]> {
  const headers = { accept: "application/x-ndjson" };
  const answer = await fetch(`${stack.url}/v1/batches/${id}/cells${query}`, { headers });
  const text = await answer.text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => cellSchema.parse(JSON.parse(line)));
}

test("a sweep ends with every cell counted once, and a sample of its cells equals single runs", async () => {
  const id = await submitBatch(stack.url, crossoverGrid(12, 10, { symbols: ["AAPL", "MSFT"] }));
  const batch = await batchBecomes(stack.url, id, hasEnded);
  expect(batch).toMatchObject({ status: "succeeded", counts: { total: 240, succeeded: 240, pending: 0 } });
  expect(batch.cpuMs).toBeGreaterThan(0);
  const cells = await cellsOf(id);
  expect(cells.map(({ cell }) => cell)).toEqual(Array.from({ length: 240 }, (_, cell) => cell));
  for (const number of [0, 15, 119, 120, 239]) {
    const started = await post(`${stack.url}/v1/batches/${id}/cells/${number}/result`);
    expect(started.status).toBe(202);
    const job = await client.waitForEnd(jobSchema.parse(started.json).id);
    const { unavailable, ...metrics } = job.summary?.metrics ?? expect.fail("the cell's job has no metrics");
    expect(job.batchId).toBe(id);
    expect(cells[number]).toMatchObject({ metrics, symbol: job.symbol });
    expect(cells[number]?.unavailable ?? {}).toEqual(unavailable);
    const again = await post(`${stack.url}/v1/batches/${id}/cells/${number}/result`);
    expect([again.status, jobSchema.parse(again.json).id]).toEqual([200, job.id]);
  }
});

test("the leaderboard, the sorted cells and the heatmap tell the same, page by page", async () => {
  const id = await submitBatch(stack.url, crossoverGrid(8, 8));
  const batch = await batchBecomes(stack.url, id, hasEnded);
  const byHand = (await cellsOf(id)).toSorted(
    (a, b) => (b.metrics?.sharpe ?? 0) - (a.metrics?.sharpe ?? 0) || a.cell - b.cell,
  );
  const best = byHand.map(({ cell }) => cell);
  expect(batch.leaderboard.map(({ cell }) => cell)).toEqual(best.slice(0, 10));
  expect((await cellsOf(id, "?sort=sharpe")).map(({ cell }) => cell)).toEqual(best);
  const paged: number[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: string = `?sort=sharpe&limit=25${cursor === "" ? "" : `&cursor=${cursor}`}`;
    const answer = await fetch(`${stack.url}/v1/batches/${id}/cells${query}`);
    const page = cellListSchema.parse(await answer.json());
    paged.push(...page.items.map(({ cell }) => cell));
    cursor = page.nextCursor;
  }
  expect(paged).toEqual(best);
  const heatmap = await fetch(`${stack.url}/v1/batches/${id}/heatmap?x=fast&y=slow&metric=totalReturnPct`);
  const { x, y, values, cells } = heatmapSchema.parse(await heatmap.json());
  const leader = batch.leaderboard[0] ?? expect.fail("nobody leads");
  const row = y.values.indexOf(leader.parameters["slow"] ?? "");
  const column = x.values.indexOf(leader.parameters["fast"] ?? "");
  expect(values[row]?.[column]).toBe(leader.metrics.totalReturnPct);
  expect(cells.flat()).toEqual(Array(64).fill(1));
  const csv = await fetch(`${stack.url}/v1/batches/${id}/cells`, { headers: { accept: "text/csv" } });
  expect((await csv.text()).trimEnd().split("\r\n")).toHaveLength(65);
});

test("the batch says how many trials its best cell was picked from, and what that makes of its Sharpe ratio", async () => {
  const id = await submitBatch(stack.url, crossoverGrid(8, 8, { sample: { count: 20, seed: 3 } }));
  const { trials, honesty, leaderboard } = await batchBecomes(stack.url, id, hasEnded);
  expect(trials).toBe(20);
  expect(honesty.sentence).toMatch(/^The best of 20 trials has a Sharpe ratio of/);
  expect(leaderboard[0]?.deflatedSharpe).toBe(honesty.deflatedSharpe);
  expect(honesty.deflatedSharpe).toBeGreaterThan(0);
  expect(honesty.deflatedSharpe).toBeLessThanOrEqual(1);
  expect(honesty.expectedBestSharpe).toBeGreaterThan(0);
});

test("walk-forward: parameters picked on training spans are judged on the test spans after them", async () => {
  const walkForward = { trainBars: 1_000, testBars: 500, stepBars: 500 };
  const id = await submitBatch(stack.url, crossoverGrid(3, 2, { walkForward }));
  const batch = await batchBecomes(stack.url, id, hasEnded);
  // 3,270 bars hold four folds; each has six parameter sets on both of its spans.
  expect(batch).toMatchObject({
    counts: { total: 48, succeeded: 48 },
    trials: 24,
    walkForward: { folds: 4 },
  });
  const cells = await cellsOf(id);
  const returns: number[] = [];
  for (const fold of [0, 1, 2, 3]) {
    const spans = Map.groupBy(
      cells.filter(({ window }) => window.fold === fold),
      ({ window }) => window.span,
    );
    const [best] = (spans.get("train") ?? []).toSorted(
      (a, b) => (b.metrics?.sharpe ?? 0) - (a.metrics?.sharpe ?? 0),
    );
    const test = spans.get("test")?.find((cell) => isSameSet(cell, best));
    expect(Date.parse(test?.window.start ?? "")).toBeGreaterThan(Date.parse(best?.window.end ?? ""));
    returns.push(test?.metrics?.totalReturnPct ?? Number.NaN);
  }
  const mean = returns.reduce((sum, value) => sum + value, 0) / 4;
  expect(batch.walkForward?.outOfSampleReturnPct).toBeCloseTo(mean, 9);
  expect(batch.walkForward?.profitableFolds).toBe(returns.filter((value) => value > 0).length);
  const test = cells.find(({ window }) => window.fold === 2 && window.span === "test");
  const started = await post(`${stack.url}/v1/batches/${id}/cells/${test?.cell}/result`);
  const job = await client.waitForEnd(jobSchema.parse(started.json).id);
  expect(job.summary).toMatchObject({ bars: 500, firstBar: test?.window.start, lastBar: test?.window.end });
  expect(job.summary?.metrics).toMatchObject({ totalReturnPct: test?.metrics?.totalReturnPct });
});

function isSameSet(one: Cell, other: Cell | undefined): boolean {
  return JSON.stringify(one.parameters) === JSON.stringify(other?.parameters);
}

test("cells that fail are told apart by their class, and the others succeed", async () => {
  const code = `def strategy(data):
    if param("n", 1) == 2:
        raise ValueError("two is wrong")
    while param("n", 1) == 3:
        pass
    return "BUY"
`;
  const parameters = { n: [1, 2, 3, 4] };
  const symbols = ["AAPL", "NOPE"];
  const limits = { timeoutSeconds: 1 };
  const id = await submitBatch(stack.url, { strategy: { code }, symbols, parameters, limits });
  const { counts } = await batchBecomes(stack.url, id, hasEnded);
  expect(counts).toMatchObject({ succeeded: 2, failed: 6, failedUser: 5, failedLimit: 1, failedPlatform: 0 });
  const failed = await cellsOf(id, "?status=failed");
  expect(failed.map(({ failure }) => failure?.code)).toEqual([
    "exception",
    "timeout",
    ...Array(4).fill("unknown_symbol"),
  ]);
  expect(failed[0]?.failure).toMatchObject({ message: expect.stringContaining("two is wrong"), line: 3 });
  const refused = await post(`${stack.url}/v1/batches/${id}/retry`);
  expect([refused.status, refused.json]).toMatchObject([409, { code: "nothing_to_retry" }]);
});

test("a batch whose code does not compile fails, saying why once", async () => {
  const id = await submitBatch(
    stack.url,
    crossoverGrid(5, 5, { strategy: { code: "def strategy(data:\n" } }),
  );
  const batch = await batchBecomes(stack.url, id, hasEnded);
  expect(batch).toMatchObject({
    status: "failed",
    counts: { failedUser: 25 },
    failure: { code: "syntax_error" },
  });
});

test("events tell how a batch goes on, at most twice a second, and end with it", async () => {
  const id = await submitBatch(stack.url, crossoverGrid(20, 40));
  const stream = await fetch(`${stack.url}/v1/batches/${id}/events`);
  const startedAt = performance.now();
  const text = await stream.text();
  const seconds = (performance.now() - startedAt) / 1_000;
  const versions = [...text.matchAll(/^id: (\d+)$/gm)].map(([, version]) => Number(version));
  expect(versions.length).toBeGreaterThanOrEqual(2);
  expect(versions.length).toBeLessThanOrEqual(2 * seconds + 2);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  const last = JSON.parse(/data: (.*)\n\n$/.exec(text)?.[1] ?? "{}");
  expect(last).toEqual(JSON.parse(JSON.stringify(await readBatch(stack.url, id))));
  const headers = { "last-event-id": String(versions.at(-1)) };
  expect((await fetch(`${stack.url}/v1/batches/${id}/events`, { headers })).status).toBe(204);
});

test("cancelling stops the running chunk within a second; what is done stays readable", async () => {
  const code = `def strategy(data):
    while param("n", 1) > 20:
        pass
    return "BUY"
`;
  const parameters = { n: { from: 1, to: 400, step: 1 } };
  const id = await submitBatch(stack.url, { strategy: { code }, symbols: ["AAPL"], parameters });
  await batchBecomes(stack.url, id, ({ counts }) => counts.succeeded >= 16);
  const busy = async (): Promise<number> => {
    const health = await fetch(`${stack.url}/v1/execution/health`);
    return (JSON.parse(await health.text()) as { busySlots: number }).busySlots;
  };
  while ((await busy()) === 0);
  const startedAt = performance.now();
  const cancelled = await post(`${stack.url}/v1/batches/${id}/cancel`);
  expect([cancelled.status, cancelled.json]).toMatchObject([202, { status: "cancelled" }]);
  while ((await busy()) > 0);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  const { counts } = await readBatch(stack.url, id);
  expect(counts.succeeded + counts.cancelled).toBe(400);
  expect(counts.pending).toBe(0);
  expect(await cellsOf(id)).toHaveLength(counts.succeeded);
  const again = await post(`${stack.url}/v1/batches/${id}/cancel`);
  expect([again.status, again.json]).toMatchObject([409, { code: "batch_finished" }]);
});

test("one Idempotency-Key makes one batch", async () => {
  const headers = { "idempotency-key": "sweep-1" };
  const body = crossoverGrid(2, 2);
  const posts = await Promise.all(
    Array.from({ length: 5 }, () => post(`${stack.url}/v1/batches`, body, headers)),
  );
  expect(new Set(posts.map(({ json }) => (json as { id: string }).id)).size).toBe(1);
  expect(posts.filter((answer) => answer.headers.get("idempotency-replayed") === "true")).toHaveLength(4);
  const other = await post(`${stack.url}/v1/batches`, crossoverGrid(2, 3), headers);
  expect([other.status, other.json]).toMatchObject([422, { code: "idempotency_mismatch" }]);
});
