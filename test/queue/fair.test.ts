import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/shared/ids.ts";
import { startValkey, type ValkeyPart } from "../support/start-valkey.ts";
import { openTestLine, type TestLine } from "./fair-line.ts";

let valkey: ValkeyPart;
let line: TestLine;
beforeAll(async () => {
  valkey = await startValkey();
});
afterAll(() => valkey.stop());
beforeEach(async () => {
  line = await openTestLine(valkey.url, { weightOf: (owner) => (owner.startsWith("pro") ? 3 : 1) });
});
afterEach(async () => {
  await line.redis.flushdb();
  await line.close();
});

/** Of times between ends, each counting 3 % less than the one after it. */
function meanGap(ends: readonly number[]): number {
  const gaps = ends.slice(1).map((end, n) => end - (ends[n] ?? 0));
  const weights = gaps.map((_, n) => 0.97 ** (gaps.length - 1 - n));
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return sum(gaps.map((gap, n) => gap * (weights[n] ?? 0))) / sum(weights);
}

function countOf(owners: readonly string[], owner: string): number {
  return owners.filter((each) => each === owner).length;
}

describe("whose work is next", () => {
  it("a single job does not wait behind another owner's backlog", async () => {
    await line.add("heavy", 300);
    await line.serve(5, () => 20);
    await line.add("light");
    expect(await line.serve(2, () => 20)).toContain("light");
  });

  it("owners get equal CPU time, not equal numbers of jobs", async () => {
    await line.add("slow", 60);
    await line.add("quick", 200);
    const owners = await line.serve(110, (owner) => (owner === "slow" ? 100 : 10));
    const slowMs = countOf(owners, "slow") * 100;
    const quickMs = countOf(owners, "quick") * 10;
    expect(countOf(owners, "slow")).toBeGreaterThan(4);
    expect(Math.abs(slowMs - quickMs)).toBeLessThan(300);
  });

  it("a backlog that costs far more than expected does not keep what its estimate gave it", async () => {
    await line.add("liar", 200, "unheard-of");
    await line.add("honest", 100);
    const owners = await line.serve(60, (owner) => (owner === "liar" ? 2_000 : 20));
    expect(countOf(owners, "liar")).toBeLessThanOrEqual(2);
  });

  it("a backlog that costs far less than expected does not lose by it", async () => {
    await line.redis.hset("{test}:fair:cost:learnt", "s", "1000", "*", "1000");
    await line.add("learnt", 100);
    await line.add("other", 100);
    const owners = await line.serve(60, () => 10);
    expect(countOf(owners.slice(10), "learnt")).toBeGreaterThan(18);
  });

  it("an owner of three times the weight gets three times the CPU time", async () => {
    await line.add("pro", 200);
    await line.add("free", 200);
    const owners = await line.serve(80, () => 10);
    expect(countOf(owners, "pro") / countOf(owners, "free")).toBeCloseTo(3, 0);
  });

  it("who was away has saved nothing up", async () => {
    await line.add("always", 200);
    await line.serve(100, () => 20);
    await line.add("late", 100);
    const owners = await line.serve(20, () => 20);
    expect(countOf(owners, "late")).toBeLessThan(13);
    expect(countOf(owners, "late")).toBeGreaterThan(7);
  });

  it("nobody starves while others keep adding work", async () => {
    await line.add("used-much", 3);
    await line.serve(2, () => 5_000);
    const served: string[] = [];
    for (let round = 0; round < 400 && !served.includes("used-much"); round += 1) {
      await line.add(`new-${round}`);
      served.push(...(await line.serve(1, () => 50)));
      if (round > 150) served.push(...(await line.serve(1, () => 50)));
    }
    expect(served).toContain("used-much");
  });

  it("an owner's own jobs run in the order they came", async () => {
    const ids = await line.add("one", 40);
    const order: string[] = [];
    for (let turn = 0; turn < 40; turn += 1) {
      const handed = await line.take();
      if (handed === undefined) break;
      order.push(handed.id);
      await line.give(handed, 5 + (turn % 7) * 30);
    }
    expect(order).toEqual(ids);
  });

  it("the clock does not wrap: order holds beyond BullMQ's own range of priorities", async () => {
    await line.redis.hset("{test}:fair:executions", "clock", "400000000000.000");
    await line.add("heavy", 50);
    await line.serve(3, () => 20);
    await line.add("light");
    expect(await line.serve(2, () => 20)).toContain("light");
  });
});

describe("what goes wrong on the way", () => {
  it("entries whose worker died between being handed out and saying so still come up", async () => {
    await line.add("owner", 60);
    // Popped as a worker does, and never begun.
    for (let lost = 0; lost < 20; lost += 1) await line.redis.zpopmin("{test}:executions:prioritized");
    expect(await line.serve(100, () => 10)).toHaveLength(40);
  });

  it("a removed entry gives its charge back and the next one moves up", async () => {
    const ids = await line.add("changed-mind", 100);
    await line.add("other", 50);
    for (const id of ids.slice(0, 90)) {
      await line.line.leave(id);
      await line.redis.zrem("{test}:executions:prioritized", id);
      await line.redis.del(`{test}:executions:${id}`);
    }
    expect(await line.line.waitingOf("changed-mind")).toBe(10);
    const owners = await line.serve(20, () => 20);
    expect(countOf(owners, "changed-mind")).toBeGreaterThan(7);
  });

  it("a job that goes back to the queue unrun costs its owner nothing", async () => {
    await line.add("refused", 30);
    await line.add("other", 30);
    for (let turn = 0; turn < 8; turn += 1) {
      const handed = await line.take();
      if (handed === undefined) break;
      await line.turns.end({ id: handed.id, owner: handed.owner, strategy: "s" }, handed.charge ?? 0, {
        cpuMs: undefined,
        wallMs: 0,
        atOnce: 2,
        left: false,
      });
      await handed.job.moveToCompleted("", "token", false);
    }
    const owners = await line.serve(20, () => 20);
    expect(countOf(owners, "refused")).toBeGreaterThan(6);
    expect(countOf(owners, "other")).toBeGreaterThan(6);
  });

  it("the accounts stand after Redis was killed and started again", async () => {
    await line.add("used-much", 40);
    await line.add("other", 40);
    await line.serve(1, () => 1_000);
    await line.redis.call("WAITAOF", 1, 0, 1_000);
    const back = new Promise<void>((done) =>
      line.redis.once("close", () => line.redis.once("ready", () => done())),
    );
    await valkey.kill();
    valkey = await valkey.startAgain();
    await back;
    const owners = await line.serve(20, () => 20);
    expect(new Set(owners)).toEqual(new Set(["other"]));
  });
});

describe("a place in line", () => {
  it("is the entry's rank for the next ones, and for those far back what equal shares will make of it", async () => {
    const heavy = await line.add("heavy", 100);
    await line.serve(3, () => 20);
    const [light = ""] = await line.add("light");
    const place = (id: string, owner: string) => line.line.placeOf(id, owner);
    expect((await place(light, "light")).position).toBeLessThanOrEqual(2);
    const last = await place(heavy[99] ?? "", "heavy");
    expect(last).toMatchObject({ where: "line", position: 98, behindOwnOnly: false });
    expect((await place(heavy[50] ?? "", "heavy")).position).toBeGreaterThan(90);
    expect(await place(heavy[0] ?? "", "heavy")).toMatchObject({ where: "gone" });
  });
});

describe("what is told of the line", () => {
  it("an entry that is added learns its place, which is the one that was foretold", async () => {
    await line.add("heavy", 30);
    await line.serve(3, () => 20);
    for (const owner of ["heavy", "light", "pro"]) {
      const foretold = await line.line.nextPlaceOf(owner);
      const { place } = await line.line.add(newId(), "{}", { owner, strategy: "s" }, true);
      expect(place).toMatchObject({ where: "line", position: foretold.position, owners: foretold.owners });
    }
    expect((await line.line.nextPlaceOf("late")).position).toBeLessThan(10);
    expect((await line.line.nextPlaceOf("heavy")).position).toBeGreaterThan(28);
  });

  it("an entry that is there already is not added, and has no new place", async () => {
    const [id = ""] = await line.add("owner", 3);
    const again = await line.line.add(id, "{}", { owner: "owner", strategy: "s" });
    expect(again).toEqual({ waiting: 3, place: undefined });
  });

  it("the start of an entry follows from how fast the line really moved, whatever executions take", async () => {
    const ids = await line.add("owner", 80);
    await line.redis.zadd("{test}:workers", Date.now(), "a-worker");
    const ends: number[] = [];
    for (let turn = 0; turn < 21; turn += 1) {
      await line.serve(1, () => 4_000);
      ends.push(Number(await line.redis.hget("{test}:fair:executions", "endedAt")));
    }
    const before = Date.now();
    const { position, estimatedStart } = await line.line.placeOf(ids[79] ?? "", "owner");
    expect(position).toBe(59);
    const paceMs = meanGap(ends);
    expect(paceMs).toBeGreaterThan(0);
    expect(estimatedStart).toBeGreaterThan(before + 59 * paceMs - 2);
    expect(estimatedStart).toBeLessThan(Date.now() + 60 * paceMs + 2);
  });

  it("entries that go back to the queue do not make the line look faster", async () => {
    const ids = await line.add("owner", 30);
    await line.redis.zadd("{test}:workers", Date.now(), "a-worker");
    for (let turn = 0; turn < 10; turn += 1) {
      const charge = await line.turns.begin({ id: ids[0] ?? "", owner: "owner", strategy: "s" }, 10);
      const cost = { cpuMs: undefined, wallMs: 0, atOnce: 2, left: false };
      await line.turns.end({ id: ids[0] ?? "", owner: "owner", strategy: "s" }, charge ?? 0, cost);
    }
    expect((await line.line.placeOf(ids[29] ?? "", "owner")).estimatedStart).toBeUndefined();
  });
});

describe("limits and queues", () => {
  it("an owner runs no more at once than the limit, and all in the end", async () => {
    await line.add("limited", 6);
    const first = await line.take(2);
    const second = await line.take(2);
    const third = await line.take(2);
    expect([first?.charge, second?.charge].every((charge) => charge !== undefined)).toBe(true);
    expect(third?.charge).toBeUndefined();
    await third?.job.moveToDelayed(Date.now() + 60_000, "token");
    if (first === undefined || second === undefined) throw new Error("Nothing was handed out");
    await line.give(first, 20);
    const again = await line.take(2);
    expect(again?.id).toBe(third?.id);
    expect(again?.charge).toBeDefined();
  });

  it("a sweep counts for its owner's single jobs too, within bounds", async () => {
    const chunks = await openTestLine(valkey.url, { queue: "chunks", other: "executions" });
    try {
      await line.add("other", 300);
      await line.serve(2, () => 20);
      await chunks.add("sweeper", 50);
      await chunks.serve(50, () => 200);
      await line.add("sweeper");
      const owners = await line.serve(290, () => 20);
      const waited = owners.indexOf("sweeper");
      expect(waited).toBeGreaterThan(20);
      expect(waited).toBeLessThan(5_000 / 20 + 20);
    } finally {
      await chunks.close();
    }
  });
});
