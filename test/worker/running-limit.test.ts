import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPlans } from "../../src/shared/plans.ts";
import { FakeExecutor, succeeded } from "./fake-executor.ts";
import { startWorkerBench, until, type WorkerBench } from "./worker-bench.ts";

describe("an owner's running limit", () => {
  let bench: WorkerBench;
  beforeAll(async () => {
    bench = await startWorkerBench();
  });
  afterAll(() => bench.stop());

  it("lets no more of their jobs run at once, and each of them in the end", async () => {
    const executor = new FakeExecutor();
    executor.slots = 4;
    const gates: (() => void)[] = [];
    executor.behaviour = async (request) => {
      await new Promise<void>((open) => gates.push(open));
      return succeeded(request);
    };
    await bench.startWorker(executor, { OWNER_RUNNING_MAX: "2" });
    const jobs = await Promise.all(Array.from({ length: 6 }, () => bench.submit()));
    await until(() => gates.length === 2);
    for (let ended = 0; ended < jobs.length; ended += 1) {
      await until(() => gates.length > 0);
      gates.shift()?.();
    }
    for (const { job } of jobs) expect((await bench.finished(job.id)).job.status).toBe("succeeded");
    expect(executor.mostAtOnce).toBe(2);
    expect(await bench.redis.zcard("{test}:fair:executions:waiting:someone")).toBe(0);
    await until(async () => (await bench.redis.zcard("{test}:fair:running:someone")) === 0);
  });
});

describe("plans", () => {
  const directory = mkdtempSync(join(tmpdir(), "strategiz-plans-"));
  const path = join(directory, "plans.json");
  afterAll(() => rmSync(directory, { recursive: true }));
  const withFile = (content: unknown) => {
    writeFileSync(path, JSON.stringify(content));
    return openPlans({ PLANS_FILE: path, OWNER_QUEUED_MAX: 50 });
  };

  it("give owners their share and limits, and everybody else the standard", () => {
    const plans = withFile({
      plans: { free: { running: 1 }, pro: { weight: 4, queued: 9_000 } },
      default: "free",
      owners: { ann: "pro" },
    });
    expect(plans.planOf("ann")).toMatchObject({
      weight: 4,
      running: Number.POSITIVE_INFINITY,
      queued: 9_000,
    });
    expect(plans.planOf("anybody")).toMatchObject({ weight: 1, running: 1, queued: 50, requests: 0 });
  });

  it("that cannot be read stop the start with a sentence that names the fault", () => {
    expect(() => withFile({ plans: {}, owners: { ann: "pro" } })).toThrow(
      /PLANS_FILE is .*ann has the plan pro, which is not among plans.*docs\/fairness.md/,
    );
    expect(() => withFile({ plans: { free: { weight: 0 } } })).toThrow(/plans\.free\.weight/);
    expect(() => openPlans({ PLANS_FILE: join(directory, "none.json") })).toThrow(/ENOENT/);
  });
});
