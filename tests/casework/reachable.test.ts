/** Everything that a case file can be told is offered on a screen: over invented histories, no act is left that nobody can reach. */

import { subjectOf } from "@amana/casefile";
import { expect, test } from "vitest";
import { sections } from "../../apps/casework/src/case/screen.ts";
import { caseViewOf } from "../../apps/casework/src/worker/views/section.ts";
import { lookedAt } from "./looked-at.ts";
import { actsIn } from "./seen.ts";

/** These have a screen of their own; browser tests walk through each. */
const elsewhere = {
  OpenCase: "a new case",
  RecordFact: "a question",
  RecordConsent: "asking for consent",
  RecordAssent: "asking for consent",
  RecordGuardianConsent: "asking for consent",
  RecordCopy: "a paper or a file",
} as const;

test("every act of the case file is offered somewhere, to a caseworker or a supervisor", () => {
  const offered = new Set<string>(Object.keys(elsewhere));
  for (const seen of lookedAt())
    for (const section of sections) for (const { form } of actsIn(caseViewOf(seen, section).section)) offered.add(form);
  expect(Object.keys(subjectOf).filter((command) => !offered.has(command))).toEqual([]);
});
