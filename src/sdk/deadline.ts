import { DeadlineError } from "./errors.ts";

export interface Deadline {
  /** Aborted by the caller's signal, or with a DeadlineError when the time is up. */
  signal: AbortSignal;
  /** Must be called once, so that no timer stays. */
  clear(): void;
}

export function startDeadline(milliseconds: number, what: string, given?: AbortSignal): Deadline {
  const controller = new AbortController();
  const follow = (): void => controller.abort(given?.reason);
  if (given?.aborted === true) follow();
  given?.addEventListener("abort", follow, { once: true });
  const timer = setTimeout(
    () => controller.abort(new DeadlineError(`${what} took longer than ${milliseconds} ms`)),
    milliseconds,
  );
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      given?.removeEventListener("abort", follow);
    },
  };
}

/** For work that takes no signal: it goes on unseen after this rejects. */
export async function withinDeadline<Answer>(work: Promise<Answer>, { signal }: Deadline): Promise<Answer> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
