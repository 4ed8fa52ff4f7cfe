/** A stream's chunks, one by one: streams are not iterable in every browser. Leaving the loop cancels the stream. */
export async function* readChunks<Chunk>(stream: ReadableStream<Chunk>): AsyncGenerator<Chunk> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    // What the stream failed with was thrown above; cancelling it then only says so again.
    await reader.cancel().catch(() => undefined);
  }
}
