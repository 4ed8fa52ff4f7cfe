/** Where entries stand in line: the producer's side of start-time fair queueing, see account-script.ts. */
import type { Redis } from "ioredis";
import { z } from "zod";
import { ADD_SCRIPT, COUNT_SCRIPT, LEAVE_SCRIPT } from "./line-scripts.ts";
import { type Place, readPlace } from "./place.ts";
import { NEXT_PLACE_SCRIPT, PLACE_SCRIPT } from "./place-script.ts";
import { Script } from "./script.ts";

const ADD = new Script(ADD_SCRIPT);
const LEAVE = new Script(LEAVE_SCRIPT);
const COUNT = new Script(COUNT_SCRIPT);
const PLACE = new Script(PLACE_SCRIPT);
const NEXT_PLACE = new Script(NEXT_PLACE_SCRIPT);

const addedSchema = z.union([z.tuple([z.number()]), z.tuple([z.number(), z.array(z.unknown())])]);

/** Whose work an entry is, and what to expect of it. */
export interface Account {
  owner: string;
  /** Entries under the same name cost about the same. */
  strategy: string;
  /** CPU milliseconds that it will probably take; without it, what the owner's same strategy took before. */
  estimateMs?: number | undefined;
}

export interface FairLineOptions {
  /** In the role of a producer; stays the caller's to close. */
  connection: Redis;
  /** BullMQ's key prefix and the names that it gives queue and entries. */
  prefix: string;
  queue: string;
  entry: string;
  /** BullMQ's options of every entry. */
  entryOptions: Readonly<Record<string, unknown>>;
  weightOf: (owner: string) => number;
  /** Sorted set of the live workers. */
  workersKey: string;
}

export interface Added {
  /** Entries of the owner that wait. */
  waiting: number;
  /** undefined where the entry was there before, or nobody asked. */
  place: Place | undefined;
}

export class FairLine {
  readonly #options: FairLineOptions;
  readonly #key: string;
  readonly #address: readonly string[];

  constructor(options: FairLineOptions) {
    const { prefix, queue } = options;
    this.#options = options;
    this.#key = fairKey(prefix);
    this.#address = [queue, `${prefix}:${queue}:`];
  }

  /** Adds the entry to BullMQ's queue at its owner's turn. */
  async add(id: string, data: string, account: Account, wantsPlace = false): Promise<Added> {
    const { entry, entryOptions, weightOf, workersKey } = this.#options;
    const { owner, strategy, estimateMs } = account;
    const options = JSON.stringify({ ...entryOptions, jobId: id });
    const given = estimateMs === undefined ? "" : String(estimateMs);
    const fields = [id, data, entry, Date.now(), options, owner, strategy, weightOf(owner), given];
    const [waiting, standing] = addedSchema.parse(
      await this.#run(ADD, [...fields, wantsPlace ? workersKey : ""]),
    );
    return { waiting, place: standing === undefined ? undefined : readPlace(standing, Date.now()) };
  }

  /** To be called before the entry is removed, whether or not it still waits. */
  async leave(id: string): Promise<void> {
    await this.#run(LEAVE, [id]);
  }

  /** Entries of the owner that wait. */
  async waitingOf(owner: string): Promise<number> {
    return Number(await this.#run(COUNT, [owner]));
  }

  async placeOf(id: string, owner: string): Promise<Place> {
    return readPlace(await this.#run(PLACE, [id, owner, this.#options.workersKey]), Date.now());
  }

  /** Where an entry of the owner would stand if it were added now. */
  async nextPlaceOf(owner: string): Promise<Place> {
    return readPlace(await this.#run(NEXT_PLACE, [owner, this.#options.workersKey]), Date.now());
  }

  #run(script: Script, fields: readonly (string | number)[]): Promise<unknown> {
    return script.run(this.#options.connection, this.#key, [...this.#address, ...fields]);
  }
}

/** Below it lie all accounts. */
export function fairKey(prefix: string): string {
  return `${prefix}:fair`;
}
