import { type Child, ChildError, within } from "./child.ts";

/**
 * What `read` makes of the first line that it understands, those already printed included. Rejects with the
 * process's last lines if it ends first or says nothing of the kind before the deadline.
 */
export async function waitForLine<Value>(
  child: Child,
  read: (line: string) => Value | undefined,
  deadlineMs: number,
): Promise<Value> {
  let stopListening = (): void => undefined;
  const understood = new Promise<Value>((resolve) => {
    const look = (line: string): void => {
      const value = read(line);
      if (value !== undefined) resolve(value);
    };
    stopListening = child.onLine(look);
    for (const line of child.recentLines()) look(line);
  });
  try {
    const outcome = await within(
      Promise.race([understood.then((value) => ({ value })), child.ended.then((ending) => ({ ending }))]),
      deadlineMs,
    );
    if (outcome === undefined) throw childFailure(child, `was not ready within ${deadlineMs / 1000} s`);
    if ("ending" in outcome) throw childFailure(child, describeEnding(outcome.ending));
    return outcome.value;
  } finally {
    stopListening();
  }
}

/** `ended with code 1` or `was ended by SIGKILL`. */
export function describeEnding({ code, signal }: { code: number | null; signal: string | null }): string {
  return signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
}

/** An error with the last lines of the process, since they tell why. */
export function childFailure(child: Child, what: string): ChildError {
  const lines = child.recentLines().slice(-20);
  const tail = lines.length === 0 ? " It printed nothing." : `\n  ${lines.join("\n  ")}`;
  return new ChildError(`${child.name} ${what}.${tail}`);
}
