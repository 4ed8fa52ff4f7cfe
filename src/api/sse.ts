/** One server-sent event stream of snapshots. A slow reader gets the latest one, never a backlog. */
import type { Response } from "express";
import { contextOf } from "./request-context.ts";

const HEARTBEAT_MS = 15_000;
/** A reader that takes nothing for so long is cut off; it resumes with Last-Event-ID. */
const STALLED_MS = 60_000;
/** EventSource comes back after so long. */
const RETRY_MS = 2_000;

export interface EventStream {
  /** Sends the snapshot, or keeps it as the one to send when the reader is ready. */
  send(id: number, json: string): void;
  /** Ends the stream after what was sent, and after an event of another name where one is given. */
  end(last?: { event: string; json: string }): void;
}

export function openEventStream(response: Response, heartbeatMs = HEARTBEAT_MS): EventStream {
  let waiting: string | undefined;
  let blocked = false;
  let ending = false;
  let stalled: NodeJS.Timeout | undefined;

  contextOf(response).held = true;
  response.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
  });
  write(`retry: ${RETRY_MS}\n\n`);
  const heartbeat = setInterval(() => {
    if (!blocked) write(": still here\n\n");
  }, heartbeatMs);

  function write(text: string): void {
    if (response.write(text)) return;
    blocked = true;
    stalled = setTimeout(() => response.destroy(), STALLED_MS);
  }

  response.on("drain", () => {
    blocked = false;
    clearTimeout(stalled);
    const text = waiting;
    waiting = undefined;
    if (ending) response.end(text ?? "");
    else if (text !== undefined) write(text);
  });
  response.once("close", () => {
    clearInterval(heartbeat);
    clearTimeout(stalled);
  });

  return {
    send(id, json) {
      if (ending || response.destroyed) return;
      const text = `id: ${id}\ndata: ${json}\n\n`;
      if (blocked) waiting = text;
      else write(text);
    },
    end(last) {
      if (ending) return;
      ending = true;
      clearInterval(heartbeat);
      const text = last === undefined ? "" : `event: ${last.event}\ndata: ${last.json}\n\n`;
      if (blocked) waiting = (waiting ?? "") + text;
      else response.end(text);
    },
  };
}
