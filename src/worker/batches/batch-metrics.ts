import type { Meter } from "@opentelemetry/api";
import type { CellCounts } from "../../shared/batch/cell-columns.ts";

export interface BatchMetrics {
  chunkStored(counts: CellCounts, cpuMs: number): void;
}

export function createBatchMetrics(meter: Meter): BatchMetrics {
  const cells = meter.createCounter("batch_cells_total", { description: "Cells of batches by outcome" });
  const cpu = meter.createCounter("batch_cpu_ms_total", {
    description: "CPU milliseconds of batches' sandboxes",
  });
  return {
    chunkStored(counts, cpuMs) {
      cpu.add(cpuMs);
      cells.add(counts.succeeded, { outcome: "succeeded" });
      cells.add(counts.failedUser, { outcome: "failed, user" });
      cells.add(counts.failedLimit, { outcome: "failed, limit" });
      cells.add(counts.failedPlatform, { outcome: "failed, platform" });
    },
  };
}
