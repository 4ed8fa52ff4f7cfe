/** Results as the job store keeps them: JSON, gzip'ed off the event loop. */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { type JobResult, jobResultSchema } from "../contract/job-result.ts";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

const GZIP_LEVEL = 1;

/** A result is bounded by the executor's output limits; this bounds what a damaged stream may unfold to. */
const RESULT_MAX_BYTES = 256 * 1024 * 1024;

export function encodeResult(result: JobResult): Promise<Uint8Array> {
  return compress(JSON.stringify(result), { level: GZIP_LEVEL });
}

/** The JSON text of a stored result: what `GET /jobs/:id/result` sends. */
export async function decodeResultText(stream: Uint8Array): Promise<string> {
  const json = await decompress(stream, { maxOutputLength: RESULT_MAX_BYTES });
  return json.toString("utf8");
}

export async function decodeResult(stream: Uint8Array): Promise<JobResult> {
  return jobResultSchema.parse(JSON.parse(await decodeResultText(stream)));
}
