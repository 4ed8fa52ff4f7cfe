import { expect, onTestFinished, test } from "vitest";
import { CONTEXT, connectTo, requestWith, seriesOf } from "./clients.ts";
import { startFakeExecutor } from "./fake-executor.ts";

async function costOf(timings: Record<string, number>): Promise<number> {
  const failure = { class: "limit", code: "timeout", message: "too long" };
  const fake = await startFakeExecutor({ execute: () => ({ success: false, failure, timings }) });
  onTestFinished(() => fake.stop());
  const outcome = await connectTo([fake.target]).execute(requestWith({ series: seriesOf(3) }), CONTEXT);
  return outcome.cpuMs;
}

test("an execution costs what the server measured: CPU time, or the time that a killed one ran", async () => {
  expect(await costOf({ childCpuMs: 7.5, totalMs: 40, queueMs: 10 })).toBe(7.5);
  expect(await costOf({ totalMs: 2_040, queueMs: 40 })).toBe(2_000);
});
