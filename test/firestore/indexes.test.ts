/** deploy/firestore/firestore.indexes.json against the documents and queries of the adapter. The emulator has no indexes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { ROOT } from "../../src/local/paths.ts";
import { batchRecordSchema } from "../../src/shared/job-store/batch-record.ts";
import {
  batchesOfOwner,
  encodeBatch,
  openBatchesOfOwner,
  unfinishedBatches,
} from "../../src/shared/job-store/firestore/batch-documents.ts";
import { encodeChange, encodeJob, JOB_FIELDS } from "../../src/shared/job-store/firestore/job-document.ts";
import {
  finishedJobs,
  jobsOfOwner,
  jobsOfWork,
  unfinishedJobs,
} from "../../src/shared/job-store/firestore/job-queries.ts";
import { openDatabase } from "../../src/shared/job-store/firestore/open-database.ts";
import { barsOf } from "../../src/shared/market-data/firestore/bar-documents.ts";
import { queuedBatch } from "../job-store/sample-batches.ts";
import { queuedJob, success } from "../job-store/sample-jobs.ts";

const file = z
  .object({
    indexes: z.array(
      z.object({
        collectionGroup: z.string(),
        fields: z.array(z.object({ fieldPath: z.string(), order: z.string() })),
      }),
    ),
    fieldOverrides: z.array(
      z.object({
        collectionGroup: z.string(),
        fieldPath: z.string(),
        ttl: z.boolean().optional(),
        indexes: z.array(z.unknown()),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(ROOT, "deploy/firestore/firestore.indexes.json"), "utf8")));

const indexesOf = (group: string): string[] =>
  file.indexes
    .filter(({ collectionGroup }) => collectionGroup === group)
    .map(({ fields }) => fields.map(({ fieldPath, order }) => `${fieldPath} ${order}`).join(", "));
const exemptOf = (group: string): string[] =>
  file.fieldOverrides
    .filter(({ collectionGroup, indexes }) => collectionGroup === group && indexes.length === 0)
    .map(({ fieldPath }) => fieldPath);

const queryShape = z.object({
  where: z.unknown(),
  orderBy: z
    .array(z.object({ field: z.object({ fieldPath: z.string() }), direction: z.string() }))
    .default([]),
});

/** What the client library sends for a query: its first order and the fields that it filters for equality. */
function shapeOf(query: object): { order: string; equal: string[] } {
  const { toProto } = z.object({ toProto: z.function() }).loose().parse(query);
  const proto = z.object({ structuredQuery: queryShape }).parse(Reflect.apply(toProto, query, []));
  const [first] = proto.structuredQuery.orderBy;
  const filters = [
    ...JSON.stringify(proto.structuredQuery.where).matchAll(/"fieldPath":"(\w+)"\},"op":"(\w+)"/g),
  ];
  const equal = filters.filter(([, , op]) => op === "EQUAL" || op === "IN").map(([, field]) => field ?? "");
  return { order: `${first?.field.fieldPath} ${first?.direction}`, equal };
}

test("every query has an index: of its own, or for each filter one in the same order, which Firestore joins", async () => {
  const { db, close } = openDatabase({ projectId: "demo-indexes", emulatorHost: "127.0.0.1:1" });
  const jobs = db.collection("jobs");
  const filters = [{}, { status: "failed" as const }, { symbol: "A" }, { strategyId: "s" }, { batchId: "b" }];
  const queries = [
    ...filters.map((filter) => jobsOfOwner(jobs, "alice", filter, { time: 1, id: "1" })),
    unfinishedJobs(jobs, 1, { time: 1, id: "1" }),
    finishedJobs(jobs, 1),
  ];
  for (const query of queries) {
    const { order, equal } = shapeOf(query);
    expect(indexesOf("jobs")).toContain([...equal.map((field) => `${field} ASCENDING`), order].join(", "));
  }
  expect(indexesOf("jobs")).toHaveLength(queries.length);
  // Requests hold the jobs that nobody sees yet, and are asked the same, but for what has ended.
  expect(indexesOf("jobRequests")).toEqual(
    indexesOf("jobs").filter((index) => !index.startsWith("endedShard")),
  );
  const batches = db.collection("batches");
  const ofBatches = [
    batchesOfOwner(batches, "alice", { time: 1, id: "1" }),
    unfinishedBatches(batches, 1, { time: 1, id: "1" }),
  ];
  for (const query of ofBatches) {
    const { order, equal } = shapeOf(query);
    expect(indexesOf("batches")).toContain([...equal.map((field) => `${field} ASCENDING`), order].join(", "));
  }
  // A sum needs an index of what is filtered by, with the field that is summed at its end.
  const { equal } = shapeOf(openBatchesOfOwner(batches, "alice"));
  const summed = [...equal, "cells"].map((field) => `${field} ASCENDING`).join(", ");
  expect(indexesOf("batches")).toContain(summed);
  expect(indexesOf("batches")).toHaveLength(ofBatches.length + 1);
  await close();
});

test("of a batch only what the service asks by is indexed: owner, open, end and status", () => {
  const batch = { ...queuedBatch(), status: "succeeded" as const, finishedAt: 1 };
  const fields = [
    ...Object.keys(batchRecordSchema.shape),
    ...Object.keys(encodeBatch(batch, { lastWrite: "x", retentionDays: 1 })),
  ];
  const asked = ["owner", "open", "endedAt", "status", "strategyId", "id"];
  expect(new Set(exemptOf("batches"))).toEqual(new Set(fields.filter((field) => !asked.includes(field))));
});

test("bars are found and searched in the order of symbol, timeframe and time, either way", async () => {
  const { db, close } = openDatabase({ projectId: "demo-indexes", emulatorHost: "127.0.0.1:1" });
  for (const direction of ["asc", "desc"] as const) {
    const { order, equal } = shapeOf(
      barsOf(db.collection("marketdata"), "AAPL", "1D", direction, { fromMs: 1 }),
    );
    const index = [...equal.map((field) => `${field} ASCENDING`), order].join(", ");
    expect(indexesOf("marketdata")).toContain(index);
  }
  // The search for the next series (listSeries) takes the ascending one.
  expect(indexesOf("marketdata")).toContain("symbol ASCENDING, timeframe ASCENDING, timestamp ASCENDING");
  for (const group of ["series", "blocks"]) expect(exemptOf(group)).toContain("bytes");
  await close();
});

test("what no browser filters by has no index of its own, times before all", () => {
  const written = { lastWrite: "x", retentionDays: 1 };
  const job = { ...queuedJob(), finishedAt: 1 };
  const fields = [
    ...JOB_FIELDS,
    ...Object.keys(encodeJob(job, 1, written)),
    ...Object.keys(encodeChange(job, success(job), written)),
    "inlineResult",
  ];
  const filtered = [
    "owner",
    "status",
    "symbol",
    "strategyId",
    "batchId",
    "openShard",
    "endedShard",
    "id",
    "work",
  ];
  expect(new Set(exemptOf("jobs"))).toEqual(new Set(fields.filter((field) => !filtered.includes(field))));
  const hidden = [...Object.keys(encodeJob(queuedJob(), 1, written)), "bytes", "expireAt"];
  expect(new Set(exemptOf("jobRequests"))).toEqual(
    new Set(hidden.filter((field) => !filtered.includes(field))),
  );
});

test("jobs are found by their work through an index of that field alone", async () => {
  const { db, close } = openDatabase({ projectId: "demo-indexes", emulatorHost: "127.0.0.1:1" });
  expect(shapeOf(jobsOfWork(db.collection("jobs"), "w")).equal).toEqual(["work"]);
  const override = file.fieldOverrides.find(({ fieldPath }) => fieldPath === "work");
  expect(override?.indexes).toEqual([{ order: "ASCENDING", queryScope: "COLLECTION" }]);
  await close();
});

test("jobs, result parts and requests expire, and the bytes of none are indexed", () => {
  const overrides = file.fieldOverrides.map(
    ({ collectionGroup, fieldPath, ttl }) => `${collectionGroup}.${fieldPath} ${ttl === true}`,
  );
  for (const group of [
    "jobs",
    "parts",
    "jobRequests",
    "jobRequestParts",
    "batches",
    "sweep",
    "counters",
    "live",
  ])
    expect(overrides).toContain(`${group}.expireAt true`);
  for (const field of [
    "jobs.inlineResult",
    "parts.bytes",
    "jobRequests.bytes",
    "jobRequestParts.bytes",
    "sweep.bytes",
    "live.batch",
    "live.owner",
  ]) {
    expect(overrides).toContain(`${field} false`);
  }
});
