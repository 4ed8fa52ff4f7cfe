/**
 * How often each job was written as ended, and by how many attempts its result was stored, told by a witness that is
 * not our code and sees every write of every process.
 */
export interface TerminalWrites {
  /** Job ids by how often they were moved to a terminal state. */
  counts(): Map<string, number>;
  /** Jobs whose result lies under more than one attempt, or that succeeded and have none. */
  withoutOneResult(): Promise<string[]>;
  close(): Promise<void>;
}

export const TERMINAL = ["succeeded", "failed", "cancelled"];
