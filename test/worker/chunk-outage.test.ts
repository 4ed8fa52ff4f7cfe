/** What becomes of a chunk that meets a job store which does not answer. */
import { expect, test } from "vitest";
import { StoreUnavailableError } from "../../src/shared/errors.ts";
import { newId } from "../../src/shared/ids.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { type ChunkParts, processChunk } from "../../src/worker/batches/process-chunk.ts";

const ENTRY = {
  batchId: newId(),
  owner: "alice",
  requestId: "r",
  first: 0,
  cells: 4,
  generation: 0,
};

test("a chunk that the job store gives nothing about waits, tells of the outage, and uses no attempt", async () => {
  let outages = 0;
  const parts = {
    turns: { begin: () => Promise.resolve({ spent: () => undefined, end: () => undefined }) },
    known: { find: () => Promise.reject(new StoreUnavailableError("away")) },
    running: { watch: () => Promise.resolve(), unwatch: () => undefined },
    observe: {
      failedPlatform: () => undefined,
      storeUnavailable: () => {
        outages += 1;
      },
    },
    logger: createLogger("test", "silent"),
  } as unknown as ChunkParts;
  for (const attemptsUsed of [0, 2]) {
    const delivery = { entry: ENTRY, attemptsUsed } as Parameters<typeof processChunk>[1];
    expect(await processChunk(parts, delivery)).toEqual({ kind: "delay", delayMs: expect.any(Number) });
  }
  expect(outages).toBe(2);
});
