import { InvalidArgumentError } from "commander";

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const DAYS_MAX = 3_650;

/** `30m`, `24h`, `90d` in milliseconds. */
export function parseDuration(text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (UNIT_MS[unit ?? ""] ?? Number.NaN);
  if (milliseconds <= DAYS_MAX * 86_400_000) return milliseconds;
  throw new InvalidArgumentError(
    `It must be minutes, hours or days, such as 30m, 24h or 90d; ${DAYS_MAX}d at most.`,
  );
}

/** As parseDuration, but a key that never counts is none. */
export function parseLifetime(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds > 0) return milliseconds;
  throw new InvalidArgumentError("It must be more than nothing.");
}
