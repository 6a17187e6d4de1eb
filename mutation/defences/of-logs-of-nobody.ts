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
        text: "strangersNow(unlocked).get(logId) === end;",
        by: "strangersNow(unlocked).get(logId) === -end;",
      },
    ],
    test: answersTest("and they are fetched once until the organisation grows"),
  },
  {
    name: "case-of-somebody-heard-of-later",
    answers: "SECURITY §6.7",
    off: [
      {
        file: `${device}/logs/strangers.ts`,
        text: "desk.strangers.under !== under",
        by: "desk.strangers.under !== under && desk.strangers.ends.size === 0",
      },
    ],
    test: answersTest("keeps nobody from the case of a colleague of whom they hear only afterwards"),
    outcome: "Error: A test's own step was refused",
  },
  ...[
    {
      name: "case-known-is-filled",
      text: "if (count >= countMax || bytes + size > unverifiedBytesMax) return true;",
      by: "",
    },
    {
      name: "case-known-keeps-what-is-signed",
      text: 'kind === "entry" && review.unauthentic.has(entry.hash)',
      by: 'kind === "entry" && review.unauthentic.size > 0',
    },
    {
      name: "case-known-keeps-what-is-named",
      text: "!named.has(entry.hash)",
      by: "named.size >= 0",
    },
    {
      name: "case-known-tells-what-is-new",
      text: "if (unlocked.held.has(log.logId)) {",
      by: "if (unlocked.held.size < 0) {",
    },
  ].map(({ name, text, by }): Defence => ({
    name,
    answers,
    off: [{ file: `${device}/logs/unsigned.ts`, text, by }],
    test: answersTest("fills no case that is known"),
  })),
  {
    name: "case-of-a-later-version-is-told",
    answers,
    off: [
      {
        file: `${device}/logs/pull.ts`,
        text: 'unlocked.tellPerson({ type: "LaterVersion" });',
        by: "unlocked.desk.strangers.ends.delete(log.logId);",
      },
    ],
    test: testIn("tests/device/unsigned.test.ts")("is told where nothing else came of a new case"),
  },
  ...[
    {
      name: "organisation-known-is-filled",
      file: "logs/unsigned.ts",
      text: "return organisationAhead(unlocked, log);",
      by: "return undefined;",
      words: "fills the organisation's own no more than a case",
    },
    {
      name: "known-is-filled-by-later-versions",
      file: "logs/unsigned.ts",
      text: ", ...beyond(newerIn(log, aside), came, newerMax)",
      by: "",
      words: "is kept up to a bound, and the rest is asked for once there is room",
    },
    {
      name: "known-is-filled-by-what-is-long",
      file: "logs/unsigned.ts",
      text: " || bytes + size > unverifiedBytesMax",
      by: "",
      words: "is kept up to a bound of bytes where each is long",
    },
    {
      name: "later-version-left-holds-up",
      file: "case/open-case.ts",
      text: "return { ...opened, isBehind: true, waitsForOrganisation: true };",
      by: "return { ...opened, waitsForOrganisation: true };",
      words: "is kept up to a bound, and the rest is asked for once there is room",
    },
    {
      name: "later-version-left-holds-up-the-organisation",
      file: "logs/read.ts",
      text: "[...reading.unreadable, record.newerLeft]",
      by: "reading.unreadable",
      words: "fills the organisation's own no more than a case",
    },
    {
      name: "later-version-left-again",
      file: "logs/pull.ts",
      text: "if (lastNewer !== undefined) unlocked.desk.newerAskedFor.delete(log.logId);",
      by: "",
      words: "is kept up to a bound, and the rest is asked for once there is room",
    },
    {
      name: "later-version-left-until-asked-for",
      file: "logs/ask-again.ts",
      text: " && unlocked.desk.newerAskedFor.has(logId)",
      by: "",
      words: "is kept up to a bound, and the rest is asked for once there is room",
    },
  ].map(({ name, file, text, by, words }): Defence => ({
    name,
    answers,
    off: [{ file: `${device}/${file}`, text, by }],
    test: testIn("tests/device/unsigned.test.ts")(words),
  })),
  {
    name: "case-asked-again-in-another-order",
    answers: "SECURITY §6.7",
    off: [{ file: `${device}/logs/repair.ts`, text: " || log.record.unverified.has(hash)", by: "" }],
    test: testIn("tests/device/unsigned.test.ts")(
      "is asked for again from there on also where the server has it in another order",
    ),
    outcome: "AssertionError",
  },
  {
    name: "newer-is-vouched-for-by-nobody",
    answers,
    off: [{ file: `${device}/logs/read.ts`, text: " || newer.has(hash)", by: "" }],
    test: testIn("tests/device/repair.test.ts")("and never had is not given to it: an entry of a later format"),
  },
  {
    name: "case-that-is-new-stands-otherwise",
    answers,
    off: [
      {
        file: `${device}/logs/pull.ts`,
        text: "if ((await holdLog(unlocked, logId)) !== undefined) held.push(logId);",
        by: "held.push(logId);",
      },
    ],
    test: answersTest("stops no device by saying of a log that is new there that it stands otherwise"),
    outcome: "Error: A log was followed, and is not held.",
  },
  {
    name: "organisation-of-nobody-fills-the-answer",
    answers: "SECURITY §6.1",
    off: [
      {
        file: `${device}/logs/pull.ts`,
        text: "taken.changed.length > 0 || next.length + taken.leftOut.length < open.length;",
        by: "taken.changed.length > 0;",
      },
    ],
    test: answersTest(
      "keeps nobody from their organisation by others that are so long that it has no room beside them",
    ),
    outcome: "AssertionError",
  },
  {
    name: "case-of-nobody-fills-the-answer",
    answers: "SECURITY §6.1",
    off: [
      {
        file: `${device}/logs/follow-cases.ts`,
        text: "log === undefined || isEmpty ? []",
        by: "log === undefined || log.entries.length === 0 ? []",
      },
    ],
    test: answersTest("keeps nobody waiting for true cases by what is so long that these have no room beside it"),
    outcome: "Error: A test's own step was refused",
  },
  {
    name: "case-of-nobody-is-asked-for-to-its-end",
    answers: "SECURITY §6.1",
    off: [
      {
        file: `${device}/logs/follow-cases.ts`,
        text: "left = withoutNotTaken(left, answer.value, taken.changed);",
        by: "",
      },
    ],
    test: testIn("tests/device/asked-ahead.test.ts")("is asked for no further than it is looked at"),
    outcome: "AssertionError",
  },
];
