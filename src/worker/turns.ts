/** Turns of entries, told to their owners' accounts. Fairness never stops work: what Redis does not take is let go. */
import type { Logger } from "../shared/logging.ts";
import type { FairTurns } from "../shared/queue/fair/fair-turns.ts";
import type { QueueKind } from "../shared/queue/queue-kinds.ts";
import { ASIDE, type Verdict } from "./verdict.ts";

export interface Turn {
  /** CPU milliseconds, and milliseconds that a slot was held. Without a call the turn costs its owner nothing. */
  spent(cpuMs: number, wallMs: number): void;
  /** Must be called once. `left`: the entry does not come back. */
  end(left: boolean): void;
}

export interface Turns<Entry> {
  /** undefined: the owner runs as many entries as it may, and this one has to wait. */
  begin(entry: Entry): Promise<Turn | undefined>;
}

/** Does the work in the entry's turn; an entry whose owner runs as many as it may has to come again. */
export async function inTurn<Entry>(
  turns: Turns<Entry>,
  entry: Entry,
  work: (turn: Turn) => Promise<Verdict>,
): Promise<Verdict> {
  const turn = await turns.begin(entry);
  if (turn === undefined) return ASIDE;
  let verdict: Verdict | undefined;
  try {
    verdict = await work(turn);
    return verdict;
  } finally {
    turn.end(verdict?.kind === "ended");
  }
}

export interface TurnParts {
  accounts: Pick<FairTurns, "begin" | "end">;
  /** Entries of an owner that may run at once. */
  runningMax: (owner: string) => number;
  /** Entries that all workers run at once. */
  atOnce: () => number;
  logger: Logger;
}

export function createTurns<Entry>(
  { idOf, accountOf }: Pick<QueueKind<Entry>, "idOf" | "accountOf">,
  { accounts, runningMax, atOnce, logger }: TurnParts,
): Turns<Entry> {
  return {
    async begin(entry) {
      const key = { id: idOf(entry), ...accountOf(entry) };
      const most = runningMax(key.owner);
      const untold = (error: unknown): number => {
        logger.debug({ err: error, entry: key.id }, "A turn was not told to its owner's account");
        return 0;
      };
      const begun = accounts.begin(key, most).catch(untold);
      // Only a limit can refuse the turn: without one the execution does not wait for Redis' answer.
      if (Number.isFinite(most) && (await begun) === undefined) return undefined;
      let cpuMs: number | undefined;
      let wallMs = 0;
      return {
        spent(cpu, wall) {
          cpuMs = (cpuMs ?? 0) + cpu;
          wallMs += wall;
        },
        end(left) {
          void begun.then((charge = 0) =>
            accounts.end(key, charge, { cpuMs, wallMs, atOnce: atOnce(), left }).catch(untold),
          );
        },
      };
    },
  };
}
