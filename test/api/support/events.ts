import type { IncomingMessage } from "node:http";
import { createParser } from "eventsource-parser";
import { type Job, jobSchema } from "../../../src/shared/contract/job.ts";
import { open } from "./http.ts";

interface ReadEvent {
  id: string;
  job: Job;
}

export interface ReadStream {
  response: IncomingMessage;
  /** The next event; undefined after the last. Fails after 10 s. */
  next(): Promise<ReadEvent | undefined>;
  /** All that are still to come, up to the end of the stream. */
  rest(): Promise<ReadEvent[]>;
  comments: string[];
}

/** Reads a stream of events as a client would. */
export async function readEvents(url: string, headers: Record<string, string> = {}): Promise<ReadStream> {
  const response = await open(url, { headers });
  const waiting: ReadEvent[] = [];
  const comments: string[] = [];
  let wake: () => void = () => undefined;
  let ended = false;
  const parser = createParser({
    onEvent: ({ id = "", data }) => waiting.push({ id, job: jobSchema.parse(JSON.parse(data)) }),
    onComment: (comment) => comments.push(comment),
  });
  response.on("data", (chunk: Buffer) => {
    parser.feed(chunk.toString());
    wake();
  });
  response.on("close", () => {
    ended = true;
    wake();
  });

  async function next(): Promise<ReadEvent | undefined> {
    const deadline = Date.now() + 10_000;
    while (waiting.length === 0 && !ended) {
      if (Date.now() > deadline) throw new Error("no event within 10 s");
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 1_000);
      });
    }
    return waiting.shift();
  }

  return {
    response,
    comments,
    next,
    async rest() {
      const all: ReadEvent[] = [];
      for (let event = await next(); event !== undefined; event = await next()) all.push(event);
      return all;
    },
  };
}
