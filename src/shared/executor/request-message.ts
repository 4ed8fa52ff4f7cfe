/** Our request as the wire wants it. */
import type { Series } from "../market-data/series.ts";
import type { ExecutionRequest } from "./port.ts";
import type { WireBarColumns, WireExecuteRequest } from "./wire-messages.ts";

export function toExecuteRequest(request: ExecutionRequest): WireExecuteRequest {
  return {
    code: request.code,
    language: "python",
    timeoutSeconds: request.timeoutSeconds ?? 0,
    userId: request.owner,
    strategyId: request.strategyId ?? "",
    bars: columnsOf(request.series),
    parametersJson: JSON.stringify(request.parameters),
    options: request.options,
    symbol: request.series.symbol ?? "",
    timeframe: request.series.timeframe,
    memoryMb: request.memoryMb ?? 0,
  };
}

const COLUMNS = new WeakMap<Series, WireBarColumns>();

/** Views over the series' own memory, made once for each: the bytes are copied only into the request frame. */
export function columnsOf(series: Series): WireBarColumns {
  const known = COLUMNS.get(series);
  if (known !== undefined) return known;
  const columns: WireBarColumns = {
    timestampMs: bytesOf(series.timestampMs),
    open: bytesOf(series.open),
    high: bytesOf(series.high),
    low: bytesOf(series.low),
    close: bytesOf(series.close),
    volume: bytesOf(series.volume),
  };
  COLUMNS.set(series, columns);
  return columns;
}

/** The wire is little-endian, as is every machine that Node 24 is built for but s390x. */
function bytesOf(column: Float64Array | BigInt64Array): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength);
}
