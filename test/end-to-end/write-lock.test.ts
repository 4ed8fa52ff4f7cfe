import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { ApiClient } from "../../src/local/api-client.ts";
import { startStack } from "../support/start-stack.ts";
import { quickJob } from "./strategies.ts";

const HELD_MS = 1_000;
/** What an answer may take on a busy machine; a blocked event loop would take the whole second. */
const ANSWER_MS = 300;

test("somebody holds the job store's write lock for 1 s: the API answers meanwhile and nothing is lost", async () => {
  const stack = await startStack({ slots: 2 });
  try {
    const client = new ApiClient(stack.url);
    await client.waitForEnd(await client.submitJob(quickJob()));
    const other = new DatabaseSync(stack.environment["SQLITE_PATH"] ?? "");
    other.exec("BEGIN IMMEDIATE");
    const start = performance.now();
    const submitted = Promise.all(Array.from({ length: 20 }, () => client.submitJob(quickJob())));
    const answers: number[] = [];
    while (performance.now() - start < HELD_MS) {
      const asked = performance.now();
      const answer = await fetch(`${stack.url}/healthz`);
      expect(answer.status).toBe(200);
      answers.push(performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    other.exec("ROLLBACK");
    other.close();
    expect(Math.max(...answers)).toBeLessThan(ANSWER_MS);
    expect(answers.length).toBeGreaterThan(5);
    for (const id of await submitted) expect((await client.waitForEnd(id)).status).toBe("succeeded");
  } finally {
    await stack.stop();
  }
});
