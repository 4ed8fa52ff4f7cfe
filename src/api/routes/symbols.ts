import { z } from "zod";
import { availableSymbolSchema, symbolListSchema } from "../../shared/contract/symbols.ts";
import { symbolSchema } from "../../shared/contract/values.ts";
import { InvalidCursorError } from "../../shared/errors.ts";
import type { MarketDataSource } from "../../shared/market-data/series.ts";
import { notFound } from "../problem-details.ts";
import { limitSchema, readQuery, refuseQuery } from "../read-query.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send-json.ts";

interface SymbolParts {
  marketData: Pick<MarketDataSource, "listSymbols" | "describeSymbol">;
}

const querySchema = z.strictObject({
  limit: limitSchema(100, 1_000),
  cursor: z.string().min(1).max(128).optional().describe("nextCursor of the answer before"),
});

/** GET /symbols: what market data there is, by symbol. */
export function listSymbolsRoute({ marketData }: SymbolParts): Route {
  return {
    method: "get",
    path: "/symbols",
    access: "owner",
    tag: "Market data",
    summary: "List the symbols that there are bars of",
    query: querySchema,
    answers: {
      200: {
        description: "One page, ascending; nextCursor is null on the last",
        content: { "application/json": symbolListSchema },
      },
    },
    compress: true,
    async handle({ request, response }) {
      const { limit, cursor } = readQuery(querySchema, request);
      const after = cursor === undefined ? "" : symbolOf(cursor);
      const rest = (await marketData.listSymbols()).filter(({ symbol }) => symbol > after);
      const items = rest.slice(0, limit);
      const last = rest.length > limit ? items.at(-1) : undefined;
      sendJson(response, 200, { items, nextCursor: last === undefined ? null : cursorOf(last.symbol) });
    },
  };
}

/** GET /symbols/:symbol: timeframes, range and bars of one symbol. */
export function getSymbolRoute({ marketData }: SymbolParts): Route {
  return {
    method: "get",
    path: "/symbols/:symbol",
    access: "owner",
    tag: "Market data",
    summary: "What bars there are of a symbol",
    params: { symbol: symbolSchema },
    answers: {
      200: { description: "Its timeframes", content: { "application/json": availableSymbolSchema } },
    },
    problems: ["not_found"],
    async handle({ request, response }) {
      refuseQuery(request);
      const symbol = symbolSchema.safeParse(request.params["symbol"]).data;
      const described = symbol === undefined ? undefined : await marketData.describeSymbol(symbol);
      if (described === undefined)
        throw notFound("There are no bars of this symbol. /v1/symbols lists what there is.");
      sendJson(response, 200, described);
    },
  };
}

function cursorOf(symbol: string): string {
  return Buffer.from(symbol).toString("base64url");
}

function symbolOf(cursor: string): string {
  const symbol = Buffer.from(cursor, "base64url").toString();
  if (cursorOf(symbol) !== cursor || !symbolSchema.safeParse(symbol).success)
    throw new InvalidCursorError("Not a symbol");
  return symbol;
}
