import { z } from "zod";
import type { BatchViews } from "../../shared/batch/batch-views.ts";
import { SUCCEEDED } from "../../shared/batch/cell-columns.ts";
import type { CellReader } from "../../shared/batch/cell-reader.ts";
import { heatmapSchema } from "../../shared/contract/batch.ts";
import { symbolSchema } from "../../shared/contract/values.ts";
import type { BatchStore } from "../../shared/job-store/batch-port.ts";
import { batchIdParams, readOwnBatch } from "../batches/own-batch.ts";
import { invalidRequest } from "../problem-details.ts";
import { readQuery } from "../read-query.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send-json.ts";
import { figureSchema } from "./get-batch.ts";

const PLACES_MAX = 100_000;

const querySchema = z.strictObject({
  x: z.string().min(1).max(64).describe("Name of a parameter of the sweep"),
  y: z.string().min(1).max(64),
  metric: figureSchema.default("sharpe"),
  symbol: symbolSchema.optional(),
  span: z.enum(["train", "test"]).optional(),
});
type HeatmapQuery = z.infer<typeof querySchema>;

/** GET /batches/:id/heatmap: a figure over two parameters, averaged over everything else. */
export function getHeatmapRoute({ batches, views }: { batches: BatchStore; views: BatchViews }): Route {
  return {
    method: "get",
    path: "/batches/:id/heatmap",
    access: "owner",
    tag: "Batches",
    summary: "A figure of a batch over two of its parameters",
    params: batchIdParams,
    query: querySchema,
    answers: {
      200: {
        description: "Means over the cells that have an answer",
        content: { "application/json": heatmapSchema },
      },
    },
    problems: ["not_found"],
    compress: true,
    async handle({ request, response, owner }) {
      const query = readQuery(querySchema, request);
      const { batch } = await readOwnBatch(batches, owner, request);
      const reader = await views.read(batch, (await batches.readCounts(batch.id)).writes);
      sendJson(response, 200, heatmapOf(reader, query));
    },
  };
}

function heatmapOf(reader: CellReader, query: HeatmapQuery) {
  const { columns, grid, sweep } = reader;
  const [x, y] = [axisOf(reader, "x", query.x), axisOf(reader, "y", query.y)];
  const width = x.values.length;
  if (width * y.values.length > PLACES_MAX) {
    throw invalidRequest([
      {
        path: "x",
        message: `and y span ${width * y.values.length} places, and at most ${PLACES_MAX} are drawn`,
      },
    ]);
  }
  const sums = new Float64Array(width * y.values.length);
  const counts = new Int32Array(sums.length);
  const figures = columns.column(query.metric);
  const placesOfSet = Array.from({ length: grid.sets }, (_, set) => {
    const places = grid.placesOf(set);
    return (places[y.place] ?? 0) * width + (places[x.place] ?? 0);
  });
  for (let cell = 0; cell < columns.rows; cell += 1) {
    const figure = figures[cell] ?? Number.NaN;
    if (columns.failureOf[cell] !== SUCCEEDED || Number.isNaN(figure)) continue;
    const { symbol, window, set } = grid.placeOf(cell);
    if (query.symbol !== undefined && sweep.symbols[symbol] !== query.symbol) continue;
    if (query.span !== undefined && (window % 2 === 0) !== (query.span === "train")) continue;
    const place = placesOfSet[set] ?? 0;
    sums[place] = (sums[place] ?? 0) + figure;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const rows = Array.from(y.values.keys());
  const row = (index: number): [number, number] => [index * width, (index + 1) * width];
  return {
    metric: query.metric,
    x: { parameter: query.x, values: x.values },
    y: { parameter: query.y, values: y.values },
    values: rows.map((index) =>
      Array.from(sums.subarray(...row(index)), (sum, at) => {
        const count = counts[index * width + at] ?? 0;
        return count === 0 ? null : sum / count;
      }),
    ),
    cells: rows.map((index) => [...counts.subarray(...row(index))]),
  };
}

function axisOf({ grid, sweep }: CellReader, path: string, name: string) {
  const axis = grid.axisOf(name);
  if (axis !== undefined) return axis;
  const names = Object.keys(sweep.parameters);
  const there = names.length === 0 ? "the sweep has none" : `the sweep has ${names.join(", ")}`;
  throw invalidRequest([{ path, message: `must name a parameter: ${there}` }]);
}
