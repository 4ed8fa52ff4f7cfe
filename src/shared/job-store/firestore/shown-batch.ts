/**
 * `batches/{id}/live/now`: under `batch` the batch as clients see it, for browsers that listen. It is apart from the
 * record because that is written whenever chunks are issued, and fenced.
 */
import {
  type DocumentReference,
  type DocumentSnapshot,
  FieldValue,
  type Timestamp,
  type WriteBatch,
} from "firebase-admin/firestore";
import type { Batch } from "../../contract/batch.ts";
import { isTerminal, jobStatusSchema } from "../../contract/job.ts";
import type { ShownChange } from "../batch-port.ts";
import { isConflict } from "./firestore-errors.ts";

const HEAD_FIELDS = ["batch.version", "batch.status"];

export function liveDocument(batch: DocumentReference): DocumentReference {
  return batch.collection("live").doc("now");
}

/** Fields that `shown` leaves out stay as they are. */
export function putShown(
  commit: WriteBatch,
  batch: DocumentReference,
  shown: ShownChange,
  meta: { owner: string; expireAt: Timestamp },
): void {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(shown)) {
    fields[name] = value === undefined ? FieldValue.delete() : value;
  }
  commit.set(liveDocument(batch), { ...meta, batch: fields }, { merge: true });
}

/** A read, and a commit if it is news. */
export async function showBatch(batch: DocumentReference, shown: Batch): Promise<boolean> {
  const live = liveDocument(batch);
  const [old] = await live.firestore.getAll(live, { fieldMask: HEAD_FIELDS });
  if (old?.updateTime === undefined || !isNews(old, shown)) return false;
  try {
    await live.update({ batch: shown }, { lastUpdateTime: old.updateTime });
    return true;
  } catch (error) {
    if (isConflict(error)) return false;
    throw error;
  }
}

/** A worker may have looked at the batch before it was cancelled, and count parts that the cancel did not see. */
function isNews(old: DocumentSnapshot, { status, version }: Batch): boolean {
  const hadEnded = isTerminal(jobStatusSchema.parse(old.get("batch.status")));
  return version > Number(old.get("batch.version")) && (!hadEnded || isTerminal(status));
}
