/**
 * Metrics in Prometheus text. The names that existing boards read are kept to the letter.
 *
 * The exporter appends `_total` to every counter that lacks it: `strategy_cache_hits` and `strategy_cache_misses`
 * are therefore up-down counters that only go up, which it leaves alone.
 */
import type { Meter } from "@opentelemetry/api";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";

const MILLISECONDS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];
const BARS = [10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000];

export interface MetricsRegistry {
  meter: Meter;
  /** Everything measured so far, in the text format of Prometheus. */
  render(): Promise<string>;
  close(): Promise<void>;
}

/** One for each process; `service` names the meter. It opens no port: an admin server shows what it renders. */
export function createMetrics(service: string): MetricsRegistry {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter] });
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    meter: provider.getMeter(service),
    async render() {
      const { resourceMetrics, errors } = await exporter.collect();
      if (errors.length > 0) throw new AggregateError(errors, "A metric could not be read");
      return serializer.serialize(resourceMetrics);
    },
    close: () => provider.shutdown(),
  };
}

/** How an execution ended. `errorType` is the failure's code. */
export interface EndedExecution {
  status: "success" | "failure" | "cancelled";
  executeMs: number;
  compileMs?: number | undefined;
  cacheHit?: boolean | undefined;
  /** The executor's guard saw a fast way of replay go wrong, and mended it. */
  guardDiffered?: boolean | undefined;
  errorType?: string | undefined;
}

export interface StrategyMetrics {
  /** `bars`: rows of market data that the strategy gets. */
  executionStarted(bars: number): void;
  executionEnded(ended: EndedExecution): void;
  /** It did not run: the executor had no slot. */
  executionRefused(): void;
}

/** The instruments that existing boards read. */
export function createStrategyMetrics(meter: Meter): StrategyMetrics {
  const requests = meter.createCounter("strategy_requests_total", { description: "Executions by status" });
  const errors = meter.createCounter("strategy_errors_total", { description: "Failed executions by code" });
  const hits = meter.createUpDownCounter("strategy_cache_hits", {
    description: "Executions whose code was compiled before",
  });
  const misses = meter.createUpDownCounter("strategy_cache_misses", {
    description: "Executions whose code had to be compiled",
  });
  const guardDifferences = meter.createCounter("strategy_guard_differences_total", {
    description: "Executions in which a fast way of replay went wrong and the plain loop answered: defects",
  });
  const active = meter.createUpDownCounter("strategy_executions_active", {
    description: "Executions running now",
  });
  const executeMs = histogram(meter, "strategy_execution_time", "Execution in milliseconds", MILLISECONDS);
  const compileMs = histogram(
    meter,
    "strategy_compilation_time",
    "Compilation in milliseconds",
    MILLISECONDS,
  );
  const bars = histogram(meter, "strategy_market_data_size", "Bars given to a strategy", BARS);
  for (const counter of [errors, hits, misses, active, guardDifferences]) counter.add(0);
  for (const status of ["success", "failure"]) requests.add(0, { status });
  return {
    executionStarted(count) {
      active.add(1);
      bars.record(count);
    },
    executionRefused: () => active.add(-1),
    executionEnded(ended) {
      active.add(-1);
      requests.add(1, { status: ended.status });
      executeMs.record(ended.executeMs);
      if (ended.errorType !== undefined) errors.add(1, { error_type: ended.errorType });
      if (ended.compileMs !== undefined) compileMs.record(ended.compileMs);
      if (ended.guardDiffered === true) guardDifferences.add(1);
      if (ended.cacheHit !== undefined) (ended.cacheHit ? hits : misses).add(1);
    },
  };
}

function histogram(meter: Meter, name: string, description: string, boundaries: number[]) {
  return meter.createHistogram(name, { description, advice: { explicitBucketBoundaries: boundaries } });
}
