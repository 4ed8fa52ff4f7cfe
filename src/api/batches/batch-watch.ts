/** Who follows which batch: word of a batch over the channel, or a look at the store from time to time. */
import type { BatchSubscriber } from "../../shared/queue/batch-channel.ts";

/** Followers hear of a batch twice a second at most. */
const TURN_MS = 500;
/** Without word of it, a batch is looked at after so many turns; while the channel is down, after each second. */
const TURNS_WITHOUT_WORD = 20;
const TURNS_WITHOUT_CHANNEL = 2;

export interface BatchWatch {
  /** Calls back at most twice a second, when the batch may have changed. Answers how to stop. */
  follow(batchId: string, listener: BatchListener): () => void;
  /** Ends all that is followed; what begins later ends at once. */
  drain(): void;
}

export interface BatchListener {
  mayHaveChanged(): void;
  ended(): void;
}

export function createBatchWatch(channel: Pick<BatchSubscriber, "onBatch" | "connected">): BatchWatch {
  const listeners = new Map<string, Set<BatchListener>>();
  const told = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let turns = 0;
  let drained = false;

  channel.onBatch((batchId) => {
    if (listeners.has(batchId)) told.add(batchId);
  });

  function turn(): void {
    turns += 1;
    const every = channel.connected() ? TURNS_WITHOUT_WORD : TURNS_WITHOUT_CHANNEL;
    const due = turns % every === 0 ? [...listeners.keys()] : [...told];
    told.clear();
    for (const batchId of due) {
      for (const listener of listeners.get(batchId) ?? []) listener.mayHaveChanged();
    }
  }

  return {
    follow(batchId, listener) {
      if (drained) {
        queueMicrotask(() => listener.ended());
        return () => undefined;
      }
      timer ??= setInterval(turn, TURN_MS).unref();
      const ofBatch = listeners.get(batchId) ?? new Set();
      listeners.set(batchId, ofBatch.add(listener));
      return () => {
        ofBatch.delete(listener);
        if (ofBatch.size === 0 && listeners.get(batchId) === ofBatch) listeners.delete(batchId);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    drain() {
      drained = true;
      for (const ofBatch of listeners.values()) for (const listener of ofBatch) listener.ended();
    },
  };
}
