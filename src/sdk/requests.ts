/** Requests to the API: who asks, how long, how often, and what its refusals mean. */
import type { z } from "zod";
import { problemSchema } from "../shared/contract/problem.ts";
import { startDeadline } from "./deadline.ts";
import { ApiError, UnexpectedAnswerError, UnreachableError } from "./errors.ts";
import { backOffMs, pause } from "./pause.ts";

/**
 * An API key, or a function that gives the token of the signed-in user. `refused` is true after the API called the
 * last one expired or wrong: Firebase's `user.getIdToken(refused)` then makes a new one.
 */
export type Credentials = string | ((refused: boolean) => string | Promise<string>);

export interface RequestSettings {
  /** Where the API is, such as https://api.example.com or "" for the page's own origin. */
  url: string;
  credentials?: Credentials | undefined;
  /** How often a request is repeated that found nobody, or was told to come back. */
  retries: number;
  fetch: typeof fetch;
}

const JSON_TYPE = { "Content-Type": "application/json" };

export interface Asked {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: unknown;
  /** For all of it: repetitions, and reading the answer. */
  deadlineMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * Reads an answer that is no refusal (200 to 304). Rejects with ApiError, UnreachableError, UnexpectedAnswerError,
 * DeadlineError, or the reason of the caller's signal.
 */
export type Ask = <Answer>(
  path: string,
  asked: Asked,
  read: (answer: Response) => Promise<Answer> | Answer,
) => Promise<Answer>;

export function createAsk(settings: RequestSettings): Ask {
  const renewable = typeof settings.credentials === "function";
  return async (path, asked, read) => {
    const deadline = startDeadline(asked.deadlineMs, `${asked.method ?? "GET"} ${path}`, asked.signal);
    let renewed = false;
    try {
      for (let failures = 0; ; ) {
        try {
          return await read(await askOnce(settings, path, asked, renewed, deadline.signal));
        } catch (error) {
          deadline.signal.throwIfAborted();
          if (isStale(error) && renewable && !renewed) {
            renewed = true;
            continue;
          }
          const waitMs = repeatAfterMs(error, failures);
          if (waitMs === undefined || failures >= settings.retries) throw error;
          failures += 1;
          await pause(waitMs, deadline.signal);
        }
      }
    } finally {
      deadline.clear();
    }
  };
}

async function askOnce(
  { url, credentials, fetch: send }: RequestSettings,
  path: string,
  { method = "GET", headers = {}, body }: Asked,
  renewed: boolean,
  signal: AbortSignal,
): Promise<Response> {
  const token = typeof credentials === "function" ? await credentials(renewed) : credentials;
  const request = {
    method,
    headers: {
      ...headers,
      ...(body === undefined ? {} : JSON_TYPE),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal,
  };
  const answer = await send(url + path, request).catch((error: unknown) => {
    throw new UnreachableError(`${url === "" ? "The API" : url} does not answer`, { cause: error });
  });
  if (answer.ok || answer.status === 304) return answer;
  throw await refusalOf(answer);
}

async function refusalOf(answer: Response): Promise<Error> {
  const problem = problemSchema.safeParse(await answer.json().catch(() => undefined));
  if (!problem.success) {
    const detail = `The answer has status ${answer.status} and is no problem of this API`;
    // Whatever stands between client and API answers so while the API is away.
    return answer.status >= 500 ? new UnreachableError(detail) : new UnexpectedAnswerError(detail);
  }
  const seconds = Number(answer.headers.get("Retry-After") ?? Number.NaN);
  return new ApiError(problem.data, Number.isFinite(seconds) ? seconds * 1_000 : undefined);
}

/** Sent again with a new token, such a request may be taken. */
function isStale(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** undefined where repeating would not help. */
function repeatAfterMs(error: unknown, failures: number): number | undefined {
  if (error instanceof UnreachableError) return backOffMs(failures);
  if (!(error instanceof ApiError) || (error.status !== 429 && error.status !== 503)) return undefined;
  return error.retryAfterMs === undefined ? undefined : error.retryAfterMs + backOffMs(0);
}

/** Reads an answer's JSON as the schema has it. */
export function asJson<Output>(schema: z.ZodType<Output>): (answer: Response) => Promise<Output> {
  return async (answer) => parseAs(schema, await answer.json());
}

/** Throws UnexpectedAnswerError. */
export function parseAs<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UnexpectedAnswerError(
    "The answer is not as this version of the SDK knows it: is the API newer?",
    {
      cause: parsed.error,
    },
  );
}
