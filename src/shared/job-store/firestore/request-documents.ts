/** A job's request, as gzip'ed JSON in `jobs/{id}/request/{n}`: apart from the job, so that no listener downloads it. */
import type { CollectionReference, DocumentSnapshot, Timestamp, WriteBatch } from "firebase-admin/firestore";
import { type JobRequest, jobRequestShape } from "../../contract/job-request.ts";
import { StoreCorruptedError } from "../../errors.ts";
import { compressText, decodeResultText } from "../result-encoding.ts";
import { splitIntoParts } from "../result-parts.ts";
import { PARTS_A_COMMIT } from "./result-documents.ts";

/** Throws where the request does not fit into one commit together with its job. */
export async function encodeRequest(id: string, request: JobRequest): Promise<Uint8Array[]> {
  const parts = splitIntoParts(await compressText(JSON.stringify(request)));
  if (parts.length > PARTS_A_COMMIT) {
    throw new RangeError(
      `The request of job ${id} is too large for the job store: ${parts.length} parts compressed, of at most ` +
        `${PARTS_A_COMMIT}. Send fewer bars`,
    );
  }
  return parts;
}

export function putRequest(
  batch: WriteBatch,
  requests: CollectionReference,
  parts: readonly Uint8Array[],
  expireAt: Timestamp,
): void {
  parts.forEach((bytes, part) =>
    batch.set(requests.doc(String(part)), { bytes, parts: parts.length, expireAt }),
  );
}

/** How many documents the request lies in, as its first one tells; 0 where there is none. */
export function requestPartCount(first: DocumentSnapshot): number {
  return Number(first.get("parts") ?? 0);
}

/** Throws StoreCorruptedError where the documents do not hold a request. */
export async function decodeRequest(id: string, documents: readonly DocumentSnapshot[]): Promise<JobRequest> {
  try {
    const parts = documents.map((document): unknown => document.get("bytes"));
    const stream = Buffer.concat(parts.filter((bytes) => bytes instanceof Uint8Array));
    return jobRequestShape.parse(JSON.parse(await decodeResultText(stream)));
  } catch (error) {
    throw new StoreCorruptedError(`The request of job ${id} is not readable in the job store`, {
      cause: error,
    });
  }
}
