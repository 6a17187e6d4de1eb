/** Case logs that a server made up: nothing of them is kept, and no true case is taken for one (SECURITY §6.1). */

import type { Defence } from "./defence.ts";
import { logsOfNobodyAreLeft, testIn } from "./shared.ts";

const answers = "SECURITY §6.1";
const device = "packages/device/src";
const answersTest = testIn("tests/hostile/server-answers.test.ts");

export const defencesOfLogsOfNobody: readonly Defence[] = [
  {
    name: "case-of-nobody-is-kept",
    answers,
    off: [logsOfNobodyAreLeft],
    test: answersTest("fills nobody's device: nothing of them is kept"),
  },
  {
    name: "case-of-nobody-is-fetched-again",
    answers,
    off: [
      {
        file: `${device}/logs/strangers.ts`,
        text: "strangers.get(logId) === end;",
        by: "strangers.get(logId) === -end;",
      },
    ],
    test: answersTest("and they are fetched once until the organisation grows"),
  },
  {
    name: "case-of-somebody-heard-of-later",
    answers: "SECURITY §6.7",
    off: [{ file: `${device}/logs/sync.ts`, text: "if (organisation.value) unlocked.desk.strangers.clear();", by: "" }],
    test: answersTest("keeps nobody from the case of a colleague of whom they hear only afterwards"),
    outcome: "Error: A test's own step was refused",
  },
];
