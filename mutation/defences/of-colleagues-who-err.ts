/** What a colleague who means well does at a screen, and the rules below it keep from doing harm. */

import type { Defence } from "./defence.ts";
import { testIn } from "./shared.ts";

export const defencesOfColleaguesWhoErr: readonly Defence[] = [
  {
    name: "nobody-decides-for-an-adult",
    answers: "G-CONS-3",
    off: [
      {
        file: "packages/casefile/src/consent/decide.ts",
        text: 'const isAdult = (state: CaseState): boolean => ageOf(state) === "adult";',
        by: 'const isAdult = (state: CaseState): boolean => String(ageOf(state)) === "nobody";',
      },
    ],
    test: testIn("packages/casefile/src/consent/consent.test.ts")("nobody decides in the place of an adult"),
  },
  {
    name: "a-listing-replaces-only-what-was-seen",
    answers: "G-MH-6",
    off: [
      {
        file: "packages/device/src/access/organisation-act.ts",
        text: 'if (!isStillMeant(before)) return err({ type: "ChangedSince" });',
        by: 'if (!isStillMeant(before) && teamWraps.length > 0) return err({ type: "ChangedSince" });',
      },
    ],
    test: testIn("tests/device/directory.test.ts")("refuses what was written over another word"),
  },
  {
    name: "a-tool-is-open-with-its-request",
    answers: "G-CONS-2",
    off: [
      {
        file: "apps/casework/src/worker/views/content.ts",
        text: "return { id: tool, isOpen: request.closed === undefined, act: request };",
        by: 'return { id: tool, isOpen: request.closed?.type !== "GateClosed", act: request };',
      },
    ],
    test: testIn("tests/casework/views.test.ts")("a tool is open only where the request with it is"),
  },
];
