import type { ExecutorHealth } from "./port.ts";
import type { WireHealthResponse } from "./wire-messages.ts";

export function readHealth(wire: WireHealthResponse, target: string): ExecutorHealth {
  return {
    target,
    serving: wire.status === "SERVING",
    slots: wire.slots,
    busySlots: wire.busySlots,
    waitingCalls: wire.waitingCalls,
    maxTimeoutSeconds: wire.maxTimeoutSeconds,
    maxMemoryMb: wire.maxMemoryMb,
    supportedLanguages: wire.supportedLanguages,
    metadata: wire.metadata,
    instanceId: wire.instanceId,
  };
}

export function unreachable(target: string): ExecutorHealth {
  return {
    target,
    serving: false,
    slots: 0,
    busySlots: 0,
    waitingCalls: 0,
    maxTimeoutSeconds: 0,
    maxMemoryMb: 0,
    supportedLanguages: [],
    metadata: {},
    instanceId: "",
  };
}

/** One entry for each instance: behind a load balancer several addresses may lead to the same one. */
export function withoutRepeats(answers: readonly ExecutorHealth[]): ExecutorHealth[] {
  const seen = new Set<string>();
  return answers.filter(({ instanceId }) => {
    const repeated = instanceId !== "" && seen.has(instanceId);
    seen.add(instanceId);
    return !repeated;
  });
}
