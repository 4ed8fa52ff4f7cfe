import { type FileHandle, open, stat } from "node:fs/promises";
import { InvalidCsv } from "./invalid-csv.ts";

/** One-minute bars of two years have about 15 MB. */
const LARGEST_FILE_BYTES = 64 * 1024 * 1024;
const READS = 3;

/** Differs when the file was written to or replaced. */
export async function fileVersion(path: string): Promise<string> {
  return versionOf(await stat(path, { bigint: true }));
}

/**
 * The whole file as it stood at one moment: read again, three times at most, when it changed meanwhile. Rejects with
 * InvalidCsv for a file that is too large, or that keeps changing.
 */
export async function readWholeFile(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    return await readUnchanged(file);
  } finally {
    await file.close();
  }
}

async function readUnchanged(file: FileHandle): Promise<Buffer> {
  for (let read = 0; read < READS; read++) {
    const before = await file.stat({ bigint: true });
    if (before.size > LARGEST_FILE_BYTES) {
      throw new InvalidCsv(`the file has ${before.size} bytes, more than ${LARGEST_FILE_BYTES}`);
    }
    const content = Buffer.alloc(Number(before.size));
    const { bytesRead } = await file.read(content, 0, content.length, 0);
    const after = await file.stat({ bigint: true });
    if (bytesRead === content.length && versionOf(before) === versionOf(after)) return content;
  }
  throw new InvalidCsv("the file was being written while it was read");
}

interface FileStamp {
  ino: bigint;
  size: bigint;
  mtimeNs: bigint;
}

function versionOf({ ino, size, mtimeNs }: FileStamp): string {
  return `${ino}-${size}-${mtimeNs}`;
}
