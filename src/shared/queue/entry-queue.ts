/** What a producer can do with a queue of entries. */
import type { ChunkEntry } from "./chunk-entry.ts";
import type { QueueEntry } from "./entry.ts";
import type { Place } from "./fair/place.ts";

/** A queue of entries under ids of ours: that of a job, or of a chunk. */
export interface EntryQueue<Entry> {
  /**
   * Adds the entry under its id and, where it is wanted, answers its place, which costs as much again in Redis; an
   * entry that is there already stays as it is (undefined).
   * Rejects with QueueUnavailableError within a second: nothing is lost then, the reconciler adds what the job store
   * holds.
   */
  enqueue(entry: Entry, wantsPlace?: boolean): Promise<Place | undefined>;
  /** false if a worker holds it; true, too, if there was none. Rejects with QueueUnavailableError. */
  remove(id: string): Promise<boolean>;
  /** Whether a worker has the entry or will get it. Rejects with QueueUnavailableError. */
  has(id: string): Promise<boolean>;
  /** Those of the ids that no worker has or will get. Rejects with QueueUnavailableError. */
  findMissing(ids: readonly string[]): Promise<string[]>;
  /** Entries that wait, delayed ones included: as last counted (once a second), plus what was added since. */
  backlog(): number;
  /** Entries of the owner that wait: as the last add of this process was told; 0 before it. Costs nothing. */
  lastBacklogOf(owner: string): number;
  /** Entries of the owner that wait now. Rejects with QueueUnavailableError. */
  backlogOf(owner: string): Promise<number>;
  /** Where an entry of the owner stands. Rejects with QueueUnavailableError. */
  placeOf(id: string, owner: string): Promise<Place>;
  /** Where an entry that the owner adds now would stand. Rejects with QueueUnavailableError. */
  nextPlaceOf(owner: string): Promise<Place>;
  connected(): boolean;
  /** Calls back each time the queue can be used (again). */
  onConnected(listener: (first: boolean) => void): void;
  close(): Promise<void>;
}

export type JobQueue = EntryQueue<QueueEntry>;
export type ChunkQueue = EntryQueue<ChunkEntry>;
