import { diagnosticSchema, type Validation } from "../contract/validation.ts";
import { InvalidAnswer } from "./answer-columns.ts";
import type { WireDiagnostic, WireParameter, WireValidateResponse } from "./wire-messages.ts";

/** Throws InvalidAnswer where the answer breaks the contract. */
export function readValidation({ valid, form, diagnostics, parameters }: WireValidateResponse): Validation {
  return {
    valid,
    form: form === 0 ? null : form,
    diagnostics: diagnostics.map(readDiagnostic),
    parameters: parameters.map(readParameter),
  };
}

function readDiagnostic(wire: WireDiagnostic): Validation["diagnostics"][number] {
  const { severity, code, message, line, column, hint } = wire;
  const parsed = diagnosticSchema.safeParse({
    severity,
    code,
    message,
    ...(line > 0 && { line }),
    ...(column > 0 && { column }),
    ...(hint !== "" && { hint }),
  });
  if (!parsed.success) throw new InvalidAnswer(`a diagnostic of severity ${severity}`);
  return parsed.data;
}

function readParameter(wire: WireParameter): Validation["parameters"][number] {
  const { name, type, defaultJson, min, max, line } = wire;
  return {
    name,
    type,
    default: defaultOf(defaultJson),
    line,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}

function defaultOf(json: string): Validation["parameters"][number]["default"] {
  const value: unknown = parsedOrNull(json);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

/** A default that is no constant (an expression) has no JSON and is shown as null. */
function parsedOrNull(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
