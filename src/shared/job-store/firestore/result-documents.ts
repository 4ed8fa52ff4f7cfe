/**
 * A job's result beside its job: `jobs/{id}/parts/{attemptId}_{n}`, each a part of one gzip stream. Parts carry the
 * owner, so that security rules need no second document.
 */
import type { CollectionReference, DocumentReference, Timestamp, WriteBatch } from "firebase-admin/firestore";
import type { ResultReference } from "../job-record.ts";
import { INLINE_RESULT_MAX_BYTES } from "./job-document.ts";

/** Firestore takes 10 MiB a commit; its emulator never answers one of more than 4 MiB. */
export const PARTS_A_COMMIT = 4;

export interface PartOwner {
  owner: string;
  attemptId: string;
  expireAt: Timestamp;
}

export function isInline(result: Pick<ResultReference, "bytes">): boolean {
  return result.bytes <= INLINE_RESULT_MAX_BYTES;
}

/** In order; none for a result that lies in the job's own document. */
export function partDocuments(parts: CollectionReference, result: ResultReference): DocumentReference[] {
  if (isInline(result)) return [];
  return Array.from({ length: result.parts }, (_, part) => partDocument(parts, result.attemptId, part));
}

export function putPart(
  batch: WriteBatch,
  parts: CollectionReference,
  { part, bytes }: { part: number; bytes: Uint8Array },
  { owner, attemptId, expireAt }: PartOwner,
): void {
  batch.set(partDocument(parts, attemptId, part), { owner, attemptId, part, bytes, expireAt });
}

function partDocument(parts: CollectionReference, attemptId: string, part: number): DocumentReference {
  return parts.doc(`${attemptId}_${part}`);
}
