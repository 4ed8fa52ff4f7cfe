/** What the SDK makes of Firestore's listener; the real one is tested in Chromium. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { listenedJob } from "../../src/sdk/firestore/job-document.ts";
import type { FirestoreAccess, JobStatus } from "../../src/sdk/index.ts";
import { watchByListener } from "../../src/sdk/watch/by-listener.ts";
import { follow } from "../../src/sdk/watch/follow.ts";
import { presentJob, storedJobSchema } from "../../src/shared/contract/stored-job.ts";

const ID = "0".repeat(26);
const LIMITS = { deadlineMs: 5_000, patienceMs: 5_000 };

interface Told {
  version?: number;
  status?: JobStatus;
  /** Instead of a document: the listener ends with this code. */
  fails?: string;
  /** There is no document: so says the browser's cache, or the server. */
  missing?: "cache" | "server";
  /** Told so many milliseconds later than what comes before it. */
  afterMs?: number;
}

const ELSEWHERE = 2;

/** A fake of Firebase's SDK, whose listeners tell what was written down for the first, the second, and so on. */
function firestoreTelling(listeners: readonly (readonly Told[])[]): {
  access: FirestoreAccess;
  open: () => number;
} {
  let made = 0;
  let open = 0;
  const sdk: FirestoreAccess["sdk"] = {
    doc: (_db, path) => path,
    getDoc: () => Promise.reject(new Error("nobody asked for it")),
    onSnapshot(reference, next, failed) {
      expect(reference).toBe(`jobs/${ID}`);
      const told = listeners[made] ?? [];
      made += 1;
      open += 1;
      const tell = async (): Promise<void> => {
        for (const { fails, missing, version, status, afterMs } of told) {
          if (afterMs !== undefined) await sleep(afterMs);
          if (fails !== undefined) failed({ code: fails, message: "" });
          else {
            const metadata = { fromCache: missing === "cache" };
            next({ exists: () => missing === undefined, data: () => jobOf(version, status), metadata });
          }
        }
      };
      queueMicrotask(() => void tell());
      return () => {
        open -= 1;
      };
    },
  };
  return { access: { db: undefined, sdk }, open: () => open };
}

function jobOf(version: number | undefined, status: JobStatus | undefined) {
  return { id: ID, version, status, createdAt: 0, timeframe: "1D", labels: {}, attempts: 0 };
}

async function versionsSeen(
  listeners: readonly (readonly Told[])[],
  patience: { silenceMs?: number; missingMs?: number } = { silenceMs: 50, missingMs: 1 },
): Promise<number[]> {
  const { access, open } = firestoreTelling(listeners);
  const versions: number[] = [];
  const listened = listenedJob(ID, () => {
    const stored = storedJobSchema.parse(jobOf(ELSEWHERE, "queued"));
    return Promise.resolve(presentJob(stored));
  });
  try {
    for await (const { version } of follow(watchByListener(access, listened, patience), "it", LIMITS))
      versions.push(version);
  } finally {
    expect(open()).toBe(0);
  }
  return versions;
}

const QUEUED: Told = { version: 1, status: "queued" };
const SUCCEEDED: Told = { version: 3, status: "succeeded" };

test("an end that the listener never told of is found by a new one", async () => {
  expect(await versionsSeen([[QUEUED], [QUEUED], [QUEUED, SUCCEEDED]])).toEqual([1, 3]);
});

test("a listener that ends while Firestore is away is made anew", async () => {
  expect(await versionsSeen([[QUEUED, { fails: "unavailable" }], [SUCCEEDED]])).toEqual([1, 3]);
});

test("a browser's cache that does not know the job is no answer", async () => {
  expect(await versionsSeen([[{ missing: "cache" }, QUEUED, SUCCEEDED]])).toEqual([1, 3]);
});

test("a job that gets its document soon is asked for nowhere else; one that does not is, and listened for on", async () => {
  const missing: Told = { missing: "server" };
  const patient = { silenceMs: 5_000, missingMs: 5_000 };
  expect(await versionsSeen([[missing, SUCCEEDED]], patient)).toEqual([3]);
  expect(await versionsSeen([[missing, { ...SUCCEEDED, afterMs: 20 }]], patient)).toEqual([3]);
  const hasty = { silenceMs: 5_000, missingMs: 1 };
  expect(await versionsSeen([[missing, { ...SUCCEEDED, afterMs: 200 }]], hasty)).toEqual([ELSEWHERE, 3]);
  expect(await versionsSeen([[missing], [SUCCEEDED]])).toEqual([ELSEWHERE, 3]);
});

test("a refusal ends the watch, and so does an error that nobody knows", async () => {
  await expect(versionsSeen([[{ fails: "permission-denied" }]])).rejects.toMatchObject({
    name: "AccessDeniedError",
  });
  await expect(versionsSeen([[{ fails: "failed-precondition" }]])).rejects.toMatchObject({
    name: "StrategizError",
  });
});
