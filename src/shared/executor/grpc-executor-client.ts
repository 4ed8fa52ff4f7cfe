/** The executor over gRPC: every replica behind one client, and every way a call can end mapped once. */
import type { ExecutorConfig } from "../config.ts";
import { ExecutionAbortedError, ExecutionFailure, ExecutorBusyError } from "../errors.ts";
import type { Logger } from "../logging.ts";
import { readOutcome } from "./answer-message.ts";
import { BatchAnswer } from "./batch-answer.ts";
import { toBatchRequest } from "./batch-message.ts";
import { callError, isServiceError } from "./call-error.ts";
import { callMetadata } from "./call-metadata.ts";
import { channelCredentials } from "./channel-options.ts";
import { ChannelPool } from "./channel-pool.ts";
import { readHealth, unreachable, withoutRepeats } from "./health-message.ts";
import type { CallContext, ExecutorClient, ExecutorHealth } from "./port.ts";
import type { CallOptions, Replica } from "./replica.ts";
import { toExecuteRequest } from "./request-message.ts";
import { type CallMethod, loadServiceMethods } from "./service-methods.ts";
import { readValidation } from "./validation-message.ts";

/** The executor's own default. */
const DEFAULT_TIMEOUT_SECONDS = 10;
/** What a call may take beyond the strategy's own time: the line for a slot, the way there and back. */
const GRACE_MS = 5_000;
/** A batch call's own time: what it leaves undone by then is asked for again, so that no call holds a slot for long. */
const BATCH_TIMEOUT_SECONDS = 60;
const VALIDATE_TIMEOUT_MS = 10_000;
const HEALTH_TIMEOUT_MS = 5_000;

/** Connects in the background. Throws ConfigError for TLS files that cannot be read. */
export function createExecutorClient(config: ExecutorConfig, logger: Logger): ExecutorClient {
  const methods = loadServiceMethods();
  const token = config.EXECUTOR_TOKEN;
  const pool = new ChannelPool({
    targets: config.EXECUTOR_TARGETS,
    credentials: channelCredentials(config),
    probe: askHealth,
    logger,
  });
  let healthUnderWay: Promise<ExecutorHealth[]> | undefined;

  async function call<Request, Response, Answer>(
    method: CallMethod<Request, Response>,
    request: Request,
    timeoutMs: number,
    context: CallContext,
    read: (response: Response) => Answer,
  ): Promise<Answer> {
    return await onReplica(timeoutMs, context, async (replica, options) =>
      read(await replica.call(method, request, options)),
    );
  }

  async function onReplica<Answer>(
    timeoutMs: number,
    context: CallContext,
    ask: (replica: Replica, options: CallOptions) => Promise<Answer>,
  ): Promise<Answer> {
    const { signal } = context;
    let called: Replica | undefined;
    try {
      return await pool.use(signal, async (replica) => {
        called = replica;
        return await ask(replica, { metadata: callMetadata(token, context), timeoutMs, signal });
      });
    } catch (error) {
      throw logged(error, callError(error, signal), context, called);
    }
  }

  function logged(error: unknown, outcome: Error, context: CallContext, replica: Replica | undefined): Error {
    const { requestId, jobId, attemptId } = context;
    const expected = outcome instanceof ExecutorBusyError || outcome instanceof ExecutionAbortedError;
    const code = outcome instanceof ExecutionFailure ? outcome.failure.code : outcome.name;
    const cause = isServiceError(error) ? { status: error.code, details: error.details } : { err: error };
    const fields = { code, executor: replica?.name, requestId, jobId, attemptId, ...cause };
    if (expected) logger.debug(fields, "the executor did not run it");
    else logger.warn(fields, "a call of the executor failed");
    return outcome;
  }

  async function askHealth(replica: Replica): Promise<ExecutorHealth> {
    const options = { metadata: callMetadata(token), timeoutMs: HEALTH_TIMEOUT_MS };
    const health = readHealth(await replica.call(methods.getHealth, {}, options), replica.name);
    replica.slots = health.slots;
    return health;
  }

  async function healthOf(replica: Replica): Promise<ExecutorHealth> {
    try {
      return await askHealth(replica);
    } catch (error) {
      logger.debug({ err: error, executor: replica.name }, "an executor does not answer");
      return unreachable(replica.name);
    }
  }

  async function healthOfAll(): Promise<ExecutorHealth[]> {
    const answers = await Promise.all(pool.replicas.map(healthOf));
    healthUnderWay = undefined;
    return [...withoutRepeats(answers), ...pool.unresolved.map(unreachable)];
  }

  return {
    execute(request, context) {
      const timeoutMs = (request.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000 + GRACE_MS;
      return call(methods.executeStrategy, toExecuteRequest(request), timeoutMs, context, (response) =>
        readOutcome(response, request.series),
      );
    },
    executeBatch(request, context) {
      const timeoutMs = BATCH_TIMEOUT_SECONDS * 1_000 + GRACE_MS;
      const message = toBatchRequest(request, BATCH_TIMEOUT_SECONDS);
      return onReplica(timeoutMs, context, async (replica, options) => {
        const answer = new BatchAnswer(request.cells.length, request.series.length);
        await replica.stream(methods.executeBatch, message, options, (part) => answer.take(part));
        return answer.complete();
      });
    },
    validate(code, owner, context) {
      const request = { code, language: "python", userId: owner };
      return call(methods.validateCode, request, VALIDATE_TIMEOUT_MS, context, readValidation);
    },
    health() {
      healthUnderWay ??= healthOfAll();
      return healthUnderWay;
    },
    close: () => pool.close(),
  };
}
