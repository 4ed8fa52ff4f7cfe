/**
 * Which job did, or does, the same work: an index in Redis, quick and forgetful. What it names is in the job store, or
 * it is worth nothing; what it forgot is found there.
 */
import type { Redis } from "ioredis";
import { z } from "zod";
import { fairKey } from "./fair-line.ts";
import { BEGIN_INDEX_SCRIPT, CLAIM_SCRIPT, RELEASE_SCRIPT } from "./same-work-scripts.ts";
import { Script } from "./script.ts";

const CLAIM = new Script(CLAIM_SCRIPT);
const BEGIN_INDEX = new Script(BEGIN_INDEX_SCRIPT);
const RELEASE = new Script(RELEASE_SCRIPT);

const DAY_MS = 86_400_000;
/** For so long a job is named. */
const NAMED_DAYS = 1;

/** Whether the job store has a job that did the work. unknown: `begin` has to be told before that can be said. */
const KNOWLEDGE = ["new", "may be stored", "unknown"] as const;
export type Knowledge = (typeof KNOWLEDGE)[number];

const answerSchema = z.union([
  z.tuple([z.literal("run"), z.enum(KNOWLEDGE)]),
  z.tuple([z.literal("wait")]),
  z.tuple([z.literal("done"), z.string()]),
]);

/**
 * run   do it, unless the job store turns out to have a job that did
 * wait  another job does it; its end brings the entry back to the line
 * done  that job has
 */
export type Claim = { kind: "run"; stored: Knowledge } | { kind: "wait" } | { kind: "done"; jobId: string };

export class SameWork {
  readonly #connection: Redis;
  readonly #key: string;
  readonly #address: readonly string[];
  readonly #retentionDays: number;

  /** `connection` in the role of a producer. `retentionDays`: for so long the job store keeps jobs that ended. */
  constructor(connection: Redis, prefix: string, queue: string, retentionDays: number) {
    this.#retentionDays = retentionDays;
    this.#connection = connection;
    this.#key = fairKey(prefix);
    this.#address = [queue, `${prefix}:${queue}:`];
  }

  /** `longestMs`: after that the job counts as lost. `useless`: a job that has ended and left nothing to use. */
  async claim(work: string, jobId: string, longestMs: number, useless = ""): Promise<Claim> {
    const fields = [...this.#address, work, this.#keptMs, jobId, longestMs, useless];
    const answer = answerSchema.parse(await CLAIM.run(this.#connection, this.#key, fields));
    const [kind] = answer;
    if (kind === "done") return { kind, jobId: answer[1] };
    return kind === "wait" ? { kind } : { kind, stored: answer[1] };
  }

  /** What the job store had when this index was empty: work that findByWork may find, or nothing. */
  async begin(storeHasWork: boolean): Promise<void> {
    const fields = [...this.#address, "", this.#keptMs, storeHasWork ? 1 : 0];
    await BEGIN_INDEX.run(this.#connection, this.#key, fields);
  }

  /** Must be told by the job that does the work: that its end is in the store and may be used, or not. */
  async release(work: string, jobId: string, usable: boolean): Promise<void> {
    const fields = [...this.#address, work, this.#keptMs, jobId, usable ? this.#namedMs : 0];
    await RELEASE.run(this.#connection, this.#key, fields);
  }

  get #keptMs(): number {
    return Math.ceil(this.#retentionDays * DAY_MS);
  }

  get #namedMs(): number {
    return Math.min(NAMED_DAYS, this.#retentionDays) * DAY_MS;
  }
}
