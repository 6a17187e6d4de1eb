/** What somebody had not seen, or would have others not see: closings, an opening taken back, floods, spoiled copies. */

import type { Defence } from "./defence.ts";
import { serverTestOf, testIn } from "./shared.ts";

const casefile = "packages/casefile/src";
const device = "packages/device/src";
const inCare = "SECURITY §3";
const flooded = "SECURITY §6.2";
const unseenTest = testIn(`${casefile}/closure/unseen.test.ts`);
const dueTest = testIn(`${casefile}/views/due.test.ts`);
const responsibilityTest = testIn(`${casefile}/responsibility/responsibility.test.ts`);
const registerTest = testIn(`${casefile}/register.test.ts`);
const takenBackTest = testIn("tests/hostile/member-entry.test.ts")(
  "takes back no level they raised, no consent they recorded as withdrawn and no contact they found unsafe",
);
const noTakenBackTest = testIn("tests/hostile/member-entry.test.ts")(
  "takes back no answer of no, and no decision against that a supervisor approved; a yes they do",
);
const openOrOwed = unseenTest("leaves the case open, or lists what it owes");

const closings: readonly Defence[] = [
  {
    name: "danger-the-closing-had-not-seen",
    answers: inCare,
    off: [
      {
        file: `${casefile}/closure/closure.ts`,
        text: "  ...standing(saidOfDanger(state)).map(({ mark }) => mark),\n];",
        by: "];",
      },
      // A second layer asks whether anybody has weighed it.
      { file: `${casefile}/closure/closure.ts`, text: " || dangersNotWeighed(state).length > 0;", by: ";" },
    ],
    test: openOrOwed,
  },
  {
    name: "danger-over-before-or-after-the-closing",
    answers: inCare,
    off: [
      {
        file: `${casefile}/closure/closure.ts`,
        text: "fileWithdrawals(consent), saidOfDanger(state)];",
        by: "fileWithdrawals(consent), standing(saidOfDanger(state))];",
      },
    ],
    test: unseenTest("that danger is over is the same whether that was told before it or after"),
  },
  {
    name: "a-clock-the-closing-had-not-seen",
    answers: inCare,
    off: [
      {
        file: `${casefile}/closure/closure.ts`,
        text: "runningClocks(state).length > 0 || ",
        by: "",
      },
    ],
    test: openOrOwed,
  },
  {
    name: "a-referral-the-closing-had-not-seen",
    answers: "G-CM-3",
    off: [
      {
        file: `${casefile}/views/due.ts`,
        text: "...referrals(terms),\n    ...providersToBeStopped",
        by: "...providersToBeStopped",
      },
    ],
    test: openOrOwed,
  },
  {
    name: "a-proposal-the-closing-had-not-seen",
    answers: inCare,
    off: [
      {
        file: `${casefile}/views/due.ts`,
        text: "    ...approvals(terms),\n    ...referrals(terms),\n    ...providersToBeStopped",
        by: "    ...referrals(terms),\n    ...providersToBeStopped",
      },
    ],
    test: openOrOwed,
  },
  {
    name: "a-closed-case-is-opened-again-while-unread",
    answers: inCare,
    off: [
      { file: `${casefile}/command.ts`, text: '  "ReopenCase",\n  "RecordCopy",\n]);', by: '  "RecordCopy",\n]);' },
    ],
    test: testIn(`${casefile}/bounds.test.ts`)(
      "a closed case can be opened again, for there the safety plan is closed",
    ),
  },
];

const records: readonly Defence[] = [
  {
    name: "outdated-stands-over-assessed-at-once",
    answers: inCare,
    off: [
      {
        file: `${casefile}/assessments/assessments.ts`,
        text: "stands.some(({ value }) => isOutdated(value))",
        by: "stands.every(({ value }) => isOutdated(value))",
      },
    ],
    test: testIn(`${casefile}/pairs.test.ts`)(
      "both orders end the same, both stand in the history, and the careful one",
    ),
  },
  {
    name: "every-outdated-assessment-is-due",
    answers: "G-CM-4",
    off: [
      {
        file: `${casefile}/views/due.ts`,
        text: "assessmentKinds.flatMap(",
        by: "assessmentKinds.slice(0, 2).flatMap(",
      },
    ],
    test: dueTest("is due again once it was found outdated"),
  },
  {
    name: "no-note-is-added-to-once-the-file-is-refused",
    answers: "G-CONS-2",
    off: [{ file: `${casefile}/decide.ts`, text: '  "CorrectNote",\n]);\n\ntype Subject', by: "]);\n\ntype Subject" }],
    test: dueTest("once it is taken back no note is added to"),
  },
  {
    name: "who-has-the-case-is-told-to-stop",
    answers: "G-CONS-2",
    off: [
      {
        file: `${casefile}/views/due.ts`,
        text: "    ...organisationsToBeStopped(terms),\n    ...recipientsToBeTold(terms),\n    ...agencies(terms),\n    ...requestsToTakeBack(terms),\n    ...(isNewlyRefused",
        by: "    ...recipientsToBeTold(terms),\n    ...agencies(terms),\n    ...requestsToTakeBack(terms),\n    ...(isNewlyRefused",
      },
    ],
    test: responsibilityTest("when the consent it rested on is withdrawn, that organisation is to be told to stop"),
  },
  {
    name: "who-was-told-to-stop-has-the-case-no-more",
    answers: "G-CONS-2",
    off: [{ file: `${casefile}/closure/closure.ts`, text: "!transfer.isStopped &&", by: "" }],
    test: responsibilityTest("an organisation that has not been told to stop keeps the case open"),
  },
  {
    name: "what-another-organisation-holds-keeps-open",
    answers: "G-CONS-2",
    off: [{ file: `${casefile}/closure/obstacles.ts`, text: " || isHeldElsewhere", by: "" }],
    test: responsibilityTest("an organisation that has not been told to stop keeps the case open"),
  },
  {
    name: "a-clock-ahead-hides-no-past",
    answers: "G-CM-4",
    off: [
      {
        file: `${casefile}/views/as-of.ts`,
        text: "envelope.recordedAt > moment && seenAt > moment;",
        by: "envelope.recordedAt > moment && seenAt !== undefined;",
      },
    ],
    test: testIn(`${casefile}/views/views.test.ts`)("a clock that runs years ahead hides nothing that followed it"),
  },
];

const floods: readonly Defence[] = [
  {
    name: "member-takes-back-the-opening",
    answers: flooded,
    off: [
      {
        file: `${casefile}/opening/opening.ts`,
        text: 'isOpened(state) || state.history.some(({ standing }) => standing.kind === "counts");',
        by: "isOpened(state);",
      },
    ],
    test: testIn("tests/hostile/member-entry.test.ts")(
      "in the place of the one that opened the case makes it vanish from nobody's list",
    ),
  },
  {
    name: "member-takes-back-a-level",
    answers: flooded,
    off: [
      {
        file: `${device}/case/opened-case.ts`,
        text: "return events.length === 0 ? [] : [{ ...says.opened, events }];",
        by: "return [];",
      },
    ],
    test: takenBackTest,
  },
  {
    name: "member-takes-back-a-no",
    answers: inCare,
    off: [{ file: `${casefile}/event.ts`, text: 'return event.answer === "no";', by: "return false;" }],
    test: noTakenBackTest,
  },
  {
    name: "member-takes-back-a-decision-against",
    answers: inCare,
    off: [{ file: `${casefile}/event.ts`, text: 'return event.decision === "do-not" &&', by: "return false &&" }],
    test: noTakenBackTest,
  },
  {
    name: "another-proposal-stands-in-for-what-was-approved",
    answers: inCare,
    off: [{ file: `${casefile}/event.ts`, text: " && said.filter(isProposal).length === 1;", by: ";" }],
    test: noTakenBackTest,
  },
  {
    name: "what-was-said-twice-and-is-kept-back-closes",
    answers: inCare,
    off: [
      {
        file: "packages/vault/src/case/read.ts",
        text: "...asked.filter((entry) => isUnread(entry, history, control))",
        by: "...entries.filter((entry) => isUnread(entry, history, control))",
      },
    ],
    test: testIn("packages/vault/src/case/said-twice.test.ts")("closes what rests on consent where the server keeps"),
  },
  {
    name: "what-was-said-twice-has-room-in-a-full-cut",
    answers: flooded,
    off: [
      {
        file: "packages/vault/src/case/control.ts",
        text: "isWhole && epoch.cut.length < hashesPerListMax",
        by: "isWhole",
      },
    ],
    test: testIn("packages/vault/src/case/said-twice.test.ts")(
      "left no room for it in the cut of whoever takes them out",
    ),
  },
  {
    name: "what-was-said-twice-and-is-newer-closes",
    answers: inCare,
    off: [
      {
        file: `${device}/case/opened-case.ts`,
        text: "newerAmong(reading, [...judged, ...aside])",
        by: "newerAmong(reading, judged)",
      },
    ],
    test: testIn("tests/device/unread.test.ts")("closes the same where its author signed that counter twice"),
  },
  {
    name: "what-was-said-twice-is-accepted-by-a-cut",
    answers: flooded,
    off: [
      { file: "packages/log/src/review.ts", text: "isCounted(hash) || isSaidTwiceOnly(hash);", by: "isCounted(hash);" },
    ],
    test: takenBackTest,
  },
  {
    name: "what-was-said-twice-can-be-answered",
    answers: flooded,
    off: [
      {
        file: `${device}/case/opened-case.ts`,
        text: "const seen = [...read, ...halves.map(({ hash }) => hash)];",
        by: "const seen = read;",
      },
    ],
    test: takenBackTest,
  },
  {
    name: "only-what-is-careful-counts-though-said-twice",
    answers: flooded,
    off: [
      {
        file: `${casefile}/event.ts`,
        text: "    default:\n      return false;",
        by: "    default:\n      return true;",
      },
    ],
    test: takenBackTest,
  },
  {
    name: "member-floods-a-register",
    answers: flooded,
    off: [
      {
        file: `${casefile}/register.ts`,
        text: "return kept.filter((version) => !before.has(version));",
        by: "return kept.filter((version) => !versionsBefore(register ?? [], (one) => among.has(one)).has(version) && before.size >= 0);",
      },
    ],
    test: registerTest("what stands before something is found in one walk, however much was said"),
  },
  {
    name: "member-floods-an-entry",
    answers: flooded,
    off: [
      {
        file: `${casefile}/register.ts`,
        text: "if (own !== undefined) return register.map((version) => (version === own ? followedBy(own, by) : version));",
        by: "",
      },
    ],
    test: registerTest("an entry is asked once for all its events what its author had seen of others"),
  },
  {
    name: "member-floods-a-row-of-the-caseload",
    answers: flooded,
    off: [
      {
        file: `${device}/case/caseload.ts`,
        text: "fit.length > indexPartBytesMax && count > 0;",
        by: "fit.length < 0 && count > 0;",
      },
    ],
    test: testIn("tests/hostile/member-entry.test.ts")(
      "sends referrals to more providers than the caseload has room for, and keeps nobody from reading and writing",
    ),
    outcome: "Error: A part of the index does not fit its box.",
  },
  {
    name: "member-floods-with-new-things",
    answers: flooded,
    off: [{ file: `${casefile}/register.ts`, text: "  growing.add(changed);\n", by: "" }],
    test: registerTest("each of very many new notes is put in its place once, and not again for each note after it"),
  },
  {
    name: "a-fold-leaves-what-it-filled-in-order",
    answers: inCare,
    off: [
      {
        file: `${casefile}/register.ts`,
        text: "const isGrown = part instanceof Map && growing.has(part);",
        by: "const isGrown = part instanceof Map && !growing.has(part);",
      },
    ],
    test: registerTest("what a fold goes on from never changes, and what it leaves is in order"),
  },
  {
    name: "a-fold-changes-nothing-it-was-given",
    answers: inCare,
    off: [
      {
        file: `${casefile}/register.ts`,
        text: "growing?.has(map) === true",
        by: "growing !== undefined && map.size > 0",
      },
    ],
    test: registerTest("what a fold goes on from never changes, and what it leaves is in order"),
  },
  {
    name: "member-says-much-at-once",
    answers: flooded,
    off: [{ file: `${device}/case/opened-case.ts`, text: " || parsed.length > eventsPerCommandMax", by: "" }],
    test: testIn("tests/hostile/member-entry.test.ts")(
      "that says more than any command does is damage, and nothing of it counts",
    ),
  },
  {
    name: "server-fills-the-copies",
    answers: "SECURITY §6.1",
    off: [
      {
        file: `${device}/logs/held-log.ts`,
        text: "if (crowded.length > 0) return withRoomMade(log, arrived, crowded, at);",
        by: "if (crowded.length > 0) return { log, changes: [], taken: [] };",
      },
    ],
    test: serverTestOf(
      "spoils a signature otherwise after each unlocking keeps nobody from the entry once it is honest",
    ),
  },
  {
    name: "copies-are-told-by-their-signatures",
    answers: "SECURITY §6.1",
    off: [
      {
        file: `${device}/logs/read.ts`,
        text: 'isEachOnce || received.kind === "newer"',
        by: "isEachOnce || log.hashes.size > 0",
      },
    ],
    test: serverTestOf(
      "spoils a signature otherwise after each unlocking keeps nobody from the entry once it is honest",
    ),
  },
  {
    name: "cases-under-a-spoiled-organisation-are-read-anew",
    answers: "SECURITY §6.1",
    off: [
      {
        file: `${device}/logs/read.ts`,
        text: "unreadable.length > 0 || review.unauthentic.size > 0",
        by: "unreadable.length > 0 || review.unauthentic.size > 1_000",
      },
    ],
    test: serverTestOf("of the organisation's own log keeps no case from what is due, once it is honest"),
  },
];

export const defencesOfTheUnseen: readonly Defence[] = [...closings, ...records, ...floods];
