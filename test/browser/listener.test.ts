/** The SDK and the example page in real Chromium, on the real service with Firestore's emulator. */
import type { JSHandle, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/shared/job-store/firestore/open-database.ts";
import { crossoverSweep } from "../support/batches.ts";
import { chromiumIsMissing } from "../support/start-chromium.ts";
import { emulatorIsMissing } from "../support/start-firestore-emulator.ts";
import type { Watched } from "./harness/main.ts";
import { type Frontend, startFrontend } from "./support/frontend.ts";

/** Runs for a second or two, so that every way sees it run. */
const SLOW = "x = 0\nfor i in range(12_000_000):\n    x += 1\nplot(df['close'], 'close')\n";
/** Noise does not compress: a result of several parts. */
const LARGE = "for i in range(40):\n    plot(df['close'] * np.random.rand(len(df)), f'p{i}')\n";
const WAYS = ["firestore", "events", "polling"] as const;
const PATIENT = { timeout: 30_000 };
/** For a batch, which gets what all others leave of the cores. */
const MORE_PATIENT = { timeout: 100_000 };

describe.skipIf(chromiumIsMissing() || emulatorIsMissing())("in Chromium", () => {
  let frontend: Frontend;
  let alice: Page;

  beforeAll(async () => {
    frontend = await startFrontend();
    alice = await frontend.open(`${frontend.pages.harness}?user=alice`);
  }, 120_000);

  afterAll(() => frontend?.stop());

  const submit = (page: Page, code: string, symbol = "AAPL"): Promise<string> =>
    page.evaluate(async (request) => (await window.sdk.client.submitJob(request)).id, {
      strategy: { code },
      symbol,
      limits: { timeoutSeconds: 20 },
    });

  const begin = (page: Page, id: string): Promise<JSHandle<Watched[]>> =>
    page.evaluateHandle(([job, vias]) => vias.map((via) => window.sdk.watch(job, via)), [id, WAYS] as const);

  async function ended(page: Page, watches: JSHandle<Watched[]>): Promise<Watched[]> {
    await page.waitForFunction((all) => all.every(({ done }) => done), watches, PATIENT);
    return await watches.jsonValue();
  }

  /** A job that waits, as its worker is stopped, until the worker is sent SIGCONT; every way has seen it. */
  async function beginQueued(page: Page): Promise<{ id: string; watches: JSHandle<Watched[]> }> {
    frontend.stack.workers[0]?.signal("SIGSTOP");
    const id = await submit(page, SLOW);
    const watches = await begin(page, id);
    await page.waitForFunction((all) => all.every(({ jobs }) => jobs.length > 0), watches, PATIENT);
    return { id, watches };
  }

  test("listener, events and polling give the same states, and the same finished job", async () => {
    const { watches } = await beginQueued(alice);
    frontend.stack.workers[0]?.signal("SIGCONT");
    const [byListener, byEvents, byPolling] = await ended(alice, watches);
    expect(byListener?.error).toBeUndefined();
    expect(byListener?.jobs.map(({ status }) => status)).toEqual(["queued", "running", "succeeded"]);
    expect(byEvents?.jobs).toEqual(byListener?.jobs);
    expect(byPolling?.jobs).toEqual(byListener?.jobs);
  });

  test("a browser that was offline while its job ended sees the end when it is back", async () => {
    const page = await frontend.open(`${frontend.pages.harness}?user=alice`);
    const { id, watches } = await beginQueued(page);
    await page.context().setOffline(true);
    frontend.stack.workers[0]?.signal("SIGCONT");
    const endedAs = await alice.evaluate(
      async (job) => (await window.sdk.client.finishedJob(job)).version,
      id,
    );
    // What was being answered already may still arrive; a listener hears nothing from then on.
    expect((await watches.jsonValue())[0]?.done).toBe(false);
    await page.context().setOffline(false);
    for (const { jobs, error } of await ended(page, watches)) {
      expect([error, jobs.at(-1)?.status, jobs.at(-1)?.version]).toEqual([undefined, "succeeded", endedAs]);
      const versions = jobs.map(({ version }) => version);
      expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    }
    await page.context().close();
  });

  test("another user's job is refused, by the listener, by the API and for its result", async () => {
    const id = await submit(alice, "plot(df['close'], 'close')");
    await alice.evaluate(async (job) => void (await window.sdk.client.finishedJob(job)), id);
    const bob = await frontend.open(`${frontend.pages.harness}?user=bob`);
    const errors = (await ended(bob, await begin(bob, id))).map(({ error, jobs }) => [error, jobs.length]);
    expect(errors).toEqual([
      ["AccessDeniedError", 0],
      ["ApiError", 0],
      ["ApiError", 0],
    ]);
    const result = bob.evaluate((job) => window.sdk.client.getResult(job), id);
    await expect(result).rejects.toThrow("AccessDeniedError");
    await bob.context().close();
  });

  test("a result in many parts is put together and is the API's; a changed or missing part is noticed", async () => {
    const id = await submit(alice, LARGE, "IXIC");
    const job = await alice.evaluate((of) => window.sdk.client.finishedJob(of), id);
    expect(job.failure).toBeUndefined();
    const same = await alice.evaluate(async (of) => {
      const { client, overHttp } = window.sdk;
      const [assembled, answered] = await Promise.all([client.getResult(of), overHttp.getResult(of)]);
      return JSON.stringify(assembled) === JSON.stringify(answered);
    }, id);
    expect(same).toBe(true);

    const { emulator } = frontend;
    const { db, close } = openDatabase({ projectId: emulator.projectId, emulatorHost: emulator.host });
    const parts = await db.collection(`jobs/${id}/parts`).get();
    expect(parts.size).toBeGreaterThan(1);
    const part = parts.docs[1] ?? expect.fail("there is one part alone");
    const bytes: Buffer = part.get("bytes");
    const changed = Buffer.from(bytes);
    changed[1_000] = (changed[1_000] ?? 0) ^ 1;
    const readAgain = () => alice.evaluate((of) => window.sdk.client.getResult(of).then(() => "whole"), id);
    await part.ref.update({ bytes: changed });
    await expect(readAgain()).rejects.toThrow(/DamagedResultError.*checksum/);
    await part.ref.update({ bytes: bytes.subarray(1) });
    await expect(readAgain()).rejects.toThrow(/DamagedResultError.* bytes/);
    await part.ref.update({ bytes });
    expect(await readAgain()).toBe("whole");
    await close();
  });

  test("a batch's progress and leaderboard reach the listener while it runs, once a second at most", async () => {
    const { id } = await alice.evaluate(
      (request) => window.sdk.client.submitBatch(request),
      crossoverSweep(100, 40),
    );
    const watch = await alice.evaluateHandle((batch) => window.sdk.watchBatch(batch, "firestore"), id);
    await alice.waitForFunction(({ done }) => done, watch, MORE_PATIENT);
    const { batches, times, error } = await watch.jsonValue();
    expect(error).toBeUndefined();
    const halfWay = batches.filter(({ counts }) => counts.succeeded > 0 && counts.pending > 0);
    expect(halfWay.length).toBeGreaterThan(1);
    for (const { trials, leaderboard } of halfWay) expect(leaderboard).toHaveLength(Math.min(trials, 10));
    const succeeded = batches.map(({ counts }) => counts.succeeded);
    expect(succeeded).toEqual(succeeded.toSorted((a, b) => a - b));
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
    // The first, the last, and one for each second between.
    expect(batches.length).toBeLessThanOrEqual(3 + seconds);
    const now = await alice.evaluate((batch) => window.sdk.overHttp.getBatch(batch), id);
    expect(now).toMatchObject({ status: "succeeded", counts: { succeeded: 4_000, pending: 0 } });
    expect(batches.at(-1)).toEqual(now);
    const bob = await frontend.open(`${frontend.pages.harness}?user=bob`);
    const refused = await bob.evaluateHandle((batch) => window.sdk.watchBatch(batch, "firestore"), id);
    await bob.waitForFunction(({ done }) => done, refused, PATIENT);
    expect((await refused.jsonValue()).error).toBe("AccessDeniedError");
    await bob.context().close();
  }, 120_000);

  describe("the example page", () => {
    let page: Page;
    beforeAll(async () => {
      page = await frontend.open(`${frontend.pages.listener}?user=alice`);
    });

    async function run(example: string, via: string): Promise<void> {
      await page.getByLabel("Example").selectOption({ label: example });
      await page.getByLabel("Updates by").selectOption(via);
      await page.getByRole("button", { name: "Run" }).click();
    }

    test.each(WAYS)("shows status, metrics and an equity curve by %s", async (via) => {
      await run("Moving averages", via);
      await page.locator("#status[data-status=succeeded]").waitFor(PATIENT);
      await page.getByRole("img", { name: /^Equity of AAPL from 10,000 on 2008/ }).waitFor(PATIENT);
      expect(await page.locator("#states li").last().getAttribute("data-status")).toBe("succeeded");
      expect(await page.locator("#metrics").innerText()).toMatch(/Return\n-?\d+\.\d %/);
      const points = (await page.locator("polyline.curve").getAttribute("points")) ?? "";
      expect(points.split(" ").length).toBeGreaterThan(500);
    });

    test("tells the author of a broken strategy the line and a hint", async () => {
      await run("A broken one", "firestore");
      await page.locator("#status[data-status=failed]").waitFor(PATIENT);
      const text = await page.locator("#failure").innerText();
      expect(text).toContain("(line 2)");
      expect(text).toContain("did you mean 'close'?");
      expect(await page.locator("#metrics").innerText()).toBe("");
    });

    test("says why a request is refused, with the request's id", async () => {
      await page.getByLabel("Symbol").fill("no symbol");
      await run("Moving averages", "firestore");
      const alert = page.getByRole("alert");
      await expect
        .poll(() => alert.innerText(), PATIENT)
        .toMatch(/^symbol: must be .*\(request [0-9a-f-]+\)$/);
      await page.getByLabel("Symbol").fill("AAPL");
    });

    test("cancels a strategy that never ends", async () => {
      await run("One that never ends", "firestore");
      await page.locator("#states li[data-status=running]").waitFor(PATIENT);
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.locator("#status[data-status=cancelled]").waitFor(PATIENT);
      expect(await page.getByRole("button", { name: "Cancel" }).isDisabled()).toBe(true);
    });

    test("and none of it was an error that nobody caught", () => {
      expect(frontend.complaints).toEqual([]);
    });
  });
});
