/**
 * What the client library sends to Firestore, counted at its own door and not by our adapter: documents written and
 * deleted, documents read by name, queries. Firestore bills documents.
 */
import { Firestore } from "@google-cloud/firestore";

export interface Calls {
  commits: number;
  writes: number;
  deletes: number;
  reads: number;
  queries: number;
}

interface Door {
  request: (method: string, request: { writes?: object[] }, ...rest: unknown[]) => unknown;
  requestStream: (
    method: string,
    bidirectional: boolean,
    request: { documents?: string[] },
    ...rest: unknown[]
  ) => unknown;
}

const door = Firestore.prototype as unknown as Door;

/** Counts what every connection of this process sends while `work` is under way. */
export async function countCalls(work: () => Promise<unknown>): Promise<Calls> {
  const calls: Calls = { commits: 0, writes: 0, deletes: 0, reads: 0, queries: 0 };
  const { request, requestStream } = door;
  door.request = function (method, sent, ...rest) {
    if (method !== "commit") throw new Error(`An unexpected call: ${method}`);
    const deletes = sent.writes?.filter((write) => "delete" in write && write.delete).length ?? 0;
    calls.commits += 1;
    calls.deletes += deletes;
    calls.writes += (sent.writes?.length ?? 0) - deletes;
    return Reflect.apply(request, this, [method, sent, ...rest]);
  };
  door.requestStream = function (method, bidirectional, sent, ...rest) {
    if (method === "batchGetDocuments") calls.reads += sent.documents?.length ?? 0;
    else calls.queries += 1;
    return Reflect.apply(requestStream, this, [method, bidirectional, sent, ...rest]);
  };
  try {
    await work();
  } finally {
    Object.assign(door, { request, requestStream });
  }
  return calls;
}
