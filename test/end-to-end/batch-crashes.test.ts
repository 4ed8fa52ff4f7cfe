/** What jobs survive, batches survive: whatever dies in their middle, every cell is there in the end, counted once. */
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cellSchema } from "../../src/shared/contract/batch.ts";
import { batchBecomes, crossoverGrid, hasEnded, post, submitBatch } from "../support/batches.ts";
import { descendantsOf } from "../support/processes.ts";
import { type Stack, startStack } from "../support/start-stack.ts";

const CELLS = 60 * 20;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ slots: 2 });
});
afterAll(() => stack.stop());

const crashes: [string, () => Promise<void>][] = [
  [
    "the worker",
    async () => {
      await stack.workers[0]?.kill();
      await stack.restartWorker();
    },
  ],
  [
    "the executor",
    async () => {
      await stack.executor.kill();
      await stack.restartExecutor();
    },
  ],
  [
    "the API",
    async () => {
      await stack.api.kill();
      await stack.restartApi();
    },
  ],
  [
    "Valkey",
    async () => {
      await stack.valkey.kill();
      await stack.restartValkey();
    },
  ],
  ["Valkey with all that it held", () => stack.wipeValkey()],
];

test.each(crashes)(
  "%s dies in the middle of a batch: no cell is lost, none counted twice",
  async (_, crash) => {
    const id = await submitBatch(stack.url, crossoverGrid(60, 20));
    const counted = witness(id);
    const { counts } = await batchBecomes(stack.url, id, (seen) => seen.counts.succeeded >= 30);
    expect(counts.pending).toBeGreaterThan(0);
    await crash();
    const batch = await batchBecomes(stack.url, id, hasEnded);
    expect(batch.status).toBe("succeeded");
    expect(batch.counts).toMatchObject({ total: CELLS, succeeded: CELLS, failed: 0, pending: 0 });
    const cells = await cellNumbers(id);
    expect(cells).toEqual(Array.from({ length: CELLS }, (_number, cell) => cell));
    expect(counted()).toEqual({ written: CELLS, different: CELLS, ends: 1 });
  },
);

test("a cell whose sandbox was killed is the platform's failure, and runs again on request: it alone", async () => {
  const code = `import time
def strategy(data):
    end = time.time() + (2 if param("n", 1) == 7 else 0)
    while time.time() < end:
        pass
    return data["close"] > 0
`;
  const parameters = { n: { from: 1, to: 12, step: 1 } };
  const options = { lookAheadCheck: false };
  const limits = { timeoutSeconds: 30 };
  const id = await submitBatch(stack.url, {
    strategy: { code },
    symbols: ["AAPL"],
    parameters,
    options,
    limits,
  });
  process.kill(await busyBatchChild(), "SIGKILL");
  const broken = await batchBecomes(stack.url, id, hasEnded);
  expect(broken.counts).toMatchObject({ succeeded: 11, failed: 1, failedPlatform: 1 });
  const retried = await post(`${stack.url}/v1/batches/${id}/retry`);
  expect([retried.status, retried.json]).toMatchObject([202, { status: "running", retries: 1 }]);
  const mended = await batchBecomes(stack.url, id, hasEnded);
  expect(mended).toMatchObject({ status: "succeeded", counts: { succeeded: 12, failed: 0 }, retries: 1 });
  const again = await post(`${stack.url}/v1/batches/${id}/retry`);
  expect([again.status, again.json]).toMatchObject([409, { code: "nothing_to_retry" }]);
});

/** The executor's process that has worked on a batch for a while: batch children alone run at nice 10. */
async function busyBatchChild(): Promise<number> {
  const seen = new Map<number, number>();
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    for (const { pid, state, nice } of descendantsOf(stack.executor.pid)) {
      const isBusy = state === "R" && nice === 10;
      seen.set(pid, isBusy ? (seen.get(pid) ?? 0) + 1 : 0);
      if ((seen.get(pid) ?? 0) > 20) return pid;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return expect.fail("no child was busy with a batch");
}

async function cellNumbers(id: string): Promise<number[]> {
  const headers = { accept: "application/x-ndjson" };
  const text = await (await fetch(`${stack.url}/v1/batches/${id}/cells`, { headers })).text();
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => cellSchema.parse(JSON.parse(line)).cell);
}

const WITNESS = `
CREATE TABLE IF NOT EXISTS part_writes (batch TEXT, first_cell INTEGER, cells INTEGER);
CREATE TABLE IF NOT EXISTS batch_ends (batch TEXT);
CREATE TRIGGER IF NOT EXISTS note_part AFTER INSERT ON batch_parts
BEGIN INSERT INTO part_writes SELECT id, new.first_cell, new.cells FROM batches WHERE seq = new.batch_seq; END;
CREATE TRIGGER IF NOT EXISTS note_batch_end AFTER UPDATE ON batches
WHEN new.status IN ('succeeded', 'failed', 'cancelled')
BEGIN INSERT INTO batch_ends VALUES (new.id); END;
`;

/** The database counts, not our code: cells written in all, different ones among them, and ends of the batch. */
function witness(id: string): () => { written: number; different: number; ends: number } {
  const path = stack.environment["SQLITE_PATH"] ?? "";
  const open = (): DatabaseSync => new DatabaseSync(path, { timeout: 5_000 });
  const database = open();
  database.exec(WITNESS);
  database.close();
  return () => {
    const db = open();
    const writes = db.prepare("SELECT first_cell, cells FROM part_writes WHERE batch = ?").all(id);
    const ends = db.prepare("SELECT count(*) AS n FROM batch_ends WHERE batch = ?").get(id)?.["n"];
    db.close();
    const different = new Set<number>();
    let written = 0;
    for (const { first_cell: first, cells } of writes) {
      written += Number(cells);
      for (let cell = 0; cell < Number(cells); cell += 1) different.add(Number(first) + cell);
    }
    return { written, different: different.size, ends: Number(ends) };
  };
}
