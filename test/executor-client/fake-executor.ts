/**
 * A fake: a grpc-js server of the same contract, for answers that a sound executor does not give on demand
 * (statuses, broken or very large answers, TLS). Everything else is tested with the real one.
 */

import { fileURLToPath } from "node:url";
import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type ServiceError,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const PROTO_FILE = fileURLToPath(new URL("../../proto/strategy_execution.proto", import.meta.url));

type Fields = Record<string, unknown>;
export type Respond = (request: Fields, metadata: Metadata, call: FakeCall) => Promise<Fields> | Fields;
export type FakeCall = ServerUnaryCall<Fields, Fields>;

export interface FakeExecutor {
  port: number;
  target: string;
  stop(): void;
}

export interface FakeAnswers {
  execute?: Respond;
  validate?: Respond;
  health?: Respond;
}

const HEALTHY = { status: "SERVING", slots: 1, supportedLanguages: ["python"] };

export async function startFakeExecutor(
  answers: FakeAnswers,
  { port = 0, credentials = ServerCredentials.createInsecure() } = {},
): Promise<FakeExecutor> {
  const server = new Server({ "grpc.max_send_message_length": -1, "grpc.max_receive_message_length": -1 });
  const unary =
    (respond: Respond | undefined) =>
    (call: FakeCall, callback: sendUnaryData<Fields>): void => {
      void answer(respond ?? unexpected, call, callback);
    };
  server.addService(serviceDefinition(), {
    ExecuteStrategy: unary(answers.execute),
    ValidateCode: unary(answers.validate),
    GetHealth: unary(answers.health ?? (() => HEALTHY)),
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, credentials, (error, found) =>
      error ? reject(error) : resolve(found),
    );
  });
  return { port: bound, target: `127.0.0.1:${bound}`, stop: () => server.forceShutdown() };
}

async function answer(respond: Respond, call: FakeCall, callback: sendUnaryData<Fields>): Promise<void> {
  let fields: Fields;
  try {
    fields = await respond(call.request, call.metadata, call);
  } catch (error) {
    callback(error as ServiceError);
    return;
  }
  callback(null, fields);
}

/** A gRPC status as a server answers it. */
export function statusError(code: number, details: string): Error {
  return Object.assign(new Error(details), { code, details });
}

function unexpected(): never {
  throw statusError(13, "the test did not expect this call");
}

function serviceDefinition(): ServiceDefinition {
  const definitions = loadSync(PROTO_FILE, { longs: Number, defaults: true });
  return definitions["strategiz.execution.v1.StrategyExecutionService"] as ServiceDefinition;
}
