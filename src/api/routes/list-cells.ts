import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Response } from "express";
import { z } from "zod";
import type { BatchViews } from "../../shared/batch/batch-views.ts";
import type { OrderPlace } from "../../shared/batch/best-cells.ts";
import type { CellReader } from "../../shared/batch/cell-reader.ts";
import { type Cell, cellListSchema, cellSchema } from "../../shared/contract/batch.ts";
import { symbolSchema } from "../../shared/contract/values.ts";
import type { BatchStore } from "../../shared/job-store/batch-port.ts";
import { cellColumns, cellRow } from "../batches/cell-table.ts";
import { batchIdParams, readOwnBatch } from "../batches/own-batch.ts";
import { type CellSelection, decodePlace, encodePlace, selectCells } from "../batches/select-cells.ts";
import { formatCsv } from "../csv.ts";
import { HttpProblem } from "../problem-details.ts";
import { limitSchema, readQuery } from "../read-query.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send-json.ts";
import { figureSchema } from "./get-batch.ts";

/** Cells that are formatted between two turns of the event loop: some 2 ms. */
const PAGE_CELLS = 200;
const TYPES = ["application/json", "application/x-ndjson", "text/csv"] as const;

const querySchema = z.strictObject({
  status: z.enum(["succeeded", "failed"]).optional(),
  symbol: symbolSchema.optional(),
  fold: z.coerce.number().int().min(0).optional(),
  span: z.enum(["train", "test"]).optional(),
  sort: figureSchema.optional().describe("Cells that succeeded, by this figure; by number if absent"),
  order: z.enum(["asc", "desc"]).optional().describe("The better cells first if absent"),
  min: z.coerce.number().optional().describe("Of the figure that is sorted by"),
  max: z.coerce.number().optional(),
  limit: limitSchema(100, 1_000),
  cursor: z.string().min(1).max(512).optional().describe("nextCursor of the answer before"),
});

interface ListCellsParts {
  batches: BatchStore;
  views: BatchViews;
}

/** GET /batches/:id/cells: pages as JSON, everything at once as NDJSON or CSV; also while the batch runs. */
export function listCellsRoute({ batches, views }: ListCellsParts): Route {
  return {
    method: "get",
    path: "/batches/:id/cells",
    access: "owner",
    tag: "Batches",
    summary: "List the cells of a batch that have an answer",
    description: "JSON comes in pages. NDJSON and CSV bring all cells that match, whatever limit says.",
    params: batchIdParams,
    query: querySchema,
    headers: { Accept: "application/json, application/x-ndjson or text/csv" },
    answers: {
      200: {
        description: "One page; nextCursor is null on the last",
        content: {
          "application/json": cellListSchema,
          "application/x-ndjson": cellSchema,
          "text/csv": z.string(),
        },
      },
    },
    problems: ["not_found", "not_acceptable"],
    compress: true,
    async handle({ request, response, owner }) {
      const { limit, cursor, ...selection } = readQuery(querySchema, request);
      const type = request.accepts([...TYPES]);
      if (type === false) throw new HttpProblem("not_acceptable", `Ask for ${TYPES.join(", ")}.`);
      const { batch } = await readOwnBatch(batches, owner, request);
      const reader = await views.read(batch, (await batches.readCounts(batch.id)).writes);
      response.vary("Accept");
      if (type === "application/json") {
        const after = cursor === undefined ? undefined : decodePlace(cursor);
        const places = selectCells(reader, selection, after, limit + 1);
        const last = places[limit - 1];
        const nextCursor = places.length > limit && last !== undefined ? encodePlace(last) : null;
        sendJson(response, 200, { items: cellsAt(reader, places.slice(0, limit)), nextCursor });
        return;
      }
      response.setHeader("Content-Type", `${type}; charset=utf-8`);
      if (type === "text/csv") {
        response.setHeader("Content-Disposition", `attachment; filename="${batch.id}-cells.csv"`);
        await writeCsv(response, reader, selection);
      } else await writeLines(response, reader, selection);
    },
  };
}

function cellsAt(reader: CellReader, places: readonly OrderPlace[]): Cell[] {
  return places.map(({ cell }) => reader.read(cell)).filter((cell) => cell !== undefined);
}

async function writeLines(response: Response, reader: CellReader, selection: CellSelection): Promise<void> {
  for (const cells of pagesOf(reader, selection)) {
    await writeSome(response, cells.map((cell) => `${JSON.stringify(cell)}\n`).join(""));
  }
  response.end();
}

async function writeCsv(response: Response, reader: CellReader, selection: CellSelection): Promise<void> {
  const columns = cellColumns(reader);
  await writeSome(response, formatCsv(columns, []));
  for (const cells of pagesOf(reader, selection)) {
    const table = formatCsv(columns, cells.map(cellRow));
    await writeSome(response, table.slice(table.indexOf("\r\n") + 2));
  }
  response.end();
}

function* pagesOf(reader: CellReader, selection: CellSelection): Generator<Cell[]> {
  let after: OrderPlace | undefined;
  for (;;) {
    const places = selectCells(reader, selection, after, PAGE_CELLS);
    if (places.length === 0) return;
    yield cellsAt(reader, places);
    after = places.at(-1);
  }
}

/** A slow reader gets no more than it takes; one that is gone ends the loop by its error. */
async function writeSome(response: Response, text: string): Promise<void> {
  if (response.destroyed) throw new HttpProblem("malformed_request", "The reader is gone.");
  if (response.write(text)) {
    await nextTurn();
    return;
  }
  // The listener that is not called would stay otherwise, one for each page.
  const settled = new AbortController();
  const { signal } = settled;
  try {
    await Promise.race([once(response, "drain", { signal }), once(response, "close", { signal })]);
  } finally {
    settled.abort();
  }
}
