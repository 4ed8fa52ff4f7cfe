/**
 * The messages of proto/strategy_execution.proto that we send and read, as proto-loader gives them: camelCase,
 * `bytes` as Buffer, unset scalars as their default, unset messages null, unset optional fields absent.
 */

export interface WireBarColumns {
  timestampMs: Buffer;
  open: Buffer;
  high: Buffer;
  low: Buffer;
  close: Buffer;
  volume: Buffer;
}

export interface WireBacktestOptions {
  initialCapital?: number | undefined;
  commissionPct?: number | undefined;
  slippagePct?: number | undefined;
  fill?: string | undefined;
  direction?: string | undefined;
  sizing?: number | undefined;
  fractional?: boolean | undefined;
  barsPerYear?: number | undefined;
  riskFreeRate?: number | undefined;
  lookAheadCheck?: boolean | undefined;
}

export interface WireExecuteRequest {
  code: string;
  language: string;
  timeoutSeconds: number;
  userId: string;
  strategyId: string;
  bars: WireBarColumns;
  parametersJson: string;
  options: WireBacktestOptions;
  symbol: string;
  timeframe: string;
  memoryMb: number;
}

export interface WireExecuteResponse {
  success: boolean;
  failure: WireFailure | null;
  result: WireResult | null;
  warnings: WireWarning[];
  liveSignal: WireLiveSignal | null;
  assumptions: WireAssumptions | null;
  metrics: WireMetrics | null;
  replay: WireReplay | null;
  timings: WireTimings | null;
  cacheHit: boolean;
}

/** Milliseconds; those that the server measured, and of the child's own the one that is shown. */
interface WireTimings {
  compileMs: number;
  queueMs: number;
  childCpuMs: number;
  totalMs: number;
}

export interface WireFailure {
  class: string;
  code: string;
  message: string;
  type: string;
  line: number;
  sourceLine: string;
  hint: string;
  barTimestamp: string;
  limitName: string;
  limitValue: number;
  limitUsed: number;
  limitUnit: string;
}

export interface WireWarning {
  code: string;
  message: string;
  barTimestamp: string;
}

interface WireResult {
  signals: WireSignals | null;
  plots: WirePlot[];
  equity: Buffer;
  trades: WireTrades | null;
  logs: string[];
}

export interface WireSignals {
  bar: Buffer;
  type: Buffer;
  outcome: Buffer;
  quantity: Buffer;
  fillPrice: Buffer;
  price: Buffer;
  reason: string[];
  icon: string[];
}

export interface WirePlot {
  name: string;
  color: string;
  linewidth: number;
  overlay: boolean;
  values: Buffer;
}

export interface WireTrades {
  entryBar: Buffer;
  exitBar: Buffer;
  direction: Buffer;
  quantity: Buffer;
  entryPrice: Buffer;
  exitPrice: Buffer;
  pnl: Buffer;
  pnlPercent: Buffer;
  entryReason: string[];
  exitReason: string[];
}

export interface WireLiveSignal {
  signalType: string;
  price: number;
  reason: string;
}

export interface WireAssumptions {
  fill: string;
  direction: string;
  initialCapital: number;
  commissionPct: number;
  slippagePct: number;
  sizing: number;
  fractional: boolean;
  barsPerYear: number;
  barsPerYearSource: string;
  riskFreeRate: number;
  timeframe: string;
  bars: number;
  dataHash: string;
  versions: Record<string, string>;
  optimisticFill: boolean;
}

export interface WireMetrics {
  totalReturnPct: number;
  totalPnl: number;
  cagrPct?: number;
  volatilityPct?: number;
  sharpe?: number;
  sortino?: number;
  maxDrawdownPct: number;
  longestDrawdownBars: number;
  calmar?: number;
  winRatePct?: number;
  avgWin?: number;
  avgLoss?: number;
  expectancy?: number;
  profitFactor?: number;
  sqn?: number;
  exposurePct: number;
  buyAndHoldPct?: number;
  buyAndHoldPnl?: number;
  outperformancePct?: number;
  totalTrades: number;
  profitableTrades: number;
  buyCount: number;
  sellCount: number;
  ignoredSignals: number;
  pendingSignals: number;
  finalEquity: number;
  openPosition: boolean;
  unavailable: Record<string, string>;
}

interface WireReplay {
  form: number;
  way: string;
  whyNotFaster: string;
  calls: number;
  warmUpBars: number;
  /** Counted from 1; 0 is none. */
  guardDifferenceBar: number;
}

export interface WireValidateRequest {
  code: string;
  language: string;
  userId: string;
}

export interface WireValidateResponse {
  valid: boolean;
  form: number;
  diagnostics: WireDiagnostic[];
  parameters: WireParameter[];
}

export interface WireDiagnostic {
  severity: string;
  code: string;
  message: string;
  line: number;
  column: number;
  hint: string;
}

export interface WireParameter {
  name: string;
  type: string;
  defaultJson: string;
  min?: number;
  max?: number;
  line: number;
}

export interface WireHealthResponse {
  status: string;
  supportedLanguages: string[];
  maxTimeoutSeconds: number;
  maxMemoryMb: number;
  metadata: Record<string, string>;
  slots: number;
  busySlots: number;
  waitingCalls: number;
  instanceId: string;
}
