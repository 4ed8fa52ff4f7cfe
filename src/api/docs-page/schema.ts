/** Schemas of the OpenAPI document in words. */
import type { OpenApiDocument } from "../openapi.ts";
import { escapeHtml } from "./html.ts";

type Components = NonNullable<OpenApiDocument["components"]>;
export type Schema = NonNullable<Components["schemas"]>[string];

const REF = "#/components/schemas/";

/** What a value may be, in one line; named schemas are links. */
export function typeInWords(schema: Schema | undefined): string {
  if (schema === undefined) return "anything";
  if ("$ref" in schema) return reference(schema.$ref ?? "");
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `<code>${escapeHtml(String(value))}</code>`).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices !== undefined) return choices.map(typeInWords).join(schema.allOf === undefined ? " | " : " & ");
  if (schema.items !== undefined) return `list of ${typeInWords(schema.items)}`;
  if (typeof schema.additionalProperties === "object")
    return `map of ${typeInWords(schema.additionalProperties)}`;
  const type = [schema.type ?? "anything"].flat().join(" | ");
  return `${type}${bounds(schema)}`;
}

function reference(ref: string): string {
  const name = escapeHtml(ref.slice(REF.length));
  return `<a href="#schema-${name}">${name}</a>`;
}

function bounds(schema: Exclude<Schema, { $ref: string }>): string {
  const said = [
    ["at least", schema.minimum],
    ["above", schema.exclusiveMinimum],
    ["at most", schema.maximum],
  ].flatMap(([words, value]) => (value === undefined ? [] : [`${words} ${value}`]));
  said.push(...lengths(schema));
  return said.length === 0 ? "" : `, ${said.join(", ")}`;
}

function lengths({ minLength, maxLength }: Exclude<Schema, { $ref: string }>): string[] {
  if (maxLength !== undefined) {
    const least = minLength === undefined ? "at most" : `${minLength} to`;
    return [`${least} ${maxLength} characters`];
  }
  if (minLength === undefined) return [];
  return [minLength === 1 ? "not empty" : `at least ${minLength} characters`];
}

/** One row a property: name, type, whether it must be there, what it means. Nested objects follow with a dotted name. */
export function propertyRows(schema: Schema | undefined, prefix = ""): string[][] {
  if (schema === undefined || "$ref" in schema) return [];
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
    propertyRow(prefix + name, property, required.has(name)),
    ...propertyRows(innerObject(property), `${prefix}${name}${"items" in property ? "[]" : ""}.`),
  ]);
}

function innerObject(property: Schema): Schema | undefined {
  if ("$ref" in property) return undefined;
  return property.items ?? (property.properties === undefined ? undefined : property);
}

function propertyRow(name: string, property: Schema, required: boolean): string[] {
  const plain = "$ref" in property ? undefined : property;
  const fallback =
    plain?.default === undefined ? "" : `default <code>${escapeHtml(JSON.stringify(plain.default))}</code>`;
  return [
    `<code>${escapeHtml(name)}</code>`,
    typeInWords(property),
    required ? "required" : fallback,
    escapeHtml(plain?.description ?? ""),
  ];
}
