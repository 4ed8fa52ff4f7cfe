/** Which job did, or does, the same work: an index in Redis. What it names is in the job store, or it is worth nothing. */
import type { Redis } from "ioredis";
import { z } from "zod";
import { fairKey } from "./fair-line.ts";
import { CLAIM_SCRIPT, RELEASE_SCRIPT } from "./same-work-scripts.ts";
import { Script } from "./script.ts";

const CLAIM = new Script(CLAIM_SCRIPT);
const RELEASE = new Script(RELEASE_SCRIPT);

/** For so long a result is found again. */
const KEPT_MS = 86_400_000;

const answerSchema = z.union([
  z.tuple([z.literal("run")]),
  z.tuple([z.literal("wait")]),
  z.tuple([z.literal("done"), z.string()]),
]);

/** run: do it. wait: another job does it; its end brings the entry back to the line. done: that job has. */
export type Claim = { kind: "run" } | { kind: "wait" } | { kind: "done"; jobId: string };

export class SameWork {
  readonly #connection: Redis;
  readonly #key: string;
  readonly #address: readonly string[];

  /** `connection` in the role of a producer. */
  constructor(connection: Redis, prefix: string, queue: string) {
    this.#connection = connection;
    this.#key = fairKey(prefix);
    this.#address = [queue, `${prefix}:${queue}:`];
  }

  /** `longestMs`: after that the job counts as lost. `useless`: a job that has ended and left nothing to use. */
  async claim(work: string, jobId: string, longestMs: number, useless = ""): Promise<Claim> {
    const fields = [...this.#address, work, jobId, longestMs, useless];
    const [kind, of = ""] = answerSchema.parse(await CLAIM.run(this.#connection, this.#key, fields));
    return kind === "done" ? { kind, jobId: of } : { kind };
  }

  /** Must be told by the job that does the work: that its end is in the store and may be used, or not. */
  async release(work: string, jobId: string, usable: boolean): Promise<void> {
    const fields = [...this.#address, work, jobId, usable ? KEPT_MS : 0];
    await RELEASE.run(this.#connection, this.#key, fields);
  }
}
