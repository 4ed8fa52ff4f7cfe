/**
 * The packed layout: `series/{symbol}_{timeframe}` describes a series and holds its columns as `bytes`; where those are
 * too large for a document they lie in `series/{id}/blocks/{packId}_{n}` instead. Ten years of daily bars are one
 * document. A series is replaced as a whole: blocks first, then its document, then the old blocks are deleted.
 */
import type { CollectionReference, DocumentSnapshot, Firestore } from "firebase-admin/firestore";
import { z } from "zod";
import { symbolSchema, type Timeframe, timeframeSchema } from "../../contract/values.ts";
import { newId } from "../../ids.ts";
import { splitIntoParts } from "../../job-store/result-parts.ts";
import type { Bars } from "../series.ts";
import { packColumns, unpackColumns } from "./packed-columns.ts";

const headSchema = z.object({
  /** Of the layout. */
  layout: z.literal(1),
  symbol: symbolSchema,
  timeframe: timeframeSchema,
  bars: z.number().int().min(1).max(5_000_000),
  firstMs: z.number().int(),
  lastMs: z.number().int(),
  sha256: z.string(),
  storedBytes: z.number().int(),
  /** 0: the columns lie in this document. */
  blocks: z.number().int().min(0),
  /** New with each packing. */
  packId: z.string(),
  packedAt: z.number().int(),
});
/** All of a series' document but the columns. */
export type SeriesHead = z.infer<typeof headSchema>;

export const SERIES_FIELDS = Object.keys(headSchema.shape);
/** A description is some 300 bytes. */
const SERIES_LISTED_MAX = 20_000;
const BLOCK_COLLECTION = "blocks";

export class SeriesDocuments {
  readonly #db: Firestore;
  readonly #series: CollectionReference;

  constructor(db: Firestore) {
    this.#db = db;
    this.#series = db.collection("series");
  }

  /** One read of some 300 bytes. */
  async readHead(symbol: string, timeframe: Timeframe): Promise<SeriesHead | undefined> {
    const [document] = await this.#db.getAll(this.#head(symbol, timeframe), { fieldMask: SERIES_FIELDS });
    return document?.exists ? headSchema.parse(document.data()) : undefined;
  }

  /** One read, and one for each block. undefined where the series is not packed. */
  async read(symbol: string, timeframe: Timeframe): Promise<{ head: SeriesHead; bars: Bars } | undefined> {
    const document = await this.#head(symbol, timeframe).get();
    if (!document.exists) return undefined;
    const head = headSchema.parse(document.data());
    const parts = head.blocks === 0 ? [document] : await this.#db.getAll(...this.#blocks(head));
    const stream = Buffer.concat(parts.map(bytesOf));
    return { head, bars: await unpackColumns(stream, head.bars, head.sha256) };
  }

  /** By document id. One read for each series. */
  async list(): Promise<SeriesHead[]> {
    const { docs } = await this.#series
      .select(...SERIES_FIELDS)
      .limit(SERIES_LISTED_MAX)
      .get();
    return docs
      .map((document) => headSchema.safeParse(document.data()).data)
      .filter((head) => head !== undefined);
  }

  /** Whether write() would write. */
  async differs(symbol: string, timeframe: Timeframe, bars: Bars): Promise<boolean> {
    const { sha256 } = await packColumns(bars);
    return (await this.readHead(symbol, timeframe))?.sha256 !== sha256;
  }

  /** Replaces the series, unless the same bars are stored already: then it answers false. */
  async write(symbol: string, timeframe: Timeframe, bars: Bars): Promise<boolean> {
    const { stream, sha256 } = await packColumns(bars);
    const before = await this.readHead(symbol, timeframe);
    if (before?.sha256 === sha256) return false;
    const parts = splitIntoParts(stream);
    const isInline = parts.length === 1;
    const head: SeriesHead = {
      layout: 1,
      symbol,
      timeframe,
      bars: bars.length,
      firstMs: Number(bars.timestampMs[0]),
      lastMs: Number(bars.timestampMs[bars.length - 1]),
      sha256,
      storedBytes: stream.byteLength,
      blocks: isInline ? 0 : parts.length,
      packId: newId(),
      packedAt: Date.now(),
    };
    for (const [index, reference] of this.#blocks(head).entries())
      await reference.set({ bytes: parts[index] });
    await this.#head(symbol, timeframe).set({ ...head, ...(isInline && { bytes: stream }) });
    for (const old of before === undefined ? [] : this.#blocks(before)) await old.delete();
    return true;
  }

  #head(symbol: string, timeframe: Timeframe) {
    return this.#series.doc(`${symbol}_${timeframe}`);
  }

  #blocks({ symbol, timeframe, packId, blocks }: SeriesHead) {
    const collection = this.#head(symbol, timeframe).collection(BLOCK_COLLECTION);
    return Array.from({ length: blocks }, (_, index) => collection.doc(`${packId}_${index}`));
  }
}

function bytesOf(document: DocumentSnapshot): Uint8Array {
  const bytes: unknown = document.get("bytes");
  if (bytes instanceof Uint8Array) return bytes;
  throw new Error(`${document.ref.path} has no bytes`);
}
