/** The messages of ExecuteBatch, as wire-messages.ts has those of the other calls. */
import type { WireAssumptions, WireBacktestOptions, WireBarColumns, WireFailure } from "./wire-messages.ts";

export interface WireBatchRequest {
  code: string;
  language: string;
  userId: string;
  strategyId: string;
  options: WireBacktestOptions;
  series: { bars: WireBarColumns; symbol: string; timeframe: string }[];
  cells: { series: Buffer; parametersJson: string[] };
  cellTimeoutSeconds: number;
  timeoutSeconds: number;
  memoryMb: number;
}

export interface WireBatchResponse {
  summaries: WireCellSummaries | null;
  failures: { failure: WireFailure | null; cell: Buffer }[];
  failure: WireFailure | null;
  totals: { cells: number; childCpuMs: number } | null;
  childCpuMs: number;
  assumptions: { series: number; assumptions: WireAssumptions | null }[];
}

export interface WireCellSummaries {
  cell: Buffer;
  metrics: Record<string, Buffer> | null;
  returns: Buffer;
  returnMean: Buffer;
  returnSd: Buffer;
  returnSkewness: Buffer;
  returnKurtosis: Buffer;
  live: Buffer;
  notes: Buffer;
  noteSets: {
    warnings: Record<string, string>;
    unavailable: Record<string, string>;
    whyNotFaster: string;
  }[];
}
