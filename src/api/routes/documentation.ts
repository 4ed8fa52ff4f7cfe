import { z } from "zod";
import { DOCS_POLICY, renderDocsPage } from "../docs-page/page.ts";
import { buildOpenApi, type OpenApiDocument } from "../openapi.ts";
import type { Route } from "../route.ts";
import { sendJsonText } from "../send-json.ts";

const CACHE = "public, max-age=300";

/** GET /openapi.json and /docs, made once from the other routes and themselves. */
export function documentationRoutes(others: readonly Route[]): Route[] {
  const json = openApiRoute(() => built().json);
  const page = docsRoute(() => built().page);
  let made: { json: string; page: string } | undefined;

  function built(): { json: string; page: string } {
    made ??= render(buildOpenApi([...others, json, page]));
    return made;
  }

  return [json, page];
}

function render(document: OpenApiDocument): { json: string; page: string } {
  return { json: JSON.stringify(document), page: renderDocsPage(document) };
}

function openApiRoute(json: () => string): Route {
  return {
    method: "get",
    path: "/openapi.json",
    access: "public",
    tag: "Service",
    summary: "This API as an OpenAPI 3.1 document",
    answers: { 200: { description: "The document", content: { "application/json": z.looseObject({}) } } },
    compress: true,
    handle({ response }) {
      response.setHeader("Cache-Control", CACHE);
      sendJsonText(response, 200, json());
    },
  };
}

function docsRoute(page: () => string): Route {
  return {
    method: "get",
    path: "/docs",
    access: "public",
    tag: "Service",
    summary: "This API as a page to read",
    answers: { 200: { description: "The page", content: { "text/html": z.string() } } },
    compress: true,
    handle({ response }) {
      response.setHeader("Cache-Control", CACHE);
      response.setHeader("Content-Security-Policy", DOCS_POLICY);
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(page());
    },
  };
}
