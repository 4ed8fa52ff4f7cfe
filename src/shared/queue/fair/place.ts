/** Where an entry stands in line, and when its turn will probably come. */
import { z } from "zod";

/**
 * gone     not in Redis: lost with it, or not added yet
 * line     waits for its turn
 * delayed  waits for a moment: the next try after a failure, or a full executor
 * parked   its owner runs as many entries as the plan allows
 * taken    a worker has it
 */
const WHERE = ["gone", "line", "delayed", "parked", "taken"] as const;

export interface Place {
  where: (typeof WHERE)[number];
  /** 1 is next. An estimate for entries far back. */
  position: number;
  /** Only work of the same owner stands before it. */
  behindOwnOnly: boolean;
  /** Epoch ms; undefined while nothing is known of the pace, or no worker lives. */
  estimatedStart: number | undefined;
  workers: number;
  /** Owners with entries that wait, at least one. */
  owners: number;
}

const number = z.coerce.number();
const answerSchema = z.union([
  z.tuple([z.literal("gone")]),
  z.tuple([
    z.enum(WHERE),
    ...([number, number, number, number, number, number] as const),
    ...([number, number, number, number, number] as const),
  ]),
]);

/** Reads what `standing` of place-script.ts answers. */
export function readPlace(answer: unknown, now: number): Place {
  const [where, ...rest] = answerSchema.parse(answer);
  const [rank = 0, ownRank = 0, hasTag = 0, total = 0, owners = 1, delayedUntil = 0] = rest;
  const [workers = 0, gapMs = 0, sinceEndMs = 0, wallMs = 0, atOnce = 1] = rest.slice(6);
  // Beyond the first few an owner's entries have no tag yet: they get one turn each time all owners had theirs.
  const fairRank = hasTag === 1 || where !== "line" ? rank : (ownRank + 1) * Math.max(1, owners) - 1;
  const ahead = Math.max(ownRank, Math.min(fairRank, Math.max(0, total - 1)));
  const paceMs = gapMs > 0 ? gapMs : wallMs / Math.max(1, atOnce);
  const wait = (ahead + 1) * paceMs - Math.min(sinceEndMs, paceMs);
  const known = paceMs > 0 && workers > 0 && where !== "gone";
  return {
    where,
    position: ahead + 1,
    behindOwnOnly: ahead > 0 && ahead <= ownRank,
    estimatedStart: known ? Math.max(now + wait, where === "delayed" ? delayedUntil : 0) : undefined,
    workers,
    owners: Math.max(1, owners),
  };
}
