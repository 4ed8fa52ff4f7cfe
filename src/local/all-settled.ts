/**
 * Like Promise.all, but rejects only when all have succeeded or failed: whoever cleans up then knows all there is to
 * stop.
 */
export async function allSettled<Values extends readonly unknown[] | []>(
  promises: Values,
): Promise<{ -readonly [Index in keyof Values]: Awaited<Values[Index]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
