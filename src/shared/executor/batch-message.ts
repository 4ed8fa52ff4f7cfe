/** Our batch request as the wire wants it. */
import type { BatchExecutionRequest } from "./batch-port.ts";
import type { WireBatchRequest } from "./batch-wire-messages.ts";
import { columnsOf } from "./request-message.ts";

export function toBatchRequest(request: BatchExecutionRequest, timeoutSeconds: number): WireBatchRequest {
  const { cells } = request;
  const series = Int32Array.from(cells, (cell) => cell.series);
  return {
    code: request.code,
    language: "python",
    userId: request.owner,
    strategyId: request.strategyId ?? "",
    options: request.options,
    series: request.series.map((one) => ({
      bars: columnsOf(one),
      symbol: one.symbol ?? "",
      timeframe: one.timeframe,
    })),
    cells: {
      series: Buffer.from(series.buffer),
      parametersJson: cells.map(({ parameters }) => JSON.stringify(parameters)),
    },
    cellTimeoutSeconds: request.timeoutSeconds ?? 0,
    timeoutSeconds,
    memoryMb: request.memoryMb ?? 0,
  };
}
