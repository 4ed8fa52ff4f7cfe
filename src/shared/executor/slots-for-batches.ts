import type { ExecutorHealth } from "./port.ts";

/** Executions of batches that these executors run at once: one with more than one slot keeps one for single jobs. */
export function slotsForBatches(replicas: readonly Pick<ExecutorHealth, "slots">[]): number {
  return replicas.reduce((sum, { slots }) => sum + (slots > 1 ? slots - 1 : slots), 0);
}
