import type { Readiness } from "../../shared/admin-server.ts";
import {
  alivenessSchema,
  type ExecutionHealth,
  executionHealthSchema,
  readinessSchema,
} from "../../shared/contract/health.ts";
import type { ExecutorClient, ExecutorHealth } from "../../shared/executor/port.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send-json.ts";

/** GET /healthz: this process answers. */
export function healthzRoute(): Route {
  return {
    method: "get",
    path: "/healthz",
    access: "public",
    unlimited: true,
    tag: "Service",
    summary: "Whether the process is alive",
    answers: { 200: { description: "It is", content: { "application/json": alivenessSchema } } },
    handle: ({ response }) => sendJson(response, 200, { status: "ok" }),
  };
}

/** GET /readyz: whether this server is to be given work. */
export function readyzRoute({ readiness }: { readiness: () => Promise<Readiness> }): Route {
  const content = { "application/json": readinessSchema };
  return {
    method: "get",
    path: "/readyz",
    access: "public",
    unlimited: true,
    tag: "Service",
    summary: "Whether the service can take work",
    description:
      "503 until store, queue and executor have each been up once, afterwards only while the store is down.",
    answers: {
      200: { description: "It can; the body names each part", content },
      503: { description: "It cannot; the body names each part", content },
    },
    async handle({ response }) {
      const state = await readiness();
      sendJson(response, state.ready ? 200 : 503, state);
    },
  };
}

/** GET /execution/health: the executors as this server sees them. */
export function executionHealthRoute({ executor }: { executor: Pick<ExecutorClient, "health"> }): Route {
  const content = { "application/json": executionHealthSchema };
  return {
    method: "get",
    path: "/execution/health",
    access: "owner",
    tag: "Existing clients",
    summary: "The executors' health",
    answers: {
      200: { description: "At least one executor serves", content },
      503: { description: "None serves", content },
    },
    async handle({ response }) {
      const health = presentHealth(await executor.health());
      sendJson(response, health.status === "SERVING" ? 200 : 503, health);
    },
  };
}

function presentHealth(replicas: readonly ExecutorHealth[]): ExecutionHealth {
  const serving = replicas.find((replica) => replica.serving);
  return {
    status: serving === undefined ? "NOT_SERVING" : "SERVING",
    supportedLanguages: serving?.supportedLanguages ?? [],
    maxTimeoutSeconds: serving?.maxTimeoutSeconds ?? 0,
    maxMemoryMb: serving?.maxMemoryMb ?? 0,
    metadata: serving?.metadata ?? {},
    // Addresses are the operator's, who finds them in the logs.
    executors: replicas.map((replica, index) => ({
      name: `executor-${index + 1}`,
      serving: replica.serving,
      slots: replica.slots,
      busySlots: replica.busySlots,
      waitingCalls: replica.waitingCalls,
      instanceId: replica.instanceId,
      metadata: replica.metadata,
    })),
  };
}
