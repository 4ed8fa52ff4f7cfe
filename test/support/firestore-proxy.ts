/**
 * A fake in one respect only: a gRPC server before the real emulator that passes every call on as bytes, and on demand
 * answers with a status of Firestore's, waits, or loses an answer. It also sees what was committed, whoever wrote it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  ChannelCredentials,
  Client,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";

export interface FirestoreCall {
  /** Such as Commit, BatchGetDocuments, RunQuery. */
  method: string;
  request: Buffer;
}

/**
 * refuse   with this gRPC status, and the emulator does not hear of the call
 * delayMs  pass it on after so long
 * lose     pass it on, and answer UNAVAILABLE whatever the emulator said
 */
export type Fault = { refuse: status } | { delayMs: number } | { lose: true };

export interface FirestoreProxy {
  /** host:port, for FIRESTORE_EMULATOR_HOST. */
  host: string;
  /** Decides over each call from now on; undefined passes it on. */
  intercept: (decide: (call: FirestoreCall) => Fault | undefined) => void;
  /** Tells of each unary call that the emulator answered with OK. */
  onAnswered: (listener: (call: FirestoreCall) => void) => void;
  close: () => void;
}

const SERVICE = "/google.firestore.v1.Firestore/";
const UNARY = ["Commit", "BatchWrite"];
const STREAMED = ["BatchGetDocuments", "RunQuery", "RunAggregationQuery"];
const UNLIMITED = { "grpc.max_send_message_length": -1, "grpc.max_receive_message_length": -1 };

const asIs = (bytes: Buffer): Buffer => bytes;

/** On a free port of loopback. */
export async function startFirestoreProxy(emulatorHost: string): Promise<FirestoreProxy> {
  const server = new Server(UNLIMITED);
  const emulator = new Client(emulatorHost, ChannelCredentials.createInsecure(), UNLIMITED);
  const listeners: ((call: FirestoreCall) => void)[] = [];
  let decide: (call: FirestoreCall) => Fault | undefined = () => undefined;

  for (const method of UNARY) {
    const unary = (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void => {
      const seen = { method, request: call.request };
      void applyFault(decide(seen), answer, (lost) => {
        // To its end, even if whoever asked is killed meanwhile: what it wrote is written all the same, and is seen.
        emulator.makeUnaryRequest(
          SERVICE + method,
          asIs,
          asIs,
          call.request,
          passedOn(call.metadata),
          (error, response) => {
            if (error === null) for (const listener of listeners) listener(seen);
            if (lost) answer(failure(status.UNAVAILABLE));
            else answer(error, response);
          },
        );
      });
    };
    server.register(SERVICE + method, unary, asIs, asIs, "unary");
  }
  for (const method of STREAMED) {
    const streamed = (call: ServerWritableStream<Buffer, Buffer>): void => {
      const end = (error: ServiceError): unknown => call.destroy(error);
      void applyFault(decide({ method, request: call.request }), end, (lost) => {
        if (lost) return void end(failure(status.UNAVAILABLE));
        const path = SERVICE + method;
        const pass = emulator.makeServerStreamRequest(
          path,
          asIs,
          asIs,
          call.request,
          passedOn(call.metadata),
        );
        call.on("cancelled", () => pass.cancel());
        pass.on("data", (message: Buffer) => call.write(message));
        pass.on("end", () => call.end());
        pass.on("error", end);
      });
    };
    server.register(SERVICE + method, streamed, asIs, asIs, "serverStream");
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    host: `127.0.0.1:${port}`,
    intercept: (next) => {
      decide = next;
    },
    onAnswered: (listener) => void listeners.push(listener),
    close: () => {
      server.forceShutdown();
      emulator.close();
    },
  };
}

/** Refuses, or passes on, now or later. */
async function applyFault(
  fault: Fault | undefined,
  refuse: (error: ServiceError) => unknown,
  passOn: (lost: boolean) => void,
): Promise<void> {
  if (fault !== undefined && "refuse" in fault) return void refuse(failure(fault.refuse));
  if (fault !== undefined && "delayMs" in fault) await sleep(fault.delayMs);
  passOn(fault !== undefined && "lose" in fault);
}

function failure(code: status): ServiceError {
  const details = `${status[code]} by the test`;
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}

function passedOn(metadata: Metadata): Metadata {
  const copy = new Metadata();
  for (const [key, value] of Object.entries(metadata.getMap())) {
    if (!key.startsWith("grpc-") && key !== "user-agent") copy.set(key, value);
  }
  return copy;
}
