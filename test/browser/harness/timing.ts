/** What the bench measures inside a page, by the page's own clock, in milliseconds. */
import { doc, type Firestore, onSnapshot } from "firebase/firestore";
import { type Client, isTerminal, type JobRequest } from "../../../src/sdk/index.ts";

const GAP_MS = 20;

/** From the POST to the listener's terminal state. */
export async function timeJob(client: Client, request: JobRequest): Promise<number> {
  const startedAt = performance.now();
  const { id } = await client.submitJob(request);
  for await (const job of client.watchJob(id, { via: "firestore", deadlineMs: 30_000 })) {
    if (!isTerminal(job.status)) continue;
    if (job.status !== "succeeded") throw new Error(`the job ended ${job.status}: ${job.failure?.message}`);
    return performance.now() - startedAt;
  }
  throw new Error("the watch ended before the job");
}

/** From each of `count` writes to the emulator, one after the other, to the moment at which a listener tells of it. */
export async function timeWrites(
  db: Firestore,
  address: string,
  owner: string,
  count: number,
): Promise<number[]> {
  const path = "jobs/00000000000000000000000000";
  const seen = new Map<number, () => void>();
  const isSeen = (version: number): Promise<void> => new Promise((resolve) => seen.set(version, resolve));
  const first = isSeen(0);
  await write(address, path, owner, 0);
  const stop = onSnapshot(doc(db, path), (document) => seen.get(Number(document.get("version")))?.());
  await first;
  const samples: number[] = [];
  for (let version = 1; version <= count; version += 1) {
    const told = isSeen(version);
    const startedAt = performance.now();
    await write(address, path, owner, version);
    await told;
    samples.push(performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, GAP_MS));
  }
  stop();
  return samples;
}

/** As the service writes: past the rules, which in the emulator the token `owner` is. */
async function write(address: string, path: string, owner: string, version: number): Promise<void> {
  const fields = { owner: { stringValue: owner }, version: { stringValue: String(version) } };
  const answer = await fetch(`${address}/${path}`, {
    method: "PATCH",
    headers: { Authorization: "Bearer owner", "Content-Type": "application/json" },
    body: JSON.stringify({ fields }),
  });
  if (!answer.ok) throw new Error(`the emulator answered ${answer.status}`);
}
