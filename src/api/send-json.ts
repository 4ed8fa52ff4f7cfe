import type { Response } from "express";

/** The answer as JSON. Shorter than Express's own, which hashes each body and reads settings that are never set. */
export function sendJson(response: Response, status: number, body: unknown): void {
  sendJsonText(response, status, JSON.stringify(body));
}

/** The same for a body that is JSON already. */
export function sendJsonText(response: Response, status: number, json: string): void {
  response.statusCode = status;
  response.setHeader("Content-Type", "application/json");
  response.end(json);
}
