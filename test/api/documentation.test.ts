import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { PROBLEMS } from "../../src/shared/contract/problem.ts";
import { type Room, startRoom } from "./support/room.ts";

/** The shape of an OpenAPI 3.1 document, as far as this API uses it. */
const schemaSchema = z.record(z.string(), z.unknown());
const contentSchema = z.record(z.string().regex(/^[a-z]+\/[a-z+.-]+$/), z.object({ schema: schemaSchema }));
const parameterSchema = z.object({
  name: z.string(),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean().optional(),
  schema: schemaSchema,
});
const operationSchema = z.object({
  summary: z.string().min(5),
  tags: z.array(z.string()).length(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(parameterSchema).default([]),
  requestBody: z.object({ required: z.literal(true), content: contentSchema }).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.object({ description: z.string().min(3), content: contentSchema.optional() }),
  ),
});
const typedSchema = z.object({ type: z.string().optional(), default: z.unknown().optional() });
const documentSchema = z.object({
  openapi: z.string().regex(/^3\.1\./),
  info: z.object({ title: z.string(), version: z.string() }),
  components: z.object({
    schemas: z.record(z.string(), schemaSchema),
    securitySchemes: z.record(z.string(), z.unknown()),
  }),
  paths: z.record(z.string().startsWith("/v1/"), z.partialRecord(z.enum(["get", "post"]), operationSchema)),
});

const ROUTES = [
  "post /v1/jobs",
  "get /v1/jobs",
  "get /v1/jobs/{id}",
  "get /v1/jobs/{id}/result",
  "get /v1/jobs/{id}/result/trades",
  "get /v1/jobs/{id}/result/equity",
  "get /v1/jobs/{id}/result/signals",
  "get /v1/jobs/{id}/events",
  "post /v1/jobs/{id}/cancel",
  "post /v1/batches",
  "get /v1/batches",
  "get /v1/batches/{id}",
  "get /v1/batches/{id}/cells",
  "get /v1/batches/{id}/heatmap",
  "get /v1/batches/{id}/events",
  "post /v1/batches/{id}/cancel",
  "post /v1/batches/{id}/retry",
  "post /v1/batches/{id}/cells/{cell}/result",
  "post /v1/validate",
  "get /v1/symbols",
  "get /v1/symbols/{symbol}",
  "get /v1/symbol-lists",
  "get /v1/symbol-lists/{name}",
  "post /v1/strategies/execute-code",
  "get /v1/execution/health",
  "get /v1/healthz",
  "get /v1/readyz",
  "get /v1/openapi.json",
  "get /v1/docs",
];

let room: Room;
let text: string;
beforeAll(async () => {
  room = await startRoom({ withoutRedis: true });
  ({ text } = await room.ask("/v1/openapi.json"));
});
afterAll(() => room.stop());

test("the OpenAPI document has every route, and its parts fit together", () => {
  const document = documentSchema.parse(JSON.parse(text));
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );
  expect(operations.map(({ name }) => name).sort()).toEqual([...ROUTES].sort());
  for (const { name, path, operation } of operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const declared = operation.parameters.filter((parameter) => parameter.in === "path");
    expect([name, declared.map((parameter) => parameter.name)]).toEqual([name, inPath]);
    expect(declared.every(({ required }) => required === true)).toBe(true);
    expect(Object.keys(operation.responses).some((status) => status.startsWith("2"))).toBe(true);
    expect(operation.requestBody === undefined).toBe(
      !name.startsWith("post") || /\/(cancel|retry|result)$/.test(name),
    );
  }
  for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
    expect(document.components.schemas).toHaveProperty(name ?? "");
  }
  for (const { operation } of operations) {
    for (const schemes of operation.security) {
      for (const scheme of Object.keys(schemes))
        expect(document.components.securitySchemes).toHaveProperty(scheme);
    }
  }
});

test("every default is of its schema's type", () => {
  const wrong: unknown[] = [];
  JSON.parse(text, (_key, value: unknown) => {
    const { type, default: fallback } = typedSchema.safeParse(value).data ?? {};
    if (fallback === undefined) return value;
    const fits = type === "integer" ? Number.isInteger(fallback) : typeof fallback === type;
    if (!fits) wrong.push(value);
    return value;
  });
  expect(wrong).toEqual([]);
});

test("every described route is served, under /v1 and under /", async () => {
  for (const route of ROUTES) {
    const [method = "", path = ""] = route.split(" ");
    const real = path.replace("{id}", "0".repeat(26)).replace("{symbol}", "AAPL").replace("{cell}", "0");
    for (const mounted of [real, real.slice("/v1".length)]) {
      const answer = await room.ask(mounted, { method: method.toUpperCase() });
      const missing = answer.status === 404 && answer.problem().detail.startsWith("There is no such route");
      expect([mounted, answer.status === 405, missing]).toEqual([mounted, false, false]);
    }
  }
});

test("the page is readable without scripts and without anybody else's server", async () => {
  const page = await room.ask("/v1/docs");
  expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(page.headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(page.text).not.toMatch(/<script|https?:\/\/(?!127\.0\.0\.1)/);
  for (const route of ROUTES) expect(page.text).toContain(route.split(" ")[1]);
  for (const code of Object.keys(PROBLEMS)) expect(page.text).toContain(`id="problem-${code}"`);
  const anchors = new Set([...page.text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  for (const [, target] of page.text.matchAll(/href="#([^"]+)"/g)) expect(anchors).toContain(target);
});
