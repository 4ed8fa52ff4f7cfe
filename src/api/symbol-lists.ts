/** Named lists of symbols: the operator's, in a JSON file that is read at the start. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ApiConfig } from "../shared/config.ts";
import { ConfigError } from "../shared/config-error.ts";
import { SYMBOLS_MAX } from "../shared/contract/batch-request.ts";
import { listNameSchema, type NamedSymbols } from "../shared/contract/symbols.ts";
import { symbolSchema } from "../shared/contract/values.ts";
import { listNames, nearestNames } from "../shared/market-data/near-names.ts";

/** Beside CSV files, where SYMBOL_LISTS_FILE names none. */
const BESIDE_THE_DATA = "symbol-lists.json";
const LISTS_MAX = 1_000;

export interface SymbolLists {
  /** By name, ascending. */
  all(): readonly NamedSymbols[];
  find(name: string): NamedSymbols | undefined;
  /** For somebody who asked for a list that is not there. */
  describeMissing(name: string): string;
}

const symbolsSchema = z
  .array(symbolSchema)
  .min(1)
  .max(SYMBOLS_MAX)
  .refine((symbols) => new Set(symbols).size === symbols.length, "must name each symbol once");

const listSchema = z.strictObject({ title: z.string().min(1).max(200).optional(), symbols: symbolsSchema });

const fileSchema = z.strictObject({
  lists: z.record(z.string(), listSchema).superRefine((lists, context) => {
    const names = Object.keys(lists);
    if (names.length > LISTS_MAX) context.addIssue(`must have at most ${LISTS_MAX} lists`);
    for (const name of names) {
      const { error } = listNameSchema.safeParse(name);
      if (error !== undefined)
        context.addIssue(`the name ${JSON.stringify(name)} ${error.issues[0]?.message}`);
    }
  }),
});

type ListsConfig = Pick<ApiConfig, "SYMBOL_LISTS_FILE" | "MARKET_DATA" | "MARKET_DATA_DIR">;

/** None where no file is named and none lies beside the CSV files. Throws ConfigError for one that is not valid. */
export function openSymbolLists(config: ListsConfig): SymbolLists {
  const path = config.SYMBOL_LISTS_FILE ?? besideTheData(config);
  return createSymbolLists(path === undefined ? [] : readLists(path));
}

function besideTheData({ MARKET_DATA, MARKET_DATA_DIR }: ListsConfig): string | undefined {
  if (MARKET_DATA !== "csv") return undefined;
  const path = join(MARKET_DATA_DIR, BESIDE_THE_DATA);
  return existsSync(path) ? path : undefined;
}

function readLists(path: string): NamedSymbols[] {
  try {
    const { lists } = fileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
    return Object.entries(lists).map(([name, list]) => ({ name, ...list }));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).replaceAll("\n", " ") : String(error);
    throw new ConfigError(`The symbol lists of ${path} could not be read: ${why}. See docs/batches.md`);
  }
}

function createSymbolLists(lists: readonly NamedSymbols[]): SymbolLists {
  const sorted = lists.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const byName = new Map(sorted.map((list) => [list.name, list]));
  const names = sorted.map(({ name }) => name);
  return {
    all: () => sorted,
    find: (name) => byName.get(name),
    describeMissing(name) {
      if (names.length === 0) return "this server has no named lists: send the symbols themselves";
      const [near] = nearestNames(names, name);
      const meant = near === undefined ? "" : `did you mean ${near}? `;
      return `there is no list of this name: ${meant}GET /v1/symbol-lists has ${listNames(names, name)}`;
    },
  };
}
