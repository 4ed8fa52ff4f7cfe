import { expect, test } from "vitest";
import { PROBLEMS, type ProblemCode } from "../../../src/shared/contract/problem.ts";
import type { Sent } from "./http.ts";
import type { Room } from "./room.ts";

/** What is wrong, where it is sent, how, the code of the problem, and fields that the problem must name. */
export type Refusal = readonly [
  what: string,
  path: string,
  sent: Sent,
  code: ProblemCode,
  ...fields: string[],
];

/** One test a case: the answer is the problem with its status, and names the fields. */
export function testRefusals(room: () => Room, cases: readonly Refusal[]): void {
  for (const [what, path, sent, code, ...fields] of cases) {
    test(`${what}: ${code}`, async () => {
      const answer = await room().ask(path, sent);
      const problem = answer.problem();
      const [status, title] = PROBLEMS[code];
      expect(problem).toMatchObject({ status, title, code, requestId: answer.headers["x-request-id"] });
      expect(answer.status).toBe(status);
      const named = (problem.errors ?? []).map((error) => error.path);
      for (const field of fields) expect(named).toContain(field);
      expect((problem.errors ?? []).every(({ message }) => message.length > 5)).toBe(true);
    });
  }
}
