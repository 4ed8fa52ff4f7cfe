/** The SDK's tokens, against an API that takes Firebase's; the keys are the test's own. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "../../src/sdk/index.ts";
import {
  type FakeGoogleKeys,
  nowSeconds,
  PROJECT,
  startFakeGoogleKeys,
} from "../api/support/fake-google-keys.ts";
import { type Room, SMALL_JOB, startRoom } from "../api/support/room.ts";

let google: FakeGoogleKeys;
let room: Room;
beforeAll(async () => {
  google = await startFakeGoogleKeys();
  const environment = { AUTH: "firebase", FIREBASE_PROJECT: PROJECT, FIREBASE_KEYS_URL: google.url };
  room = await startRoom({ environment: { ...environment, AUTH_CLOCK_SKEW_SECONDS: "0" } });
});
afterAll(async () => {
  await room.stop();
  await google.close();
});

test("a token that is refused is renewed once, and then the refusal is the caller's", async () => {
  const asked: boolean[] = [];
  const credentials = async (refused: boolean): Promise<string> => {
    asked.push(refused);
    return await google.sign("alice", refused ? {} : { exp: nowSeconds() - 60 });
  };
  await createClient({ url: room.url, credentials }).submitJob(SMALL_JOB);
  expect(asked).toEqual([false, true]);
  const expired = await google.sign("alice", { exp: nowSeconds() - 60 });
  for (const stale of [expired, () => expired]) {
    const listed = createClient({ url: room.url, credentials: stale }).listJobs();
    await expect(listed).rejects.toMatchObject({ status: 401, code: "token_expired" });
  }
});

test("a watch outlives its token: the stream ends with it and is resumed with the next", async () => {
  let made = 0;
  const credentials = async (): Promise<string> => {
    made += 1;
    return await google.sign("alice", made === 2 ? { exp: nowSeconds() + 2 } : {});
  };
  const client = createClient({ url: room.url, credentials });
  const { id } = await client.submitJob(SMALL_JOB);
  const seen: string[] = [];
  for await (const job of client.watchJob(id, { via: "events" })) {
    seen.push(job.status);
    if (job.status !== "queued") continue;
    // The second token made the stream; a third one says that it was resumed.
    void expect
      .poll(() => made, { timeout: 8_000 })
      .toBe(3)
      .then(() => room.worker.succeed(id));
  }
  expect([seen, made]).toEqual([["queued", "succeeded"], 3]);
});
