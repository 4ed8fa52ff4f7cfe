/** Who is up: `GET /execution/health`, `/healthz` and `/readyz`. */
import { z } from "zod";

export const executorReplicaSchema = z.object({
  name: z.string().describe("executor-1, executor-2 and so on, in the order in which they are configured"),
  serving: z.boolean(),
  slots: z.number().int().describe("Executions that run at once; 0 while it is not reachable"),
  busySlots: z.number().int(),
  waitingCalls: z.number().int(),
  instanceId: z.string(),
  metadata: z.record(z.string(), z.string()),
});

/** The first five fields are those of the executor's own HealthResponse. */
export const executionHealthSchema = z.object({
  status: z.enum(["SERVING", "NOT_SERVING"]),
  supportedLanguages: z.array(z.string()),
  maxTimeoutSeconds: z.number().int(),
  maxMemoryMb: z.number().int(),
  metadata: z.record(z.string(), z.string()).describe("Of the first executor that serves"),
  executors: z.array(executorReplicaSchema),
});
export type ExecutionHealth = z.infer<typeof executionHealthSchema>;

export const alivenessSchema = z.object({ status: z.literal("ok") });

export const readinessSchema = z.object({
  ready: z.boolean(),
  parts: z.record(z.string(), z.boolean()).describe("store, queue, executor: whether each can be used now"),
});
