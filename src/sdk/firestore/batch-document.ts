/** The document `batches/{id}/live/now` as the SDK reads it. */
import { z } from "zod";
import { type Batch, batchSchema } from "../../shared/contract/batch.ts";
import { isTerminal } from "../../shared/contract/job.ts";
import { parseAs } from "../requests.ts";
import type { DocumentView, Listened } from "./access.ts";

const documentSchema = z.object({ batch: batchSchema });

export function listenedBatch(id: string): Listened<Batch> {
  return { path: `batches/${id}/live/now`, read: readLiveBatch };
}

/**
 * undefined for an end that a browser remembers, since the batch may have been retried. Throws UnexpectedAnswerError
 * where the document shows no batch.
 */
function readLiveBatch(document: DocumentView): Batch | undefined {
  const { batch } = parseAs(documentSchema, document.data());
  return document.metadata.fromCache && isTerminal(batch.status) ? undefined : batch;
}
