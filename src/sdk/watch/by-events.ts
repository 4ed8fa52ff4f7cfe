/** The event stream, read with fetch since EventSource cannot sign in; a broken one is resumed where it broke. */
import { EventSourceParserStream } from "eventsource-parser/stream";
import type { z } from "zod";
import { StrategizError, UnreachableError } from "../errors.ts";
import { readChunks } from "../read-chunks.ts";
import { type Ask, parseAs } from "../requests.ts";
import { createPatience, type Patience } from "./patience.ts";
import type { Snapshot, Watching, Way } from "./way.ts";

const OPEN_MS = 15_000;
/** The API sends a comment every 15 s: a stream that is silent for longer is dead. */
const SILENT_MS = 40_000;

/** Event streams cannot be read here: the platform's fetch has no body to read, or something between swallows them. */
export class NoStreamsError extends StrategizError {
  override name = "NoStreamsError";
}

/** `path` of the stream, such as /v1/jobs/ID/events, whose events hold what the schema has. */
export function watchByEvents<Shown extends Snapshot>(
  ask: Ask,
  path: string,
  schema: z.ZodType<Shown>,
): Way<Shown> {
  return async function* listen(watching) {
    const patience = createPatience(watching);
    for (;;) {
      try {
        yield* readStream(await openStream(ask, path, watching), schema, watching, patience);
        // Its hour was over, the server restarts, or the token has expired, which the next request finds out.
        await patience.afterFailure(new UnreachableError("The event stream ends again and again"));
      } catch (error) {
        await patience.afterFailure(error);
      }
    }
  };
}

async function openStream(
  ask: Ask,
  path: string,
  { seen, signal }: Watching,
): Promise<ReadableStream<Uint8Array>> {
  const version = seen();
  const headers = {
    Accept: "text/event-stream",
    ...(version === 0 ? {} : { "Last-Event-ID": String(version) }),
  };
  return await ask(path, { headers, deadlineMs: OPEN_MS, signal }, (answer) => {
    const isStream = answer.headers.get("Content-Type")?.startsWith("text/event-stream") === true;
    if (!isStream || answer.body === null) throw new NoStreamsError("No event stream came as the answer");
    return answer.body;
  });
}

async function* readStream<Shown>(
  body: ReadableStream<Uint8Array>,
  schema: z.ZodType<Shown>,
  { signal }: Watching,
  patience: Patience,
): AsyncGenerator<Shown> {
  const events = heard(body, signal, patience)
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { event, data } of readChunks(events)) {
    if (event === undefined) yield parseAs(schema, JSON.parse(data));
  }
}

/** The same bytes; fails when none come for too long, or the caller stops. */
function heard(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  patience: Patience,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const stop = (): void => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  return new ReadableStream({
    async pull(controller) {
      const silence = setTimeout(() => void reader.cancel().catch(() => undefined), SILENT_MS);
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else {
          patience.heard();
          controller.enqueue(new Uint8Array(value));
        }
      } catch (error) {
        controller.error(new UnreachableError("The event stream broke off", { cause: error }));
      } finally {
        clearTimeout(silence);
      }
    },
    async cancel() {
      signal.removeEventListener("abort", stop);
      await reader.cancel();
    },
  });
}
