/** What an owner may use: a share of the executors, and how much may run or wait at once. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigError } from "./config-error.ts";

export interface Plan {
  /** Share of CPU time beside that of others while all have work. */
  weight: number;
  /** Jobs that may run at once; Infinity without a limit. */
  running: number;
  /** Jobs that may wait. */
  queued: number;
  /** Cells of batches that have not ended. */
  cells: number;
  /** HTTP requests in RATE_LIMIT_SECONDS; 0 for any number. */
  requests: number;
}

export interface Plans {
  planOf(owner: string): Plan;
}

export interface PlanConfig {
  PLANS_FILE?: string | undefined;
  OWNER_RUNNING_MAX?: number | undefined;
  OWNER_QUEUED_MAX?: number | undefined;
  OWNER_CELLS_MAX?: number | undefined;
  RATE_LIMIT_REQUESTS?: number | undefined;
}

const planSchema = z.strictObject({
  weight: z.number().min(0.01).max(100).optional(),
  running: z.number().int().min(1).optional(),
  queued: z.number().int().min(1).optional(),
  cells: z.number().int().min(1).optional(),
  requests: z.number().int().min(0).optional(),
});

const fileSchema = z
  .strictObject({
    plans: z.record(z.string().min(1), planSchema),
    /** The plan of everybody who is not named. */
    default: z.string().optional(),
    owners: z.record(z.string().min(1), z.string()).default({}),
  })
  .superRefine(({ plans, default: standard, owners }, context) => {
    const named = [...Object.entries(owners), ...(standard === undefined ? [] : [["default", standard]])];
    for (const [who, plan] of named) {
      if (plan === undefined || Object.hasOwn(plans, plan)) continue;
      context.addIssue({ code: "custom", message: `${who} has the plan ${plan}, which is not among plans` });
    }
  });
type PlansFile = z.infer<typeof fileSchema>;

/** Everybody's limits from the settings, and those of PLANS_FILE over them. Throws ConfigError. */
export function openPlans(config: PlanConfig): Plans {
  const everybody: Plan = {
    weight: 1,
    running: config.OWNER_RUNNING_MAX ?? Number.POSITIVE_INFINITY,
    queued: config.OWNER_QUEUED_MAX ?? Number.POSITIVE_INFINITY,
    cells: config.OWNER_CELLS_MAX ?? Number.POSITIVE_INFINITY,
    requests: config.RATE_LIMIT_REQUESTS ?? 0,
  };
  const file = config.PLANS_FILE === undefined ? undefined : readPlansFile(config.PLANS_FILE);
  if (file === undefined) return { planOf: () => everybody };
  const plans = new Map(Object.entries(file.plans).map(([name, plan]) => [name, { ...everybody, ...plan }]));
  const standard = plans.get(file.default ?? "") ?? everybody;
  const owners = new Map(Object.entries(file.owners));
  return { planOf: (owner) => plans.get(owners.get(owner) ?? "") ?? standard };
}

function readPlansFile(path: string): PlansFile {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).replaceAll("\n", " ") : String(error);
    throw new ConfigError(`PLANS_FILE is ${path}, which could not be read: ${why}. See docs/fairness.md`);
  }
}
