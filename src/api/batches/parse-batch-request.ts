/** The body of `POST /batches` as a request. What could hold a great many wrong entries is counted before it is parsed. */
import {
  type BatchRequest,
  batchRequestSchema,
  GRID_NAMES_MAX,
  GRID_VALUES_MAX,
  SYMBOLS_MAX,
} from "../../shared/contract/batch-request.ts";
import { fieldsOf, refuseCrowd } from "../parse-job-request.ts";
import { invalidRequest } from "../problem-details.ts";
import { refuseLargeCode } from "../read-body.ts";
import { parseOrRefuse } from "../zod-issues.ts";

const LABELS_MAX = 16;
const WINDOWS_MAX = 200;

/** Throws 413 for too much source, and 422 naming each field that is not valid. */
export function parseBatchRequest(body: unknown): BatchRequest {
  const fields = fieldsOf(body);
  refuseLargeCode(fieldsOf(fields["strategy"])["code"]);
  refuseCrowd(fields, "parameters", GRID_NAMES_MAX);
  refuseCrowd(fields, "labels", LABELS_MAX);
  refuseLongList("symbols", fields["symbols"], SYMBOLS_MAX);
  refuseLongList("windows", fields["windows"], WINDOWS_MAX);
  const lists = Object.values(fieldsOf(fields["parameters"])).filter((axis) => Array.isArray(axis));
  const values = lists.reduce((sum, list) => sum + list.length, 0);
  if (values > GRID_VALUES_MAX) {
    throw invalidRequest([
      {
        path: "parameters",
        message: `may list at most ${GRID_VALUES_MAX} values, and lists ${values}: a range {from, to, step} lists none`,
      },
    ]);
  }
  return parseOrRefuse(batchRequestSchema, body);
}

function refuseLongList(path: string, value: unknown, max: number): void {
  if (!Array.isArray(value) || value.length <= max) return;
  throw invalidRequest([{ path, message: `must have at most ${max} entries, and has ${value.length}` }]);
}
