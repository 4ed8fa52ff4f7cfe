/** Batches as the API would make them, and parts as workers do. */

import { firstPlan } from "../../src/shared/batch/chunk-plan.ts";
import { NO_STANDINGS } from "../../src/shared/batch/honesty.ts";
import { presentBatch } from "../../src/shared/batch/present-batch.ts";
import { type Sweep, sweepSchema } from "../../src/shared/batch/sweep.ts";
import type { Batch } from "../../src/shared/contract/batch.ts";
import { newId } from "../../src/shared/ids.ts";
import { type BatchPart, NO_COUNTS } from "../../src/shared/job-store/batch-port.ts";
import type { BatchRecord } from "../../src/shared/job-store/batch-record.ts";
import { NOON } from "./sample-jobs.ts";

export function queuedBatch(fields: Partial<BatchRecord> = {}): BatchRecord {
  return {
    id: newId(),
    owner: "alice",
    status: "queued",
    version: 1,
    createdAt: NOON,
    updatedAt: NOON,
    timeframe: "1D",
    labels: { desk: "équities 📈" },
    codeHash: "c".repeat(64),
    requestHash: "",
    cells: 100,
    ...firstPlan(100),
    generation: 0,
    ...fields,
  };
}

export function sampleSweep(): Sweep {
  return sweepSchema.parse({
    strategy: { code: "x" },
    symbols: ["AAPL"],
    timeframe: "1D",
    windows: [{ period: "1y" }],
    parameters: { fast: { from: 1, to: 10, step: 1 }, slow: [1, "ä", true] },
    options: {},
    limits: {},
  });
}

/** As it is shown to browsers that listen. */
export function shownAs(batch: BatchRecord, fields: Partial<Batch> = {}): Batch {
  return { ...presentBatch(batch, NO_COUNTS, NO_STANDINGS), ...fields };
}

export function part(first: number, fields: Partial<BatchPart> = {}): BatchPart {
  return {
    first,
    cells: 16,
    generation: 0,
    succeeded: 13,
    failedUser: 1,
    failedLimit: 0,
    failedPlatform: 2,
    cpuMs: 12.5,
    bytes: new Uint8Array([first, 2, 3]),
    ...fields,
  };
}
