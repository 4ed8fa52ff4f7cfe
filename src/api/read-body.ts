/** JSON bodies: the media type and the size are checked before anything is parsed. */
import express, { type NextFunction, type Request, type Response } from "express";
import { CODE_MAX_BYTES } from "../shared/contract/values.ts";
import { HttpProblem } from "./problem-details.ts";

const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i;

/** Middleware of a route with a body of at most `maxBytes`, also after gunzip. */
export function readJson(maxBytes: number) {
  const parse = express.json({
    limit: maxBytes,
    strict: false,
    type: () => true,
    verify: (_request, _response, bytes) => refuseEmpty(bytes.length),
  });
  return (request: Request, response: Response, next: NextFunction): void => {
    if (!JSON_TYPE.test(request.headers["content-type"] ?? "")) {
      throw new HttpProblem("unsupported_media_type", "Send the body with Content-Type: application/json.");
    }
    parse(request, response, next);
  };
}

/** The parser takes nothing at all for an empty object. */
function refuseEmpty(bytes: number): void {
  if (bytes === 0) throw new HttpProblem("malformed_json", "The body is empty. Send a JSON object.");
}

/** A strategy's source has a limit of its own, and a status that says so. */
export function refuseLargeCode(code: unknown): void {
  if (typeof code !== "string" || code.length * 3 <= CODE_MAX_BYTES) return;
  const bytes = Buffer.byteLength(code);
  if (bytes <= CODE_MAX_BYTES) return;
  throw new HttpProblem(
    "code_too_large",
    `The strategy's source has ${bytes} bytes; at most ${CODE_MAX_BYTES} are taken.`,
  );
}
