import { validateRequestSchema, validationSchema } from "../../shared/contract/validation.ts";
import { CODE_MAX_BYTES } from "../../shared/contract/values.ts";
import type { ExecutorClient } from "../../shared/executor/port.ts";
import { fieldsOf } from "../parse-job-request.ts";
import { refuseLargeCode } from "../read-body.ts";
import { refuseQuery } from "../read-query.ts";
import type { Call, Route } from "../route.ts";
import { sendJson } from "../send-json.ts";
import { parseOrRefuse } from "../zod-issues.ts";

/** A character of source is at most six of JSON. */
const VALIDATE_MAX_BYTES = CODE_MAX_BYTES * 6 + 1_024;

/** POST /validate: what the executor says of a strategy without running it on real bars. */
export function validateRoute({ executor }: { executor: Pick<ExecutorClient, "validate"> }): Route {
  return {
    method: "post",
    path: "/validate",
    access: "owner",
    tag: "Strategies",
    summary: "Check a strategy",
    description:
      "Errors with line and column, warnings, the form found, the parameters declared. What is valid here runs.",
    body: { schema: validateRequestSchema, maxBytes: VALIDATE_MAX_BYTES },
    answers: { 200: { description: "The findings", content: { "application/json": validationSchema } } },
    problems: ["malformed_json", "payload_too_large", "code_too_large", "unsupported_media_type"],
    async handle(call) {
      refuseQuery(call.request);
      refuseLargeCode(fieldsOf(call.body)["code"]);
      const { code } = parseOrRefuse(validateRequestSchema, call.body);
      const { owner, requestId, traceparent } = call;
      const signal = abortWithClient(call);
      const validation = await executor.validate(code, owner, { requestId, traceparent, signal });
      sendJson(call.response, 200, validation);
    },
  };
}

/** Nobody waits for the answer once the client has hung up. */
function abortWithClient({ response }: Call): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller.signal;
}
