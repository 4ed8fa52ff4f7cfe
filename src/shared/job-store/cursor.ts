/** Cursors of pages: opaque to clients, the place after the last job of a page to us. */
import { JOB_ID_PATTERN } from "../contract/values.ts";
import { InvalidCursorError } from "../errors.ts";

/** A place in an order by (time, id). */
export interface Position {
  /** Epoch milliseconds. */
  time: number;
  id: string;
}

/** Before and after every time that a Date can hold. */
export const START_OF_TIME: Position = { time: -8.64e15, id: "" };
export const END_OF_TIME: Position = { time: 8.64e15, id: "" };

/** base64url of `<time>.<id>`. */
export function encodeCursor(position: Position): string {
  return Buffer.from(`${position.time}.${position.id}`).toString("base64url");
}

/** Rejects everything that encodeCursor would not have written: Buffer alone skips characters it does not know. */
export function decodeCursor(cursor: string): Position {
  const text = Buffer.from(cursor, "base64url").toString("latin1");
  const dot = text.indexOf(".");
  const position = { time: Number(text.slice(0, dot)), id: text.slice(dot + 1) };
  const ours =
    Number.isSafeInteger(position.time) &&
    JOB_ID_PATTERN.test(position.id) &&
    encodeCursor(position) === cursor;
  if (!ours) throw new InvalidCursorError("The cursor is not one that an earlier page gave");
  return position;
}
