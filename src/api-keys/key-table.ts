import { alignColumns } from "../shared/align-columns.ts";
import type { ApiKey } from "../shared/api-keys/change-keys.ts";

const COLUMNS: readonly (readonly [title: string, cell: (key: ApiKey) => string])[] = [
  ["KEY", ({ prefix }) => `${prefix}_...`],
  ["OWNER", ({ owner }) => owner],
  ["LABEL", ({ label }) => label ?? ""],
  ["SCOPES", ({ scopes }) => scopes.join(",")],
  ["CREATED", ({ createdAt }) => createdAt],
  ["LAST USED", ({ lastUsedAt }) => lastUsedAt ?? "never"],
  ["EXPIRES", ({ expiresAt }) => expiresAt ?? "never"],
  ["REVOKED", ({ revokedAt }) => revokedAt ?? ""],
];

/** One line a key under a line of titles, columns aligned. */
export function keyTable(keys: readonly ApiKey[]): string {
  return alignColumns([
    COLUMNS.map(([title]) => title),
    ...keys.map((key) => COLUMNS.map(([, cell]) => cell(key))),
  ]);
}
