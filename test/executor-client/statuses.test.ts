/** What the client makes of calls that end without an answer, by a fake executor that ends them as told. */
import { type Metadata, status } from "@grpc/grpc-js";
import { expect, onTestFinished, test } from "vitest";
import { ExecutionAbortedError, ExecutorBusyError } from "../../src/shared/errors.ts";
import { successOver } from "./answers.ts";
import { CONTEXT, connectTo, recordingLogger, rejection, requestWith } from "./clients.ts";
import { startFakeExecutor, statusError } from "./fake-executor.ts";

async function endedWith(code: status, details: string) {
  const calls: unknown[] = [];
  const fake = await startFakeExecutor({
    execute: (request) => {
      calls.push(request);
      throw statusError(code, details);
    },
  });
  onTestFinished(() => fake.stop());
  const { logger, lines } = recordingLogger();
  const outcome = connectTo([fake.target], {}, logger).execute(requestWith({}), CONTEXT);
  return { outcome, calls, lines, fake };
}

test("an executor without a free slot is busy, which is no failure, and is not called again", async () => {
  const { outcome, calls, lines } = await endedWith(status.RESOURCE_EXHAUSTED, "every slot is busy");
  await expect(outcome).rejects.toBeInstanceOf(ExecutorBusyError);
  expect(calls).toHaveLength(1);
  expect(lines.filter((line) => line.includes('"level":40'))).toEqual([]);
});

test.each<[status, string, string]>([
  [status.RESOURCE_EXHAUSTED, "Received message larger than max (99 vs. 10)", "executor_refused"],
  [status.RESOURCE_EXHAUSTED, "Bandwidth exhausted or memory limit exceeded", "executor_lost"],
  [status.UNAVAILABLE, "the server is stopping", "executor_lost"],
  [status.CANCELLED, "by the server", "executor_lost"],
  [status.INTERNAL, "internal error 1f", "executor_failed"],
  [status.UNKNOWN, "?", "executor_failed"],
  [status.INVALID_ARGUMENT, "timeout_seconds is 31", "executor_refused"],
  [status.UNAUTHENTICATED, "token needed", "executor_refused"],
  [status.UNIMPLEMENTED, "language cobol", "executor_refused"],
  [status.DEADLINE_EXCEEDED, "too late", "executor_timeout"],
])(
  "status %i (%s) is a failure of ours that the log explains and its message does not",
  async (code, details, expected) => {
    const { outcome, calls, lines, fake } = await endedWith(code, details);
    const failure = await rejection(outcome);
    expect(failure).toMatchObject({ class: "platform", code: expected });
    expect(calls).toHaveLength(1);
    expect(failure.message).not.toContain(details);
    expect(failure.message).not.toMatch(/127\.0|\d{4}/);
    const line = lines.find((text) => text.includes('"level":40')) ?? "";
    expect(JSON.parse(line)).toMatchObject({
      status: code,
      details,
      executor: fake.target,
      requestId: "a-request",
    });
  },
);

test("the executor learns who asks: token, request, job, attempt and trace", async () => {
  const seen: Metadata[] = [];
  const fake = await startFakeExecutor({
    execute: (_, metadata) => {
      seen.push(metadata);
      return successOver(10);
    },
    health: (_, metadata) => {
      seen.push(metadata);
      return { status: "SERVING", slots: 3 };
    },
  });
  onTestFinished(() => fake.stop());
  const client = connectTo([fake.target], { EXECUTOR_TOKEN: "a-secret" });
  const context = { requestId: "naïve\n", jobId: "J", attemptId: "A", traceparent: "00-1-2-01" };
  await client.execute(requestWith({}), context);
  expect(seen[0]?.getMap()).toMatchObject({
    authorization: "Bearer a-secret",
    "x-request-id": "na?ve?",
    "x-job-id": "J",
    "x-attempt-id": "A",
    traceparent: "00-1-2-01",
  });
  expect(await client.health()).toMatchObject([{ target: fake.target, serving: true, slots: 3 }]);
  expect(seen[1]?.getMap()).toMatchObject({ authorization: "Bearer a-secret" });
});

test("an execution that is aborted is cancelled on the executor's side", async () => {
  const cancelled = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const fake = await startFakeExecutor({
    execute: async (_request, _metadata, call) => {
      call.on("cancelled", () => cancelled.resolve());
      arrived.resolve();
      await cancelled.promise;
      return successOver(10);
    },
  });
  onTestFinished(() => fake.stop());
  const abort = new AbortController();
  const outcome = connectTo([fake.target]).execute(requestWith({}), { ...CONTEXT, signal: abort.signal });
  await arrived.promise;
  const aborted = performance.now();
  abort.abort();
  await expect(outcome).rejects.toBeInstanceOf(ExecutionAbortedError);
  await cancelled.promise;
  // Without the cancellation both would come at the deadline, after 15 s.
  expect(performance.now() - aborted).toBeLessThan(5_000);
});

test("an execution aborted before it began is not sent", async () => {
  const { fake, calls, outcome } = await endedWith(status.INTERNAL, "");
  await rejection(outcome);
  const context = { ...CONTEXT, signal: AbortSignal.abort() };
  await expect(connectTo([fake.target]).execute(requestWith({}), context)).rejects.toBeInstanceOf(
    ExecutionAbortedError,
  );
  expect(calls).toHaveLength(1);
});

test("a signal that outlives many executions holds nothing of them", async () => {
  const fake = await startFakeExecutor({ execute: () => successOver(10) });
  onTestFinished(() => fake.stop());
  const client = connectTo([fake.target]);
  const abort = new AbortController();
  const added: string[] = [];
  const removed: string[] = [];
  const add = abort.signal.addEventListener.bind(abort.signal);
  const remove = abort.signal.removeEventListener.bind(abort.signal);
  abort.signal.addEventListener = (type: string, listener: () => void) => {
    added.push(type);
    add(type, listener);
  };
  abort.signal.removeEventListener = (type: string, listener: () => void) => {
    removed.push(type);
    remove(type, listener);
  };
  for (let execution = 0; execution < 20; execution++) {
    await client.execute(requestWith({}), { ...CONTEXT, signal: abort.signal });
  }
  expect(added.length).toBeGreaterThanOrEqual(20);
  expect(removed).toHaveLength(added.length);
});

test("a validation says what was found and where", async () => {
  const fake = await startFakeExecutor({
    validate: (request) => ({
      valid: false,
      form: 0,
      diagnostics: [
        {
          severity: "error",
          code: "syntax_error",
          message: String(request["code"]),
          line: 2,
          column: 4,
          hint: "close it",
        },
        { severity: "suggestion", code: "no_symbol", message: "add SYMBOL" },
      ],
      parameters: [
        { name: "fast", type: "int", defaultJson: "10", min: 0, line: 1 },
        { name: "name", type: "str", defaultJson: '"x"', line: 2 },
        { name: "what", type: "any", defaultJson: "", line: 3 },
      ],
    }),
  });
  onTestFinished(() => fake.stop());
  expect(await connectTo([fake.target]).validate("the code", "ada", CONTEXT)).toEqual({
    valid: false,
    form: null,
    diagnostics: [
      { severity: "error", code: "syntax_error", message: "the code", line: 2, column: 4, hint: "close it" },
      { severity: "suggestion", code: "no_symbol", message: "add SYMBOL" },
    ],
    parameters: [
      { name: "fast", type: "int", default: 10, min: 0, line: 1 },
      { name: "name", type: "str", default: "x", line: 2 },
      { name: "what", type: "any", default: null, line: 3 },
    ],
  });
});
