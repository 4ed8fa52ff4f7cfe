/** A result out of Firestore: its parts put together, compared with what was written, unpacked. */
import { type JobResult, jobResultSchema } from "../../shared/contract/job-result.ts";
import type { ResultReference } from "../../shared/contract/stored-job.ts";
import { DamagedResultError, NoResultError } from "../errors.ts";
import { parseAs } from "../requests.ts";
import type { FirestoreAccess } from "./access.ts";
import { getDocument } from "./failures.ts";
import { type JobDocument, jobPath, readJobDocument, storedBytesSchema } from "./job-document.ts";
import { gunzip, sha256Hex } from "./unpack.ts";

/** Rejects with NoResultError, DamagedResultError, AccessDeniedError or UnreachableError. */
export async function readResultDocuments(access: FirestoreAccess, id: string): Promise<JobResult> {
  const found = await getDocument(access, jobPath(id));
  if (!found.exists()) throw new NoResultError(`Job ${id} has not ended and has no result yet`);
  const document = readJobDocument(found);
  const { job, result } = document;
  if (result === undefined) {
    throw new NoResultError(`Job ${id} is ${job.status} and has no result`);
  }
  const stream = await readStream(access, id, result, document);
  await requireWhole(id, stream, result);
  return parseAs(jobResultSchema, JSON.parse(await gunzip(stream)));
}

async function readStream(
  access: FirestoreAccess,
  id: string,
  { attemptId, parts }: ResultReference,
  { inlineResult }: JobDocument,
): Promise<Uint8Array<ArrayBuffer>> {
  if (inlineResult !== undefined) return joined([inlineResult.toUint8Array()]);
  const numbers = Array.from({ length: parts }, (_, part) => part);
  return joined(
    await Promise.all(numbers.map((part) => readPart(access, `${jobPath(id)}/parts/${attemptId}_${part}`))),
  );
}

async function readPart(access: FirestoreAccess, path: string): Promise<Uint8Array> {
  const document = await getDocument(access, path);
  const data = document.data();
  const bytes = typeof data === "object" && data !== null && "bytes" in data ? data.bytes : undefined;
  const parsed = storedBytesSchema.safeParse(bytes);
  if (!parsed.success) throw new DamagedResultError(`${path} is missing`);
  return parsed.data.toUint8Array();
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

async function requireWhole(
  id: string,
  stream: Uint8Array<ArrayBuffer>,
  { bytes, sha256 }: ResultReference,
): Promise<void> {
  if (stream.byteLength !== bytes) {
    throw new DamagedResultError(`The result of job ${id} has ${stream.byteLength} of ${bytes} bytes`);
  }
  if ((await sha256Hex(stream)) !== sha256) {
    throw new DamagedResultError(
      `The result of job ${id} is not the one that was written: its checksum differs`,
    );
  }
}
