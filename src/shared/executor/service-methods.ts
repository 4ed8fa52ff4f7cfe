/** The RPCs that we call, read from the contract in proto/. */
import { fileURLToPath } from "node:url";
import type { MethodDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type { WireBatchRequest, WireBatchResponse } from "./batch-wire-messages.ts";
import type {
  WireExecuteRequest,
  WireExecuteResponse,
  WireHealthResponse,
  WireValidateRequest,
  WireValidateResponse,
} from "./wire-messages.ts";

const PROTO_FILE = fileURLToPath(new URL("../../../proto/strategy_execution.proto", import.meta.url));
const SERVICE = "strategiz.execution.v1.StrategyExecutionService";

/** Of unary calls, and of those that the server answers with a stream. */
export type CallMethod<Request, Response> = Pick<
  MethodDefinition<Request, Response>,
  "path" | "requestSerialize" | "responseDeserialize"
>;

export interface ServiceMethods {
  executeStrategy: CallMethod<WireExecuteRequest, WireExecuteResponse>;
  executeBatch: CallMethod<WireBatchRequest, WireBatchResponse>;
  validateCode: CallMethod<WireValidateRequest, WireValidateResponse>;
  getHealth: CallMethod<Record<string, never>, WireHealthResponse>;
}

/** Reads and compiles the contract, synchronously: once when a client is made. */
export function loadServiceMethods(): ServiceMethods {
  const definitions = loadSync(PROTO_FILE, { longs: Number, defaults: true });
  const service = definitions[SERVICE];
  if (service === undefined || "format" in service) throw new Error(`${SERVICE} is not in ${PROTO_FILE}`);
  // The one place where the types of wire-messages.ts are put on what proto-loader knows only at run time.
  const methods = service as unknown as Record<string, CallMethod<never, never>>;
  const methodNamed = <Request, Response>(name: string): CallMethod<Request, Response> => {
    const method = methods[name];
    if (method === undefined) throw new Error(`${SERVICE} has no ${name}`);
    return method as unknown as CallMethod<Request, Response>;
  };
  return {
    executeStrategy: methodNamed("ExecuteStrategy"),
    executeBatch: methodNamed("ExecuteBatch"),
    validateCode: methodNamed("ValidateCode"),
    getHealth: methodNamed("GetHealth"),
  };
}
