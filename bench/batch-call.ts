/** ExecuteBatch as its bare RPC: the client's own columns and checks are measured with the pipeline. */
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { toBatchRequest } from "../src/shared/executor/batch-message.ts";
import type { BatchExecutionRequest } from "../src/shared/executor/batch-port.ts";
import type { WireBatchRequest, WireBatchResponse } from "../src/shared/executor/batch-wire-messages.ts";
import { loadServiceMethods } from "../src/shared/executor/service-methods.ts";

const LARGEST_MESSAGE_BYTES = 50 * 1024 * 1024;
const TIMEOUT_SECONDS = 120;

export interface BatchCaller {
  /** Answers the total return of every cell in percent, by its index. Rejects if a cell failed. */
  run(request: BatchExecutionRequest, noSharedExpressions: boolean): Promise<Float64Array>;
  close(): void;
}

export function connectBatchCaller(target: string): BatchCaller {
  const { executeBatch } = loadServiceMethods();
  const client = new Client(target, credentials.createInsecure(), {
    "grpc.max_receive_message_length": LARGEST_MESSAGE_BYTES,
    "grpc.max_send_message_length": LARGEST_MESSAGE_BYTES,
  });
  return {
    run: async (request, noSharedExpressions) => {
      const message: WireBatchRequest = {
        ...toBatchRequest(request, TIMEOUT_SECONDS),
        ...(noSharedExpressions && { noSharedExpressions }),
      };
      const stream = client.makeServerStreamRequest(
        executeBatch.path,
        executeBatch.requestSerialize,
        executeBatch.responseDeserialize,
        message,
        new Metadata(),
        { deadline: Date.now() + TIMEOUT_SECONDS * 1000 },
      );
      const returns = new Float64Array(request.cells.length).fill(Number.NaN);
      for await (const part of stream) takePart(returns, part as WireBatchResponse);
      if (returns.some(Number.isNaN)) throw new Error("a cell of the batch has no answer");
      return returns;
    },
    close: () => client.close(),
  };
}

function takePart(returns: Float64Array, { summaries, failures, failure }: WireBatchResponse): void {
  const failed = failure ?? failures[0]?.failure;
  if (failed) throw new Error(`the batch failed: ${failed.message}`);
  const column = summaries?.metrics?.["totalReturnPct"];
  if (summaries === null || column === undefined) return;
  for (let row = 0; row < column.length / 8; row += 1) {
    returns[summaries.cell.readInt32LE(row * 4)] = column.readDoubleLE(row * 8);
  }
}
