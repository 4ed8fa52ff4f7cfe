/** Batches through the SDK, on the whole service. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Batch, type Client, createClient } from "../../src/sdk/index.ts";
import { type Stack, startStack } from "../support/start-stack.ts";

const CODE = `fast = param('fast', 10, min=2)

def strategy(data):
    return data['close'] > data['close'].rolling(fast).mean()
`;
const SWEEP = {
  strategy: { code: CODE },
  symbols: ["AAPL", "MSFT"],
  parameters: { fast: { from: 5, to: 50, step: 5 } },
};

let stack: Stack;
let client: Client;
beforeAll(async () => {
  stack = await startStack();
  client = createClient({ url: stack.url });
});
afterAll(() => stack.stop());

test.each(["events", "polling"] as const)(
  "a batch is followed by %s to its end, and its cells are read",
  async (via) => {
    expect(await client.estimateBatch(SWEEP)).toMatchObject({ cells: 20, symbols: 2, parameterSets: 10 });
    const { id, cells } = await client.submitBatch(SWEEP);
    expect(cells).toBe(20);
    const seen: Batch[] = [];
    for await (const batch of client.watchBatch(id, { via, deadlineMs: 60_000 })) seen.push(batch);
    const versions = seen.map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    expect(seen.at(-1)).toMatchObject({ id, status: "succeeded", counts: { succeeded: 20, pending: 0 } });
    expect(await client.getBatch(id)).toEqual(seen.at(-1));
    const { items, nextCursor } = await client.listCells(id, { symbol: "MSFT", sort: "sharpe", limit: 3 });
    expect([items.length, nextCursor]).toEqual([3, expect.any(String)]);
    const sharpe = items.map(({ metrics }) => metrics?.sharpe ?? Number.NaN);
    expect(sharpe).toEqual([...sharpe].sort((a, b) => b - a));
    const best = items[0] ?? expect.fail("there are no cells");
    const job = await client.finishedJob((await client.runCell(id, best.cell)).id);
    expect(job.summary?.metrics).toMatchObject(best.metrics ?? {});
    expect((await client.listBatches()).items.map((batch) => batch.id)).toContain(id);
  },
);

test("a cancelled batch stays cancelled, and one that has ended is not cancelled", async () => {
  const slow = `for i in range(3_000_000):\n    pass\n${CODE}`;
  const { id } = await client.submitBatch({ ...SWEEP, strategy: { code: slow } });
  expect(await client.cancelBatch(id)).toMatchObject({ id, status: "cancelled" });
  expect(await client.cancelBatch(id)).toMatchObject({ id, status: "cancelled" });
  expect((await client.finishedBatch(id)).status).toBe("cancelled");
  await expect(client.retryBatch(id)).rejects.toMatchObject({ name: "ApiError", code: "nothing_to_retry" });
  const { id: done } = await client.submitBatch(SWEEP);
  await client.finishedBatch(done);
  await expect(client.cancelBatch(done)).rejects.toMatchObject({ code: "batch_finished" });
});
