import type { OpenApiDocument } from "../openapi.ts";
import { escapeHtml, table } from "./html.ts";
import { propertyRows, type Schema, typeInWords } from "./schema.ts";

type PathItem = NonNullable<OpenApiDocument["paths"]>[string];
export type Operation = NonNullable<PathItem["get"]>;
type Content = NonNullable<Exclude<NonNullable<Operation["requestBody"]>, { $ref: string }>["content"]>;

type Answer = { $ref: string } | { description?: string; content?: Content };

/** One route as a section of the page. */
export function renderOperation(method: string, path: string, operation: Operation): string {
  const open = operation.security?.length === 0 ? "" : ' <span class="lock">signed in</span>';
  return `<section class="route">
<h3 id="${method}-${escapeHtml(path)}"><span class="method">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code>${open}</h3>
<p>${escapeHtml([operation.summary, operation.description].filter(Boolean).join(". "))}</p>
${renderParameters(operation)}
${renderBody(operation)}
${renderAnswers(operation)}
</section>`;
}

function renderParameters({ parameters = [] }: Operation): string {
  const rows = parameters.flatMap((parameter) =>
    "$ref" in parameter
      ? []
      : [
          [
            `<code>${escapeHtml(parameter.name)}</code>`,
            parameter.in,
            typeInWords(parameter.schema),
            escapeHtml(parameter.description ?? descriptionOf(parameter.schema)),
          ],
        ],
  );
  return table(["parameter", "in", "type", "meaning"], rows);
}

function descriptionOf(schema: Schema | undefined): string {
  return schema === undefined || "$ref" in schema ? "" : (schema.description ?? "");
}

function renderBody({ requestBody }: Operation): string {
  if (requestBody === undefined || "$ref" in requestBody) return "";
  const schema = requestBody.content["application/json"]?.schema;
  return `<p>Body: ${typeInWords(schema)}</p>${table(["field", "type", "", "meaning"], propertyRows(schema))}`;
}

function renderAnswers({ responses }: Operation): string {
  const rows = Object.entries<Answer>(responses ?? {}).flatMap(([status, answer]) =>
    "$ref" in answer
      ? []
      : [[`<code>${status}</code>`, escapeHtml(answer.description ?? ""), renderContent(answer.content)]],
  );
  return table(["answer", "when", "content"], rows);
}

/** Problems are all of one media type, which the page says once. */
function renderContent(content: Content | undefined): string {
  return Object.entries(content ?? {})
    .map(([type, media]) => {
      const schema = "schema" in media ? typeInWords(media.schema) : "";
      return type === "application/problem+json" ? schema : `<code>${escapeHtml(type)}</code> ${schema}`;
    })
    .join("<br>");
}
