import type { Meter } from "@opentelemetry/api";
import type { JobQueue } from "../shared/queue/job-queue.ts";
import type { Capacity } from "./capacity.ts";

interface GaugeParts {
  meter: Meter;
  queue: Pick<JobQueue, "backlog">;
  waits: Capacity;
  streams: Capacity;
}

/** What an operator watches of this process beside its requests. */
export function createGauges({ meter, queue, waits, streams }: GaugeParts): void {
  const gauges: [name: string, description: string, read: () => number][] = [
    ["queue_backlog_jobs", "Entries that wait in the queue, as last counted", () => queue.backlog()],
    ["http_waits_open", "Requests that wait for a job", () => waits.taken()],
    ["http_streams_open", "Event streams", () => streams.taken()],
  ];
  for (const [name, description, read] of gauges) {
    meter.createObservableGauge(name, { description }).addCallback((result) => result.observe(read()));
  }
}
