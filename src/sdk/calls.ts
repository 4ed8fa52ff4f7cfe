/** What the calls of the SDK have in common. */
import { StrategizError } from "./errors.ts";
import type { Asked } from "./requests.ts";
import type { WatchLimits } from "./watch/follow.ts";
import type { Snapshot } from "./watch/way.ts";

export interface CallOptions {
  signal?: AbortSignal;
  /** Repetitions included. Default 30 s; for a watch, one hour. */
  deadlineMs?: number;
}

export interface SubmitOptions extends CallOptions {
  /** The same key and request make one job or batch, however often they are sent. Default: a new one for each call. */
  idempotencyKey?: string;
}

export interface PatientOptions extends CallOptions {
  /** How long the service may be away. Default five minutes. */
  patienceMs?: number;
}

export interface Page {
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

export const CALL_MS = 30_000;
const WATCH_MS = 3_600_000;
const PATIENCE_MS = 300_000;

export function asked({
  signal,
  deadlineMs = CALL_MS,
}: CallOptions = {}): Pick<Asked, "signal" | "deadlineMs"> {
  return { signal, deadlineMs };
}

export function askedToSubmit(
  body: unknown,
  { idempotencyKey = randomKey(), ...call }: SubmitOptions = {},
): Asked {
  return { ...asked(call), method: "POST", headers: { "Idempotency-Key": idempotencyKey }, body };
}

export function limitsOf({
  signal,
  deadlineMs = WATCH_MS,
  patienceMs = PATIENCE_MS,
}: PatientOptions = {}): WatchLimits {
  return { signal, deadlineMs, patienceMs };
}

export function queryOf(filter: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined) query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** The last of a watch's snapshots. */
export async function lastOf<Shown extends Snapshot>(watch: AsyncIterable<Shown>): Promise<Shown> {
  let last: Shown | undefined;
  for await (const shown of watch) last = shown;
  if (last === undefined) throw new StrategizError("The watch ended before it had seen anything");
  return last;
}

/** crypto.randomUUID is absent from pages that come over plain HTTP. */
function randomKey(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
