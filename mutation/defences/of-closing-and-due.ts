/** What the case file keeps to whoever writes into it: facts that nobody understands, closings, consent. */

import type { Defence } from "./defence.ts";
import { testIn } from "./shared.ts";

const casefile = "packages/casefile/src";
const poisoned = "SECURITY §6.2";
const withdrawn = "G-CONS-2";
const closureTest = testIn(`${casefile}/closure/closure.test.ts`);
const actsTest = testIn(`${casefile}/acts.test.ts`);
const dueTest = testIn(`${casefile}/views/due.test.ts`);
const historyTest = testIn(`${casefile}/history.test.ts`);
const referralTest = testIn(`${casefile}/referrals/referrals.test.ts`);

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
    name: "newer-guidance-makes-rows-anew",
    answers: poisoned,
    off: [
      {
        file: "packages/device/src/case/due-policy.ts",
        text: "${guidanceMark(guidance)}${passedOverMark",
        by: "${guidanceMark({})}${guidance.version === undefined ? '' : ''}${passedOverMark",
      },
    ],
    test: testIn("tests/device/guidance.test.ts")("is asked again no more once newer guidance understands it"),
  },
  {
    name: "an-export-names-what-it-leaves-out",
    answers: poisoned,
    off: [
      {
        file: "packages/device/src/case/case-view.ts",
        text: "exportCase(folded.state, unlocked.now(), access, folded.opened.marks);",
        by: "exportCase(folded.state, unlocked.now(), access, []);",
      },
    ],
    test: testIn("tests/device/unread.test.ts")("of a kind of event that this device does not know is named"),
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
        text: "  ...state.emergency.acted.map(({ mark }) => mark),\n  ...emergenciesOf(state).flatMap(({ helpAwaited }) => helpAwaited),\n  ...standing(saidOfDanger(state)).map(({ mark }) => mark),\n];",
        by: "];",
      },
    ],
    test: closureTest("an emergency act that a closing had not seen keeps the case open"),
    // The danger keeps it open too; once it is over the earlier closing counts again, and there is nothing left to close.
    outcome: 'Error: CloseCase was refused: {"type":"CaseIsClosed"}',
  },
  {
    name: "who-has-something-in-hand-is-erased",
    answers: "G-CONS-2",
    off: [
      {
        file: `${casefile}/views/without.ts`,
        text: "holdersIn(before, now).some((holder) => !kept.has(holder));",
        by: "holdersIn(before, now).some((holder) => kept.size < 0 && !kept.has(holder));",
      },
    ],
    test: testIn(`${casefile}/views/without.test.ts`)("who has something of hers in hand, until they have it no more"),
  },
  {
    name: "no-help-the-closing-had-not-seen",
    answers: "G-CM-3",
    off: [
      {
        file: `${casefile}/closure/closure.ts`,
        text: "  ...emergenciesOf(state).flatMap(({ helpAwaited }) => helpAwaited),\n",
        by: "",
      },
    ],
    test: testIn(`${casefile}/closure/unseen.test.ts`)("leaves the case open (G-CM-3)"),
  },
  {
    name: "no-high-level-left-to-nobody",
    answers: "G-SAFE-5",
    off: [
      {
        file: `${casefile}/closure/closure.ts`,
        text: "closings.some(isTransfer) && isTransferred(state);",
        by: "closings.some(isTransfer);",
      },
    ],
    test: closureTest("a high level is left to nobody"),
  },
  {
    name: "worse-that-the-closing-had-not-seen",
    answers: "G-CM-4",
    off: [
      {
        file: `${casefile}/views/due.ts`,
        text: "worseNotWeighed(state).filter((mark) => !hasClosingSeen(state, mark))",
        by: "worseNotWeighed(state).filter(() => false)",
      },
    ],
    test: testIn(`${casefile}/closure/unseen.test.ts`)("that something had got worse says that it is owed"),
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
    name: "a-contact-at-which-it-was-worse-is-due",
    answers: "G-CM-4",
    off: [
      {
        file: `${casefile}/risk/weighed.ts`,
        text: "marks.filter((mark) => !weighed.has(nameOf(mark)))",
        by: "marks.filter((mark) => !weighed.has(nameOf(mark)) && mark.index > 999)",
      },
    ],
    test: testIn(`${casefile}/follow-ups/follow-ups.test.ts`)("told twice, is due since the first time; corrected"),
  },
  {
    name: "after-an-emergency-somebody-asks-for-help",
    answers: "G-CM-3",
    off: [
      {
        file: `${casefile}/emergency/emergency.ts`,
        text: "helpAwaited: last.length === 0 ? [mark] : open",
        by: "helpAwaited: open",
      },
    ],
    test: testIn(`${casefile}/acts.test.ts`)("somebody asks whether help came, until it did"),
  },
  {
    name: "after-an-emergency-the-person-is-told",
    answers: "G-CONS-5",
    off: [
      {
        file: `${casefile}/emergency/emergency.ts`,
        text: 'isPersonTold: value.personTold.kind === "told" ||',
        by: "isPersonTold: value.personTold.kind.length > 0 ||",
      },
    ],
    test: testIn(`${casefile}/acts.test.ts`)("somebody asks whether help came, until it did"),
  },
  {
    name: "who-has-what-may-be-used-no-longer-is-told",
    answers: "G-CONS-2",
    off: [
      {
        file: `${casefile}/sharing/sharing.ts`,
        text: "!mayShare.includes(field) && isInUse(",
        by: "mayShare.length > 999 && isInUse(",
      },
    ],
    test: testIn(`${casefile}/sharing/sharing.test.ts`)("is to be told what may be used no longer, at once"),
  },
  {
    name: "a-level-carries-its-own-hours",
    answers: "S-6",
    off: [
      {
        file: `${casefile}/risk/risk.ts`,
        text: "return actWithinHours === null || (ofLevel !== null && ofLevel < actWithinHours) ? ofLevel : actWithinHours;",
        by: "return ofLevel === 99 ? ofLevel : actWithinHours;",
      },
    ],
    test: testIn(`${casefile}/risk/risk.test.ts`)("whoever wrote it, is to be acted on within"),
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
    test: referralTest("a provider who has it is told to stop, also where the survivor refused it"),
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
    name: "no-words-beside-what-happened-once-the-file-is-refused",
    answers: withdrawn,
    off: [{ file: `${casefile}/decide.ts`, text: "if (!words.ok) return words;", by: "" }],
    test: dueTest("what happened since is written down without the survivor's words"),
  },
  {
    name: "such-words-are-marked",
    answers: withdrawn,
    off: [
      {
        file: `${casefile}/history.ts`,
        text: "const isAtLength = writtenAtLength.has(event.type) || hasWordsAtLength(event);",
        by: "const isAtLength = writtenAtLength.has(event.type) || (hasWordsAtLength(event) && by.index > 99);",
      },
    ],
    test: historyTest("names and notes before anybody agreed to a file"),
  },
  {
    name: "an-agency-is-told-when-the-consent-is-withdrawn",
    answers: withdrawn,
    off: [
      {
        file: `${casefile}/law/law.ts`,
        text: 'if (!isDecidedAgainst && isAgreed(state, instantMin, "law", agency)) return [];',
        by: "if (!isDecidedAgainst) return [];",
      },
    ],
    test: actsTest("an agency that has the matter is told when the consent is withdrawn"),
  },
  {
    name: "an-agency-is-told-until-she-stepped-back-from-it",
    answers: withdrawn,
    off: [
      {
        file: `${casefile}/law/law.ts`,
        text: "addTo(state.happenedByAgency, event.agency, event, by)",
        by: "addTo(state.happenedByAgency, [...state.happenedByAgency.keys()][0] ?? event.agency, event, by)",
      },
    ],
    test: actsTest("an agency that has the matter is told when the consent is withdrawn"),
  },
  {
    name: "member-floods-with-agencies",
    answers: poisoned,
    off: [
      {
        file: `${casefile}/law/law.ts`,
        text: "versionsBefore(happened, ({ value }) => isStepBack(value))",
        by: "versionsBefore(lawHappened(state), ({ value }) => isStepBack(value))",
      },
    ],
    test: testIn(`${casefile}/register.test.ts`)("which agencies must be told is found in one walk for each"),
  },
  {
    name: "no-step-to-law-enforcement-while-something-is-unread",
    answers: "SECURITY §3",
    off: [
      {
        file: `${casefile}/command.ts`,
        text: "  isStepBack(command) ||\n  (openWhileUnread",
        by: '  command.type === "RecordLawStep" ||\n  (openWhileUnread',
      },
    ],
    test: testIn(`${casefile}/bounds.test.ts`)("no step to law enforcement is recorded, but that she stepped back"),
  },
  {
    name: "a-request-no-longer-agreed-is-asked-about",
    answers: withdrawn,
    off: [
      {
        file: `${casefile}/takedowns/takedowns.ts`,
        text: "isToBeTakenBack: !isOver && !isAgreedAt(instantMin),",
        by: "isToBeTakenBack: !isOver && !isAgreedAt(instantMin) && !isAgreedAt(now) && checks.length > 99,",
      },
    ],
    test: actsTest("a request that waits when the consent is withdrawn is taken back or left"),
  },
  {
    name: "a-complaint-is-withdrawn-in-a-closed-case",
    answers: withdrawn,
    off: [
      {
        file: `${casefile}/decide.ts`,
        text: "possibleWhenClosed.has(command.type) || isStepBack(command);",
        by: "possibleWhenClosed.has(command.type);",
      },
    ],
    test: actsTest("in a closed case too she may step back"),
    outcome: "Error",
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
