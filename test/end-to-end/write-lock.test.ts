import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { ApiClient } from "../../src/local/api-client.ts";
import { startStack } from "../support/start-stack.ts";
import { quickJob } from "./strategies.ts";

const HELD_MS = 1_000;
/** While the lock is held: an event loop that waits for it would answer none of them. */
const ANSWERS = 6;
/** Below what a write may wait. */
const HELD_AT_MOST_MS = 3_000;

test("somebody holds the job store's write lock for 1 s: the API answers meanwhile and nothing is lost", async () => {
  const stack = await startStack({ slots: 2 });
  try {
    const client = new ApiClient(stack.url);
    await client.waitForEnd(await client.submitJob(quickJob()));
    const other = new DatabaseSync(stack.environment["SQLITE_PATH"] ?? "");
    other.exec("BEGIN IMMEDIATE");
    const start = performance.now();
    const submitted = Promise.all(Array.from({ length: 20 }, () => client.submitJob(quickJob())));
    let answers = 0;
    for (let held = 0; held < HELD_MS || (answers < ANSWERS && held < HELD_AT_MOST_MS); ) {
      const answer = await fetch(`${stack.url}/healthz`, { signal: AbortSignal.timeout(HELD_AT_MOST_MS) });
      expect(answer.status).toBe(200);
      answers += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      held = performance.now() - start;
    }
    other.exec("ROLLBACK");
    other.close();
    expect(answers).toBeGreaterThanOrEqual(ANSWERS);
    for (const id of await submitted) expect((await client.waitForEnd(id)).status).toBe("succeeded");
  } finally {
    await stack.stop();
  }
});
