/** From POST to the Firestore listener that shows the terminal state, in Chromium, beside what the emulator takes. */
import type { Page } from "playwright-core";
import { startFrontend } from "../test/browser/support/frontend.ts";
import { chromiumIsMissing } from "../test/support/start-chromium.ts";
import { emulatorIsMissing } from "../test/support/start-firestore-emulator.ts";
import { pause, spreadOf, stolenSeconds } from "./measure.ts";
import type { Row, Table } from "./report.ts";
import { oneYearJob } from "./strategies.ts";

const JOBS = 100;
/** The emulator's JVM compiles as it goes: a job takes 49 ms of its CPU time among the first 100, 17 after 300. */
const WARM_UP = 300;
const WRITES_WARM_UP = 20;
const GAP_MS = 20;

export async function benchListener(): Promise<Table> {
  const title = `Firestore listener in Chromium, form 2, 252 bars, ${JOBS} jobs with ${GAP_MS} ms gaps, after ${WARM_UP} others`;
  if (chromiumIsMissing() || emulatorIsMissing()) {
    return { name: "listener", title, rows: [{ what: "not measured on this machine", figures: {} }] };
  }
  const frontend = await startFrontend({ LOG_LEVEL: "warn" });
  try {
    const page = await frontend.open(`${frontend.pages.harness}?user=alice`);
    const request = JSON.stringify(oneYearJob());
    await timeJobs(page, request, WARM_UP);
    const job = await measure("POST to terminal state at the listener", () => timeJobs(page, request, JOBS));
    const write = await measure("the emulator's own write to listener", async () =>
      (await page.evaluate<number[]>(`window.sdk.timeWrites(${WRITES_WARM_UP + JOBS})`)).slice(
        WRITES_WARM_UP,
      ),
    );
    job.headline = ["p50 ms"];
    job.target = "p50 <= 60 ms";
    job.reached = Number(job.figures["p50 ms"]) <= 60;
    return { name: "listener", title, rows: [job, write] };
  } finally {
    await frontend.stop();
  }
}

/** The page's own clock measures. */
async function timeJobs(page: Page, request: string, jobs: number): Promise<number[]> {
  const samples: number[] = [];
  for (let job = 0; job < jobs; job += 1) {
    await pause(GAP_MS);
    samples.push(await page.evaluate<number>(`window.sdk.timeJob(${request})`));
  }
  return samples;
}

async function measure(what: string, take: () => Promise<number[]>): Promise<Row> {
  const stolenBefore = stolenSeconds();
  const { p50, p90, p99, max } = spreadOf(await take());
  const stolen = stolenSeconds() - stolenBefore;
  return {
    what,
    figures: { "p50 ms": p50, "p90 ms": p90, "p99 ms": p99, "max ms": max, "stolen s": stolen },
  };
}
