/** What cases wrote while the organisation stood as an epoch had left it that two persons take back (entry.md §7). */

import type { Defence } from "./defence.ts";
import { testIn } from "./shared.ts";

const answers = "SECURITY §1, a bribed insider";
const log = "packages/log/src/review.ts";
const vault = "packages/vault/src";
const reviewTest = testIn("packages/log/src/review.test.ts");
const test = testIn(`${vault}/case/meanwhile.test.ts`);
const colleaguesWords = test("takes with it no word of a colleague, under an epoch that names whom it had brought");
const underTheirKey = test(
  "takes with it no word that a colleague wrote under a key that somebody it had brought began",
);

export const defencesOfAnOrganisationTakenBack: readonly Defence[] = [
  {
    name: "taken-back-words-bar-nobody",
    answers,
    off: [{ file: log, text: "    if (ofNobody.has(entry.hash)) continue;\n", by: "" }],
    test: colleaguesWords,
  },
  {
    name: "taken-back-words-as-of-before-bar-nobody",
    answers,
    off: [
      {
        file: `${vault}/case/meanwhile.ts`,
        text: "if (isOfNobody(organisation, entry)) found.add(entry.hash);",
        by: "if (isWrittenMeanwhile(organisation, entry.header) && isOfNobody(organisation, entry)) found.add(entry.hash);",
      },
    ],
    test: test("takes with it no word of a colleague after hers that named an organisation before her"),
  },
  {
    name: "taken-back-words-count-for-nobody",
    answers,
    off: [
      {
        file: log,
        text: "!setAside.has(hash) && !voided.has(hash) && !ofNobody.has(hash);",
        by: "!setAside.has(hash) && !voided.has(hash);",
      },
    ],
    test: reviewTest("counts for nothing on any device, and bars nobody who goes on from it"),
  },
  {
    name: "taken-back-words-keep-the-order",
    answers,
    off: [
      { file: log, text: "authentic.has(entry.hash) || ofNobody.has(entry.hash);", by: "authentic.has(entry.hash);" },
    ],
    test: reviewTest("keeps what follows it in order, and makes it wait for what is not here"),
  },
  {
    name: "taken-back-words-lack-nothing-unsaid",
    answers,
    off: [
      {
        file: log,
        text: "if (ofNobody.has(link)) reached.add(link);",
        by: "if (ofNobody.has(link)) reached.has(link);",
      },
    ],
    test: reviewTest("keeps what follows it in order, and makes it wait for what is not here"),
  },
  {
    name: "taken-back-entries-fork-no-line",
    answers,
    off: [
      {
        file: log,
        text: "  if (ofNobody.size === 0) return authentic;\n  const starts",
        by: "  return authentic;\n  const starts",
      },
    ],
    test: reviewTest("holds a place in the line once somebody has written under it, and forks none by itself"),
  },
  {
    name: "taken-back-members-spoil-no-epoch",
    answers,
    off: [
      {
        file: `${vault}/case/epochs.ts`,
        text: "isMeanwhile ? knownAmong(event.members, organisation) : event.members;",
        by: "event.members;",
      },
    ],
    test: colleaguesWords,
  },
  {
    name: "taken-back-members-open-nothing",
    answers,
    off: [{ file: `${vault}/case/epochs.ts`, text: "openers.size < openersMin", by: "known.length < openersMin - 1" }],
    test: test("lets nobody in by naming it afterwards, and no single opener"),
  },
  {
    name: "taken-back-keys-open-what-others-wrote",
    answers,
    off: [
      {
        file: `${vault}/case/content.ts`,
        text: "newestFirst(isMeanwhile ? keysMeanwhile : undefined)",
        by: "newestFirst(isMeanwhile ? undefined : undefined)",
      },
    ],
    test: underTheirKey,
  },
  {
    name: "taken-back-keys-and-the-one-before",
    answers,
    off: [
      {
        file: `${vault}/case/control.ts`,
        text: "before: line.keysMeanwhile ?? keyThatStands(line)",
        by: "before: line.keysMeanwhile",
      },
    ],
    test: test("takes with it no word of a colleague who could not read it, and wrote under the key before"),
  },
  {
    name: "taken-back-keys-verify",
    answers,
    off: [{ file: `${vault}/organisation/read.ts`, text: "  keepKeys(line, organisation);\n", by: "" }],
    test: colleaguesWords,
  },
  {
    name: "taken-back-keys-verify-nothing-later",
    answers,
    off: [
      {
        file: `${vault}/case/verify.ts`,
        text: "isWrittenMeanwhile(organisation, header) ? keysPassedOver",
        by: "header.counter > 0 ? keysPassedOver",
      },
    ],
    test: test("lets nobody in by naming it afterwards, and no single opener"),
  },
  {
    name: "taken-back-words-may-be-a-no",
    answers,
    off: [
      {
        file: `${vault}/case/read.ts`,
        text: "    ...takenBack,\n    ...reviewed.newer,",
        by: "    ...reviewed.newer,",
      },
    ],
    test: test(
      "closes what rests on consent until a supervisor has left the words that it took with it: one may be a no",
    ),
  },
  {
    name: "taken-back-words-are-shown",
    answers,
    off: [{ file: "packages/device/src/access/held-back.ts", text: "if (!isTakenBack && ", by: "if (" }],
    test: testIn("tests/device/passed-over.test.ts")(
      "takes no colleague's words with it; those of whom it had brought are shown, and wait for a supervisor",
    ),
  },
];
