/**
 * Idempotency-Key: one key of one owner makes one job, however many requests bring it, to however many replicas.
 *
 * It rests on the job store alone: the job's id is derived from owner and key, and the store creates a job only if
 * its id is free. After the keeping time the same key may make a new job: the n-th job of a key has the id derived
 * from (owner, key, n), and a request takes the first n that is free or still kept.
 */
import { hash } from "node:crypto";
import type { Request } from "express";
import { encodeId } from "../shared/ids.ts";
import { HttpProblem, invalidRequest, tryLater } from "./problem-details.ts";

const KEY = /^[\x21-\x7e]{1,128}$/;
/** Jobs are deleted after the retention time, so that a key used every day meets fewer of its own than this. */
const TRIES_MAX = 1_000;

/** The request's key; undefined without one. Throws 422 for one that is empty, too long or not printable ASCII. */
export function idempotencyKey(request: Request): string | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key === "string" && KEY.test(key)) return key;
  throw invalidRequest([
    { path: "Idempotency-Key", message: "must be 1 to 128 printable ASCII characters without spaces" },
  ]);
}

export function jobIdForKey(owner: string, key: string, n: number): string {
  return encodeId(hash("sha256", JSON.stringify([owner, key, n]), "buffer").subarray(0, 16));
}

/** Whether the key stands for something now, so that a request with it adds nothing. */
export async function isKept(
  createdAtOf: (id: string) => Promise<number | undefined>,
  owner: string,
  key: string,
  keptMs: number,
): Promise<boolean> {
  for (let n = 0; n < TRIES_MAX; n += 1) {
    const createdAt = await createdAtOf(jobIdForKey(owner, key, n));
    if (createdAt === undefined) return false;
    if (createdAt + keptMs > Date.now()) return true;
  }
  return false;
}

/**
 * Submits under the key, by `submit` with each candidate id in turn. `created: false` is a replay.
 * Throws 422 if the key came with another request before.
 */
export async function submitOnce<
  Outcome extends { created: boolean; createdAt: number; sameRequest: boolean },
>(owner: string, key: string, keptMs: number, submit: (id: string) => Promise<Outcome>): Promise<Outcome> {
  for (let n = 0; n < TRIES_MAX; n += 1) {
    const outcome = await submit(jobIdForKey(owner, key, n));
    if (!outcome.created && outcome.createdAt + keptMs <= Date.now()) continue;
    if (!outcome.sameRequest) {
      throw new HttpProblem(
        "idempotency_mismatch",
        "This key came with another request before. Send a new key for a new request.",
      );
    }
    return outcome;
  }
  throw tryLater("This Idempotency-Key was used too often. Send a new one.", 3_600);
}
