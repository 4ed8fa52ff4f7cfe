/** The RPCs that we call, read from the contract in proto/. */
import { fileURLToPath } from "node:url";
import type { MethodDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type {
  WireExecuteRequest,
  WireExecuteResponse,
  WireHealthResponse,
  WireValidateRequest,
  WireValidateResponse,
} from "./wire-messages.ts";

const PROTO_FILE = fileURLToPath(new URL("../../../proto/strategy_execution.proto", import.meta.url));
const SERVICE = "strategiz.execution.v1.StrategyExecutionService";

export type UnaryMethod<Request, Response> = Pick<
  MethodDefinition<Request, Response>,
  "path" | "requestSerialize" | "responseDeserialize"
>;

export interface ServiceMethods {
  executeStrategy: UnaryMethod<WireExecuteRequest, WireExecuteResponse>;
  validateCode: UnaryMethod<WireValidateRequest, WireValidateResponse>;
  getHealth: UnaryMethod<Record<string, never>, WireHealthResponse>;
}

/** Reads and compiles the contract, synchronously: once when a client is made. */
export function loadServiceMethods(): ServiceMethods {
  const definitions = loadSync(PROTO_FILE, { longs: Number, defaults: true });
  const service = definitions[SERVICE];
  if (service === undefined || "format" in service) throw new Error(`${SERVICE} is not in ${PROTO_FILE}`);
  // The one place where the types of wire-messages.ts are put on what proto-loader knows only at run time.
  const methods = service as unknown as Record<string, UnaryMethod<never, never>>;
  const methodNamed = <Request, Response>(name: string): UnaryMethod<Request, Response> => {
    const method = methods[name];
    if (method === undefined) throw new Error(`${SERVICE} has no ${name}`);
    return method as unknown as UnaryMethod<Request, Response>;
  };
  return {
    executeStrategy: methodNamed("ExecuteStrategy"),
    validateCode: methodNamed("ValidateCode"),
    getHealth: methodNamed("GetHealth"),
  };
}
