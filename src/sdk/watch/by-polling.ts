/** Asking again and again; a long poll where the API holds the answer until there is something new. */
import type { z } from "zod";
import { pause } from "../pause.ts";
import { type Ask, asJson } from "../requests.ts";
import { createPatience } from "./patience.ts";
import type { Snapshot, Watching, Way } from "./way.ts";

const HELD_SECONDS = 25;
/** Beyond the time that the API holds the answer. */
const ANSWER_MS = 10_000;

export interface Polled<Shown> {
  /** Such as /v1/jobs/ID. */
  path: string;
  schema: z.ZodType<Shown>;
  /** Between two questions to an API that answers at once; 0: it holds its answer. */
  everyMs: number;
}

export function watchByPolling<Shown extends Snapshot>(ask: Ask, polled: Polled<Shown>): Way<Shown> {
  return async function* poll(watching) {
    const patience = createPatience(watching);
    for (;;) {
      try {
        const shown = await pollOnce(ask, polled, watching);
        patience.heard();
        if (shown !== undefined) yield shown;
        if (polled.everyMs > 0) await pause(polled.everyMs, watching.signal);
      } catch (error) {
        await patience.afterFailure(error);
      }
    }
  };
}

/** undefined: it is still as it was. */
async function pollOnce<Shown extends Snapshot>(
  ask: Ask,
  { path, schema, everyMs }: Polled<Shown>,
  { seen, signal }: Watching,
): Promise<Shown | undefined> {
  const version = seen();
  const held = version > 0 && everyMs === 0;
  const headers: Record<string, string> = version === 0 ? {} : { "If-None-Match": `W/"${version}"` };
  const deadlineMs = ANSWER_MS + (held ? HELD_SECONDS * 1_000 : 0);
  return await ask(path + (held ? `?wait=${HELD_SECONDS}` : ""), { headers, deadlineMs, signal }, (answer) =>
    answer.status === 304 ? undefined : asJson(schema)(answer),
  );
}
