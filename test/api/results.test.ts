import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobResultSchema } from "../../src/shared/contract/job-result.ts";
import { type Room, startRoom } from "./support/room.ts";
import { sampleResult } from "./support/sample-result.ts";

let room: Room;
let finished: string;
beforeAll(async () => {
  room = await startRoom({ withoutRedis: true });
  finished = await room.submit();
  await room.worker.succeed(finished);
});
afterAll(() => room.stop());

test("the result goes out gzipped to those who take gzip, plain to the others, and is the same", async () => {
  const gzipped = await room.ask(`/v1/jobs/${finished}/result`, {
    headers: { "Accept-Encoding": "br;q=0.5, gzip" },
  });
  expect(gzipped.headers).toMatchObject({ "content-encoding": "gzip", "content-type": "application/json" });
  expect(gzipped.headers.vary).toContain("Accept-Encoding");
  const plain = await room.ask(`/v1/jobs/${finished}/result`);
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect(gunzipSync(gzipped.bytes).toString()).toBe(plain.text);
  expect(jobResultSchema.parse(plain.json())).toEqual(sampleResult(finished));
});

test("a result is answered 304 to those who hold it", async () => {
  const { headers } = await room.ask(`/v1/jobs/${finished}/result`);
  const held = await room.ask(`/v1/jobs/${finished}/result`, {
    headers: { "If-None-Match": headers.etag ?? "" },
  });
  expect([held.status, held.text]).toEqual([304, ""]);
});

test("there is no result while the job is unfinished, nor after it failed", async () => {
  const id = await room.submit();
  for (const path of ["", "/trades", "/equity", "/signals"]) {
    const early = await room.ask(`/v1/jobs/${id}/result${path}`);
    expect([early.status, early.problem().code]).toEqual([409, "job_unfinished"]);
  }
  await room.worker.fail(id, { class: "user", code: "exception", message: "name 'x' is not defined" });
  const late = await room.ask(`/v1/jobs/${id}/result`);
  expect([late.status, late.problem().code]).toEqual([409, "no_result"]);
  expect(late.problem().detail).toContain("name 'x' is not defined");
});

test.each([
  ["trades", 1, { direction: "long", entryPrice: "101", exitTime: "2024-01-04T00:00:00Z", pnl: "150" }],
  ["equity", 4, { timestamp: "2024-01-02T00:00:00Z", equity: "10000" }],
  ["signals", 3, { type: "BUY", reason: "fast, above slow", outcome: "filled", icon: "" }],
])("%s come as CSV with a header line, and as JSON", async (table, count, first) => {
  const csv = await room.ask(`/v1/jobs/${finished}/result/${table}`, { headers: { Accept: "text/csv" } });
  expect(csv.headers["content-type"]).toBe("text/csv; charset=utf-8");
  expect(csv.headers["content-disposition"]).toContain(`${finished}-${table}.csv`);
  const rows: unknown[] = parse(csv.text, { columns: true });
  expect(rows).toHaveLength(count);
  expect(rows[0]).toMatchObject(first);
  const json = await room.ask(`/v1/jobs/${finished}/result/${table}`);
  expect(json.json()).toMatchObject({ items: { length: count }, nextCursor: null });
});

test("a reason that a spreadsheet would run as a formula is kept from it", async () => {
  const csv = await room.ask(`/v1/jobs/${finished}/result/signals`, { headers: { Accept: "text/csv" } });
  const rows: { reason: string }[] = parse(csv.text, { columns: true });
  expect(rows[1]?.reason).toBe('\'=1+1 "quoted"');
});
