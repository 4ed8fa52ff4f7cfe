import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../src/shared/ids.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { type ChunkEntry, chunkId } from "../../src/shared/queue/chunk-entry.ts";
import { createChunkQueue, createJobQueue } from "../../src/shared/queue/job-queue.ts";
import { startValkey, type ValkeyPart } from "../support/start-valkey.ts";

let valkey: ValkeyPart;
beforeAll(async () => {
  valkey = await startValkey();
});
afterAll(() => valkey.stop());

const entry = (first: number): ChunkEntry => ({
  batchId: "0".repeat(25) + "A",
  owner: newId(),
  first,
  cells: 16,
  generation: 0,
  estimateMs: 20,
  redelivered: false,
  requestId: "r",
});

test("chunks of batches wait in a queue of their own, each of them once", async () => {
  const options = { redisUrl: valkey.url, prefix: "{test}", logger: createLogger("test", "silent") };
  const chunks = createChunkQueue(options);
  const jobs = createJobQueue(options);
  try {
    await Promise.all(
      [chunks, jobs].map((queue) => new Promise<void>((done) => queue.onConnected(() => done()))),
    );
    for (const first of [0, 16, 16]) await chunks.enqueue(entry(first));
    const ids = [0, 16, 32].map((first) => chunkId(entry(first)));
    expect(await chunks.findMissing(ids)).toEqual(ids.slice(2));
    expect(await jobs.findMissing(ids)).toEqual(ids);
    expect(await chunks.remove(ids[0] ?? "")).toBe(true);
    expect(await chunks.has(ids[0] ?? "")).toBe(false);
  } finally {
    await Promise.all([chunks.close(), jobs.close()]);
  }
});
