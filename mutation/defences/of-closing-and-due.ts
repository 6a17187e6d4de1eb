/** What the case file keeps to whoever writes into it: facts that nobody understands, closings, consent. */

import type { Defence } from "./defence.ts";
import { testIn } from "./shared.ts";

const casefile = "packages/casefile/src";
const poisoned = "SECURITY §6.2";
const withdrawn = "G-CONS-2";
const closureTest = testIn(`${casefile}/closure/closure.test.ts`);
const dueTest = testIn(`${casefile}/views/due.test.ts`);
const historyTest = testIn(`${casefile}/history.test.ts`);
const lifeTest = testIn(`${casefile}/life.test.ts`);

const facts: readonly Defence[] = [
  {
    name: "facts-not-understood-are-unknown",
    answers: poisoned,
    off: [
      {
        file: `${casefile}/views/facts-of.ts`,
        text: "return vocabulary === undefined ? facts : understoodFacts(facts, vocabulary);",
        by: "return vocabulary === undefined ? facts : { ...facts, ...understoodFacts(facts, vocabulary) };",
      },
    ],
    test: testIn("tests/device/guidance.test.ts")("leaves the case readable and writable for everybody, and is shown"),
    outcome: "Error",
  },
  {
    name: "the-worst-known-answer-stands",
    answers: "SECURITY §3",
    off: [
      {
        file: `${casefile}/facts/careful.ts`,
        text: "return worst > 0 || !places.includes(-1) ? order[worst] : undefined;",
        by: "return !places.includes(-1) ? order[worst] : undefined;",
      },
    ],
    test: testIn(`${casefile}/facts/known.test.ts`)("that was recorded at once", "stands"),
  },
];

const closing: readonly Defence[] = [
  {
    name: "a-closing-over-what-was-seen",
    answers: poisoned,
    off: [
      {
        file: `${casefile}/authority.ts`,
        text: 'if (event.type === "CaseClosed" && closureObstacles(event, stateSeenBy(state, by), by.recordedAt).length > 0) {',
        by: 'if (event.type === "CaseClosed" && closureObstacles(event, stateSeenBy(state, by), by.recordedAt).length > 99) {',
      },
    ],
    test: closureTest("whose author had seen a high level and a running clock closes nothing, and is marked"),
  },
  {
    name: "a-transfer-that-nobody-wrote-down",
    answers: "G-CM-1",
    off: [
      {
        file: `${casefile}/closure/obstacles.ts`,
        text: 'const isHandedOver = closing.reason === "transferred" && isTransferred(state);',
        by: 'const isHandedOver = closing.reason === "transferred" || isTransferred(state);',
      },
    ],
    test: closureTest("a high level stays until another organisation has the case"),
  },
  {
    name: "an-emergency-the-closing-had-not-seen",
    answers: "G-CONS-5",
    off: [
      {
        file: `${casefile}/closure/closure.ts`,
        text: "  ...state.emergency.acted.map(({ mark }) => mark),\n  ...saidOfDanger(state),\n];",
        by: "];",
      },
    ],
    test: closureTest("an emergency act that a closing had not seen keeps the case open"),
  },
];

const times: readonly Defence[] = [
  {
    name: "due-from-first-sight",
    answers: "SECURITY §3",
    off: [
      {
        file: `${casefile}/views/due.ts`,
        text: "earlier(firstSeenAt?.(entry) ?? recordedAt, recordedAt);",
        by: "earlier(recordedAt, firstSeenAt === undefined ? recordedAt : recordedAt);",
      },
    ],
    test: dueTest("starts at the earlier of the author's clock and first sight here"),
  },
  {
    name: "a-consent-that-ended-is-still-due",
    answers: "G-CM-4",
    off: [
      {
        file: `${casefile}/consent/endings.ts`,
        text: "const standing = consentStanding(state, instantMin, whose, purpose, recipient);",
        by: "const standing = consentStanding(state, 1_795_421_000_000 as Instant, whose, purpose, recipient);",
      },
    ],
    test: dueTest("are listed at their very moment and after it"),
  },
];

const consents: readonly Defence[] = [
  {
    name: "with-the-provider-apart-from-the-stage",
    answers: withdrawn,
    off: [
      {
        file: `${casefile}/referrals/referrals.ts`,
        text: '  "stopped",\n]);',
        by: '  "stopped",\n  "closed",\n  "declined-by-survivor",\n]);',
      },
    ],
    test: lifeTest("a provider who has it is told to stop, also where the survivor refused it"),
  },
  {
    name: "decided-against-in-the-child-s-interests",
    answers: "G-CONS-3",
    off: [
      {
        file: `${casefile}/consent/require.ts`,
        text: 'if (isDecidedAgainst(asked.state, asked.purpose, asked.recipient)) return ["best-interests"];',
        by: "",
      },
    ],
    test: testIn(`${casefile}/consent/consent.test.ts`)("stands over the child's yes and a safe guardian's"),
  },
  {
    name: "nothing-at-length-once-the-file-is-refused",
    answers: withdrawn,
    off: [{ file: `${casefile}/decide.ts`, text: "if (!file.ok) return file;", by: "" }],
    test: dueTest("nothing is written at length any more"),
  },
  {
    name: "a-sent-field-nobody-agreed-to-is-marked",
    answers: withdrawn,
    off: [
      {
        file: `${casefile}/history.ts`,
        text: "return !agreed.ok || shares.some((field) => !agreed.value.mayShare.includes(field));",
        by: "return !agreed.ok || shares.length > 99;",
      },
    ],
    test: historyTest("a field that was sent, handed over or written into a letter"),
  },
];

export const defencesOfClosingAndDue: readonly Defence[] = [...facts, ...closing, ...times, ...consents];
