import { versionOf } from "../../shared/batch/present-batch.ts";
import { batchSchema } from "../../shared/contract/batch.ts";
import { isTerminal } from "../../shared/contract/job.ts";
import type { BatchStore } from "../../shared/job-store/batch-port.ts";
import type { Logger } from "../../shared/logging.ts";
import type { BatchWatch } from "../batches/batch-watch.ts";
import { batchIdParams, readOwnBatch } from "../batches/own-batch.ts";
import { type PresentParts, presentNow } from "../batches/present-now.ts";
import type { Capacity } from "../capacity.ts";
import { refuseQuery } from "../read-query.ts";
import type { Call, Route } from "../route.ts";
import { openEventStream } from "../sse.ts";
import { endInTime, lastSeen } from "../stream-life.ts";

interface StreamBatchParts extends PresentParts {
  batches: BatchStore;
  batchWatch: BatchWatch;
  streams: Capacity;
  logger: Logger;
}

/** GET /batches/:id/events: a snapshot at once, then at most two a second, until the batch has ended. */
export function streamBatchEventsRoute(parts: StreamBatchParts): Route {
  return {
    method: "get",
    path: "/batches/:id/events",
    access: "owner",
    tag: "Batches",
    summary: "Follow a batch by server-sent events",
    description:
      "Each event's data is the batch as JSON, leaderboard included, and its id the batch's version; at most two a " +
      "second. The stream ends after the batch has ended.",
    params: batchIdParams,
    headers: { "Last-Event-ID": "The last version that you saw: nothing older or equal is sent again" },
    answers: {
      200: { description: "Snapshots", content: { "text/event-stream": batchSchema } },
      204: { description: "The batch has ended, and you saw its last snapshot" },
    },
    problems: ["not_found"],
    async handle(call) {
      refuseQuery(call.request);
      const { batch } = await readOwnBatch(parts.batches, call.owner, call.request);
      const seen = lastSeen(call);
      const version = versionOf(batch, await parts.batches.readCounts(batch.id));
      if (isTerminal(batch.status) && seen >= version) call.response.status(204).end();
      else if (call.request.method === "HEAD") call.response.type("text/event-stream").end();
      else follow(parts, call, batch.id, seen);
    },
  };
}

function follow(parts: StreamBatchParts, call: Call, id: string, seen: number): void {
  const { response } = call;
  if (response.destroyed) return;
  parts.streams.enter();
  const stream = openEventStream(response);
  let sent = seen;
  let looking = false;
  const look = async (): Promise<void> => {
    const stored = await parts.batches.read(id);
    if (stored === undefined) {
      stream.end();
      return;
    }
    const shown = await presentNow(parts, stored.batch);
    if (shown.version > sent) {
      sent = shown.version;
      stream.send(shown.version, JSON.stringify(shown));
    }
    if (isTerminal(shown.status)) stream.end();
  };
  const mayHaveChanged = (): void => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) =>
        parts.logger.debug({ err: error, batchId: id }, "a followed batch was not read"),
      )
      .finally(() => {
        looking = false;
      });
  };
  const leave = parts.batchWatch.follow(id, { mayHaveChanged, ended: () => stream.end() });
  const lifetime = endInTime(stream, call);
  response.once("close", () => {
    clearTimeout(lifetime);
    leave();
    parts.streams.leave();
  });
  mayHaveChanged();
}
