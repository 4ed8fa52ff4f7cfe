/** Zod's findings as the `errors` of a problem: one entry a field, in words for the sender. */
import type { z } from "zod";
import { type FieldError, invalidRequest } from "./problem-details.ts";

/** More would not be read, and a body can be wrong in a million places. */
export const FIELD_ERRORS_MAX = 20;

type Issue = z.core.$ZodIssue;

/** The parsed value. Throws a 422 that names each field, unknown ones included. */
export function parseOrRefuse<Output>(schema: z.ZodType<Output>, value: unknown, at = ""): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidRequest(fieldErrors(parsed.error.issues, at));
}

/** `at` is the path of what was parsed inside the request, such as `bars[3]`. */
export function fieldErrors(issues: readonly Issue[], at = ""): FieldError[] {
  const errors: FieldError[] = [];
  for (const issue of issues) {
    if (errors.length >= FIELD_ERRORS_MAX) break;
    errors.push(...explain(issue, at));
  }
  return errors.slice(0, FIELD_ERRORS_MAX);
}

function explain(issue: Issue, at: string): FieldError[] {
  const path = joinPath(at, issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, FIELD_ERRORS_MAX).map((key) => ({
      path: joinPath(path, [key.slice(0, 100)]),
      message: "is not a field of this request",
    }));
  }
  return [{ path: path === "" ? "body" : path, message: sentence(issue) }];
}

/** Zod's own sentences begin with "Invalid"; what a schema of ours says stands as it is. */
function sentence(issue: Issue): string {
  if (!issue.message.startsWith("Invalid")) return issue.message;
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) {
    return `is missing (${issue.expected})`;
  }
  if (issue.code === "invalid_type") return issue.message.replace(/^Invalid input: /, "");
  if (issue.code === "invalid_union") return "must be a string, a number or a boolean";
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(String).join(", ")}`;
  return issue.message;
}

/** `strategy.code`, `bars[3].open`. */
function joinPath(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, at);
}
