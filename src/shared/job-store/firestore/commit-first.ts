import type { Timestamp, WriteBatch } from "firebase-admin/firestore";

/** Commits; answers the time of the batch's first write. */
export async function commitFirst(batch: WriteBatch): Promise<Timestamp> {
  const [first] = await batch.commit();
  if (first === undefined) throw new Error("Firestore answered a commit without a result");
  return first.writeTime;
}
