/** What an API key may do. People who sign in themselves may do all of it. */
import { z } from "zod";

/** read: look at jobs, results and market data. submit: everything that makes work, or ends it. */
export const SCOPES = ["read", "submit"] as const;
export const scopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof scopeSchema>;
