/** Opening a case is several steps on the disk; whoever presses again after one was refused goes on with the same case. */

import { err } from "@amana/kernel";
import { expect, test } from "vitest";
import { caseOpener } from "../../apps/casework/src/worker/cases.ts";
import { openCase, recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { codeOf } from "../../packages/casefile/src/testing/people.ts";
import { makeCaseWorld, must } from "../device/case-world.ts";

test("a case of which not everything could be said is opened once, and nothing is said twice", async () => {
  const { shilan } = await makeCaseWorld("half opened");
  const open = caseOpener(() => shilan.device());
  const newCase = {
    command: { ...openCase, code: codeOf("KRI-2026-7001") },
    more: [recordFact("age", "adult"), recordFact("harm", ["threats"])],
  };
  // The case itself and what is said first find room, the rest does not.
  shilan.fates.push("written", "written", "full");
  expect(await open(newCase)).toEqual(err({ type: "StoreFull" }));
  const logId = must(await open(newCase));
  const cases = must(await shilan.device().listCases());
  expect(cases.map((each) => each.logId)).toEqual([logId]);
  const unsent = must(await shilan.device().viewCase(cases[0]?.logId ?? ("" as never))).unsent;
  expect(unsent.map(({ types }) => types.join())).toEqual(["CaseOpened", "FactRecorded", "FactRecorded"]);
});
