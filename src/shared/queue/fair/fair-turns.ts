/** What a worker tells the accounts: an entry's turn began, and what it cost. See account-script.ts. */
import type { Redis } from "ioredis";
import { type Account, fairKey } from "./fair-line.ts";
import { Script } from "./script.ts";
import { BEGIN_SCRIPT, END_SCRIPT } from "./turn-scripts.ts";

const BEGIN = new Script(BEGIN_SCRIPT);
const END = new Script(END_SCRIPT);

/** Longer than anything runs: a turn whose end was never told (its worker was killed) no longer counts then. */
const LONGEST_TURN_MS = 120_000;
const WAIT_ASIDE = -1;

export interface TurnKey extends Account {
  id: string;
}

/** What a turn took. */
export interface Cost {
  /** CPU milliseconds as the executor's server measured them; undefined if nothing was run. */
  cpuMs: number | undefined;
  /** Milliseconds of its execution, the wait for a slot included. */
  wallMs: number;
  /** Entries that all workers run at once. */
  atOnce: number;
  /** Its entry does not come back: the line has moved on by one. */
  left: boolean;
}

export class FairTurns {
  readonly #connection: Redis;
  readonly #key: string;
  readonly #address: readonly string[];
  readonly #otherQueue: string;

  /** `connection` in the role of a producer; `otherQueue` shares the owners' accounts. */
  constructor(connection: Redis, prefix: string, queue: string, otherQueue: string) {
    this.#connection = connection;
    this.#key = fairKey(prefix);
    this.#address = [queue, `${prefix}:${queue}:`];
    this.#otherQueue = otherQueue;
  }

  /**
   * Answers the charge of the turn, in milliseconds, for `end`; undefined if the owner runs `most` entries already
   * and this one has to wait aside. It comes up again when one of them ends.
   */
  async begin({ id, owner, strategy }: TurnKey, most: number): Promise<number | undefined> {
    const fields = [id, owner, strategy, Date.now(), Number.isFinite(most) ? most : 0, LONGEST_TURN_MS];
    const charge = Number(await BEGIN.run(this.#connection, this.#key, [...this.#address, ...fields]));
    return charge === WAIT_ASIDE ? undefined : charge;
  }

  /** Puts right what the turn was charged, and frees the owner's place. */
  async end({ id, owner, strategy }: TurnKey, charge: number, cost: Cost): Promise<void> {
    const { cpuMs, wallMs, atOnce, left } = cost;
    const measured = cpuMs === undefined ? 0 : 1;
    const took = [charge, cpuMs ?? 0, measured, wallMs, atOnce];
    const fields = [id, owner, strategy, ...took, this.#otherQueue, left ? 1 : 0];
    await END.run(this.#connection, this.#key, [...this.#address, ...fields]);
  }
}
