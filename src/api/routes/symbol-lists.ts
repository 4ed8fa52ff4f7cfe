import { listNameSchema, namedSymbolsSchema, symbolListsSchema } from "../../shared/contract/symbols.ts";
import { notFound } from "../problem-details.ts";
import { refuseQuery } from "../read-query.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send-json.ts";
import type { SymbolLists } from "../symbol-lists.ts";

interface ListParts {
  symbolLists: SymbolLists;
}

/** GET /symbol-lists: the names that a batch may ask for instead of symbols. */
export function listSymbolListsRoute({ symbolLists }: ListParts): Route {
  return {
    method: "get",
    path: "/symbol-lists",
    access: "owner",
    tag: "Market data",
    summary: "List the named lists of symbols",
    description: 'A batch asks for one by its name: `"symbols": {"list": "stocks"}`.',
    answers: {
      200: { description: "All of them, ascending", content: { "application/json": symbolListsSchema } },
    },
    compress: true,
    async handle({ request, response }) {
      refuseQuery(request);
      const items = symbolLists
        .all()
        .map(({ name, title, symbols }) => ({ name, title, count: symbols.length }));
      sendJson(response, 200, { items, nextCursor: null });
    },
  };
}

/** GET /symbol-lists/:name: the symbols of one. */
export function getSymbolListRoute({ symbolLists }: ListParts): Route {
  return {
    method: "get",
    path: "/symbol-lists/:name",
    access: "owner",
    tag: "Market data",
    summary: "The symbols of a named list",
    params: { name: listNameSchema },
    answers: {
      200: { description: "The list", content: { "application/json": namedSymbolsSchema } },
    },
    problems: ["not_found"],
    compress: true,
    async handle({ request, response }) {
      refuseQuery(request);
      const name = String(request.params["name"]);
      const list = symbolLists.find(name);
      if (list === undefined) throw notFound(`${symbolLists.describeMissing(name)}.`);
      sendJson(response, 200, list);
    },
  };
}
