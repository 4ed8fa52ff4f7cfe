/**
 * A job's request, as gzip'ed JSON in `jobRequests/{id}` and, where that is too large for a document,
 * `jobRequests/{id}/jobRequestParts/{n}`: apart from the job, so that no listener downloads it. It is deleted when its
 * job ends.
 *
 * A job that is to be seen later has no document of its own yet: its fields lie beside its request, which takes one
 * write less. `owner` and `openShard` are there only then, so that a query finds such jobs alone.
 */
import {
  type CollectionReference,
  type DocumentData,
  type DocumentReference,
  type DocumentSnapshot,
  FieldValue,
  type Timestamp,
  type WriteBatch,
} from "firebase-admin/firestore";
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

/** In order; the first is `jobRequests/{id}` itself. */
export function requestDocuments(
  requests: CollectionReference,
  id: string,
  count: number,
): DocumentReference[] {
  const first = requests.doc(id);
  return Array.from({ length: count }, (_, part) =>
    part === 0 ? first : first.collection("jobRequestParts").doc(String(part)),
  );
}

/** `job`: the fields of a job that has no document of its own yet. */
export function createRequest(
  batch: WriteBatch,
  documents: readonly DocumentReference[],
  parts: readonly Uint8Array[],
  { expireAt, job }: { expireAt: Timestamp; job?: DocumentData | undefined },
): void {
  documents.forEach((document, part) => {
    const own = part === 0 && { ...job, requestParts: parts.length };
    batch.create(document, { ...own, bytes: parts[part], expireAt });
  });
}

/** Leaves the request alone in its document, since the job now has its own, unless it was written after `writtenAt`. */
export function leaveRequestAlone(batch: WriteBatch, first: DocumentReference, writtenAt: Timestamp): void {
  const fields = { owner: FieldValue.delete(), openShard: FieldValue.delete() };
  batch.update(first, fields, { lastUpdateTime: writtenAt });
}

/** How many documents the request lies in, as its first one tells; 0 where there is none. */
export function requestPartCount(first: DocumentSnapshot): number {
  return Number(first.get("requestParts") ?? 0);
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
