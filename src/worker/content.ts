/** What work is, by its content: two jobs of the same content end alike. */
import { createHash, hash } from "node:crypto";
import { columnsOf } from "../shared/executor/request-message.ts";
import type { Series } from "../shared/market-data/series.ts";
import type { QueueEntry } from "../shared/queue/entry.ts";

/** Another number makes all earlier results unknown. */
const CONTENT_VERSION = 1;

/** A hash over owner, code, parameters, bars, options, limits and the executors' versions; not over names and labels. */
export function contentOf(
  { owner, request }: Pick<QueueEntry, "owner" | "request">,
  series: Series,
  versions: string,
): string {
  const { strategy, parameters, options, limits } = request;
  const { code, language } = strategy;
  const bars = [series.symbol ?? "", series.timeframe, hashOfBars(series)];
  const content = [CONTENT_VERSION, versions, owner, language, code, sorted(parameters), bars];
  return hash("sha256", JSON.stringify([...content, sorted(options), sorted(limits)]), "base64url");
}

/** The order in which a client wrote them says nothing. */
function sorted(fields: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

const HASHES = new WeakMap<Series, string>();

/** The bars themselves, wherever they came from: an edited file makes other work. */
function hashOfBars(series: Series): string {
  const known = HASHES.get(series);
  if (known !== undefined) return known;
  const bars = createHash("sha256");
  const { timestampMs, open, high, low, close, volume } = columnsOf(series);
  for (const column of [timestampMs, open, high, low, close, volume]) bars.update(column);
  const digest = bars.digest("base64url");
  HASHES.set(series, digest);
  return digest;
}
