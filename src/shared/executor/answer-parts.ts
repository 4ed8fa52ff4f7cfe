/** Signals, trades and indicators of an answer: columns on the wire, objects in a job's result. */
import type { JobResult, ResultSignal, ResultTrade } from "../contract/job-result.ts";
import {
  expectLength,
  InvalidAnswer,
  mapColumn,
  readBytes,
  readDoubles,
  readInts,
} from "./answer-columns.ts";
import type { WirePlot, WireSignals, WireTrades } from "./wire-messages.ts";

/** As numbered in SignalColumns.outcome. */
const OUTCOMES = ["filled", "pending", "ignored-position", "ignored-quantity", "ignored-ruined"] as const;

/** `times` are those of the bars, in order. Throws InvalidAnswer. */
export function readSignals(columns: WireSignals | null, times: readonly string[]): ResultSignal[] {
  if (columns === null) return [];
  const bars = readInts(columns.bar, "signals.bar");
  const types = readBytes(columns.type, bars.length, "signals.type");
  const outcomes = readBytes(columns.outcome, bars.length, "signals.outcome");
  const quantities = readDoubles(columns.quantity, bars.length, "signals.quantity");
  const fillPrices = readDoubles(columns.fillPrice, bars.length, "signals.fill_price");
  const prices = readDoubles(columns.price, bars.length, "signals.price");
  expectLength(columns.reason, bars.length, "signals.reason");
  if (columns.icon.length > 0) expectLength(columns.icon, bars.length, "signals.icon");
  return Array.from(bars, (bar, index): ResultSignal => {
    const outcome = OUTCOMES[outcomes[index] ?? -1];
    if (outcome === undefined) throw new InvalidAnswer(`signals.outcome is ${outcomes[index]}`);
    const signal: ResultSignal = {
      timestamp: timeOf(bar, times, "signals.bar"),
      type: sideOf(types[index], "signals.type") === 1 ? "BUY" : "SELL",
      price: finite(prices[index], "signals.price"),
      reason: columns.reason[index] ?? "",
      outcome,
      quantity: finite(quantities[index], "signals.quantity"),
      fillPrice: orNull(fillPrices[index]),
    };
    const icon = columns.icon[index] ?? "";
    return icon === "" ? signal : { ...signal, icon };
  });
}

/** Throws InvalidAnswer. */
export function readTrades(columns: WireTrades | null, times: readonly string[]): ResultTrade[] {
  if (columns === null) return [];
  const entries = readInts(columns.entryBar, "trades.entry_bar");
  const exits = readInts(columns.exitBar, "trades.exit_bar");
  const directions = readBytes(columns.direction, entries.length, "trades.direction");
  const doubles = (bytes: Buffer, name: string): Float64Array =>
    readDoubles(bytes, entries.length, `trades.${name}`);
  const quantities = doubles(columns.quantity, "quantity");
  const entryPrices = doubles(columns.entryPrice, "entry_price");
  const exitPrices = doubles(columns.exitPrice, "exit_price");
  const pnls = doubles(columns.pnl, "pnl");
  const pnlPercents = doubles(columns.pnlPercent, "pnl_percent");
  if (exits.length !== entries.length)
    throw new InvalidAnswer("trades.exit_bar has another length than entry_bar");
  expectLength(columns.entryReason, entries.length, "trades.entry_reason");
  expectLength(columns.exitReason, entries.length, "trades.exit_reason");
  return Array.from(entries, (entry, index): ResultTrade => {
    const exit = exits[index] ?? OPEN;
    return {
      direction: sideOf(directions[index], "trades.direction") === 1 ? "long" : "short",
      entryTime: timeOf(entry, times, "trades.entry_bar"),
      entryPrice: finite(entryPrices[index], "trades.entry_price"),
      exitTime: exit === OPEN ? null : timeOf(exit, times, "trades.exit_bar"),
      exitPrice: finite(exitPrices[index], "trades.exit_price"),
      quantity: finite(quantities[index], "trades.quantity"),
      pnl: finite(pnls[index], "trades.pnl"),
      pnlPct: finite(pnlPercents[index], "trades.pnl_percent"),
      entryReason: columns.entryReason[index] ?? "",
      exitReason: columns.exitReason[index] ?? "",
    };
  });
}
const OPEN = -1;

/** One value a bar; NaN is a gap and becomes null. Throws InvalidAnswer. */
export function readIndicators(plots: readonly WirePlot[], bars: number): JobResult["indicators"] {
  return plots.map(({ name, color, linewidth, overlay, values }) => {
    const column = readDoubles(values, bars, "plots.values");
    return { name, color, linewidth, overlay, values: mapColumn(column, orNull) };
  });
}

/** Equity at the close of each bar. Throws InvalidAnswer. */
export function readEquity(bytes: Buffer, bars: number): number[] {
  return mapColumn(readDoubles(bytes, bars, "equity"), (value) => finite(value, "equity"));
}

function timeOf(bar: number, times: readonly string[], name: string): string {
  const time = times[bar];
  if (time === undefined) throw new InvalidAnswer(`${name} names bar ${bar} of ${times.length}`);
  return time;
}

function sideOf(value: number | undefined, name: string): 1 | -1 {
  if (value === 1 || value === -1) return value;
  throw new InvalidAnswer(`${name} is ${value}`);
}

function finite(value: number | undefined, name: string): number {
  if (value === undefined || !Number.isFinite(value)) throw new InvalidAnswer(`${name} is ${value}`);
  return value;
}

function orNull(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
