/** The API as one page of HTML: rendered here from the OpenAPI document, without scripts and without a CDN. */
import { createHash } from "node:crypto";
import { PROBLEMS } from "../../shared/contract/problem.ts";
import type { OpenApiDocument } from "../openapi.ts";
import { escapeHtml, table } from "./html.ts";
import { type Operation, renderOperation } from "./operation.ts";
import { propertyRows } from "./schema.ts";

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: #1c2330; background: #fff; }
h2 { border-bottom: 2px solid #d5dbe5; padding-top: 1.5rem; }
h3 { margin: 2rem 0 .25rem; }
code { font: .875em ui-monospace, monospace; background: #f1f4f8; padding: .1em .3em; border-radius: 3px; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; border-bottom: 1px solid #e3e8ef; padding: .35rem .6rem .35rem 0; }
th { white-space: nowrap; }
td:first-child code { overflow-wrap: normal; }
.method { color: #fff; background: #2457a6; border-radius: 4px; padding: .1rem .5rem; font-size: .8em; }
.lock { font-size: .7em; font-weight: normal; color: #5b6675; }
nav ul { columns: 20rem 2; padding-left: 1.2rem; }
@media (prefers-color-scheme: dark) {
  body { color: #dfe5ee; background: #12161d; } code { background: #222a36; } a { color: #8ab4f8; }
  h2, th, td { border-color: #313b4a; } .lock { color: #9aa7b8; }
}
`;

/** Nothing but this page's own style. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

interface Listed {
  method: string;
  path: string;
  operation: Operation;
}

export function renderDocsPage(document: OpenApiDocument): string {
  const groups = operationsByTag(document);
  const title = escapeHtml(document.info.title);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body>
<h1>${title}</h1>
<p>${escapeHtml(document.info.description ?? "")} The same as <a href="/v1/openapi.json">an OpenAPI document</a>.</p>
<nav><ul>${[...groups.values()].flat().map(renderEntry).join("\n")}</ul></nav>
${[...groups].map(renderGroup).join("\n")}
<h2>Problems</h2>
<p>Every error is <code>application/problem+json</code> (RFC 9457) with a code of this list and the request's id.</p>
${renderProblems()}
<h2>Schemas</h2>
${renderSchemas(document)}
</body>
</html>
`;
}

function operationsByTag(document: OpenApiDocument): Map<string, Listed[]> {
  const groups = new Map<string, Listed[]>();
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of [["get", item.get] as const, ["post", item.post] as const]) {
      if (operation === undefined) continue;
      const tag = operation.tags?.[0] ?? "Other";
      groups.set(tag, [...(groups.get(tag) ?? []), { method, path, operation }]);
    }
  }
  return groups;
}

function renderEntry({ method, path }: Listed): string {
  const place = escapeHtml(`${method}-${path}`);
  return `<li><a href="#${place}">${method.toUpperCase()} ${escapeHtml(path)}</a></li>`;
}

function renderGroup([tag, operations]: [string, Listed[]]): string {
  const sections = operations.map(({ method, path, operation }) => renderOperation(method, path, operation));
  return `<h2>${escapeHtml(tag)}</h2>\n${sections.join("\n")}`;
}

function renderProblems(): string {
  const rows = Object.entries(PROBLEMS).map(([code, [status, title]]) => [
    `<code id="problem-${code}">${code}</code>`,
    String(status),
    escapeHtml(title),
  ]);
  return table(["code", "status", "title"], rows);
}

function renderSchemas(document: OpenApiDocument): string {
  return Object.entries(document.components?.schemas ?? {})
    .map(([name, schema]) => {
      const heading = `<h3 id="schema-${escapeHtml(name)}">${escapeHtml(name)}</h3>`;
      return heading + table(["field", "type", "", "meaning"], propertyRows(schema));
    })
    .join("\n");
}
