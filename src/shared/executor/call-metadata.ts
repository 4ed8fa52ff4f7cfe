import { Metadata } from "@grpc/grpc-js";
import type { CallContext } from "./port.ts";

const NOT_PRINTABLE = /[^\x20-\x7e]/g;

/** Who calls and for what: the executor's door checks the token, its logs carry the rest. */
export function callMetadata(token: string | undefined, context?: CallContext): Metadata {
  const metadata = new Metadata();
  const set = (name: string, value: string | undefined): void => {
    // gRPC refuses other characters in metadata, and a request id is the client's own text.
    if (value !== undefined) metadata.set(name, value.replace(NOT_PRINTABLE, "?"));
  };
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  set("x-request-id", context?.requestId);
  set("x-job-id", context?.jobId);
  set("x-attempt-id", context?.attemptId);
  set("traceparent", context?.traceparent);
  return metadata;
}
