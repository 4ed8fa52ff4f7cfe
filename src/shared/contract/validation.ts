/** `POST /validate`: compile and check a strategy without running it on real bars. */
import { z } from "zod";

export const validateRequestSchema = z.strictObject({
  code: z.string().min(1, "must hold the strategy's Python source"),
  language: z.literal("python", "must be python, the one language there is").default("python"),
});
export type ValidateRequest = z.infer<typeof validateRequestSchema>;

export const diagnosticSchema = z.object({
  severity: z.enum(["error", "warning", "suggestion"]),
  code: z.string(),
  message: z.string(),
  line: z.number().int().optional(),
  column: z.number().int().optional(),
  hint: z.string().optional(),
});

export const validationSchema = z.object({
  valid: z.boolean(),
  form: z.number().int().nullable().describe("1 to 4 as in docs/strategies.md"),
  diagnostics: z.array(diagnosticSchema),
  parameters: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      default: z.union([z.string(), z.number(), z.boolean(), z.null()]),
      min: z.number().optional(),
      max: z.number().optional(),
      line: z.number().int(),
    }),
  ),
});
export type Validation = z.infer<typeof validationSchema>;
