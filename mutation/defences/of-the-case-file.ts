/** What the case file refuses, whatever a screen does: what was not weighed, told or asked first, and what cannot be so. */

import type { Defence, Replacement } from "./defence.ts";
import { testIn } from "./shared.ts";

const casefile = "packages/casefile/src";
const boundsTest = testIn(`${casefile}/bounds.test.ts`);
const inFile = (file: string, text: string, by: string): Replacement => ({ file: `${casefile}/${file}`, text, by });

export const defencesOfTheCaseFile: readonly Defence[] = [
  {
    name: "casefile-risk-weighed-for-the-agency",
    answers: "G-LAW-2",
    off: [
      inFile(
        "law/decide.ts",
        'if (legalRiskOf(state, command.agency) !== "stands") return err({ type: "AgencyNotAssessed" });',
        "",
      ),
    ],
    test: boundsTest("no step is taken to an agency for which nobody has weighed them"),
  },
  {
    name: "casefile-limits-in-words-for-a-child",
    answers: "G-CONS-5",
    off: [
      inFile(
        "opening/opening.ts",
        'return factValue(state, "age") === "child" ? wordings.includes("child") : wordings.length > 0;',
        "return wordings.length > 0;",
      ),
    ],
    test: boundsTest("a child has heard them only in the words for a child"),
  },
  {
    name: "casefile-second-person-says-why",
    answers: "G-CONS-5",
    off: [
      inFile(
        "approvals/decide.ts",
        'if (command.what === "emergency" && command.because === undefined) {',
        'if (command.what === "emergency" && command.because === "") {',
      ),
    ],
    test: boundsTest("the second person of an emergency records why"),
  },
  {
    name: "casefile-no-letter-while-unread",
    answers: "SECURITY §3",
    off: [
      inFile(
        "command.ts",
        'openWhileUnread.has(command.type) && !(command.type === "RecordCopy" && command.copy === "referral-letter"));',
        "openWhileUnread.has(command.type));",
      ),
    ],
    test: testIn("tests/device/unread.test.ts")("of a kind of event that this device does not know is named"),
  },
  {
    name: "casefile-first-check-that-found-it-gone",
    answers: "G-DIG-4",
    off: [inFile("takedowns/takedowns.ts", "moment < first ? moment : first", "moment > first ? moment : first")],
    test: boundsTest("end with the first check that found it gone"),
  },
  {
    name: "casefile-no-name-as-a-code",
    answers: "SECURITY §1",
    off: [
      inFile(
        "opening/opening.ts",
        "/^(?:[A-Z]{2,3}-)?20[0-9]{2}-(?=[A-Z]*[0-9])[0-9BCDFGHJKLMNPQRSTVWXZ]{4,8}$/",
        "/^[A-Z0-9-]{4,32}$/",
      ),
    ],
    test: boundsTest("its code is of the form that the app makes, and holds no name"),
  },
  {
    name: "casefile-search-before-open",
    answers: "SECURITY §1",
    off: [
      inFile(
        "opening/opening.ts",
        "command.searchedAt <= now && command.searchedAt > now - searchDaysMax * millisecondsPerDay;",
        "command.searchedAt <= now;",
      ),
    ],
    test: boundsTest("its search is not older than a week"),
  },
  {
    name: "casefile-incident-after-it-happened",
    answers: "G-CM-4",
    off: [
      inFile(
        "incident/incident.ts",
        "happenedOn !== undefined && happenedOn > reportedOn",
        "happenedOn === reportedOn + 1",
      ),
    ],
    test: boundsTest("is not reported on a day that has begun nowhere, nor before it happened"),
  },
  {
    name: "casefile-declined-is-offered-anew",
    answers: "G-CM-4",
    off: [
      inFile(
        "responsibility/responsibility.ts",
        'if (isDeclined(state, command.offer)) return err({ type: "StepNotPossible", from: "declined" });',
        "",
      ),
    ],
    test: boundsTest("is offered anew before it is accepted"),
  },
  {
    name: "casefile-offered-to-somebody",
    answers: "G-CM-4",
    off: [
      {
        file: "packages/device/src/case/tell.ts",
        text: 'if (isForNobody(named, organisation?.current)) return err({ type: "NotThere" });',
        by: "",
      },
    ],
    test: testIn("tests/device/cases.test.ts")(
      "takes a command that names a draft by the name it had before it was sealed",
    ),
  },
  {
    name: "password-of-known-words",
    answers: "SECURITY §2",
    off: [
      {
        file: "packages/vault/src/password.ts",
        text: 'const text = withoutKnown(characters.join("").toLowerCase());',
        by: 'const text = characters.join("").toLowerCase();',
      },
    ],
    test: testIn("packages/vault/src/account.test.ts")(
      "of one's own is too simple where it is made of places, names, years or rows of keys",
    ),
  },
  {
    name: "casefile-forced-yes-takes-no-refusal-back",
    answers: "G-CONS-4",
    off: [inFile("consent/standing.ts", "isRefusal(value) || flawsOf(value, instantMin).length === 0;", "true;")],
    test: testIn(`${casefile}/consent/consent.test.ts`)("stands though a yes under pressure came after it"),
  },
  {
    name: "casefile-forced-report-takes-no-decision-back",
    answers: "G-LAW-3",
    off: [inFile("law/law.ts", "law.decided.filter(({ value }) => !isForced(value)),", "law.decided,")],
    test: testIn(`${casefile}/acts.test.ts`)(
      "a decision to report that was not voluntary takes back none not to report",
    ),
  },
  {
    name: "casefile-erased-limit-of-a-consent",
    answers: "G-CONS-2",
    off: [
      inFile(
        "views/without.ts",
        "if (asItIs.value.limits.some((limit) => !then.value.limits.includes(limit))) return true;",
        "",
      ),
    ],
    test: testIn(`${casefile}/views/without.test.ts`)("a consent without a limit"),
  },
  {
    name: "casefile-erased-way-of-contact",
    answers: "G-FRAME-6",
    off: [inFile("views/without.ts", "then.agreed.some(isBack)", "then.agreed.slice(0, 0).some(isBack)")],
    test: testIn(`${casefile}/views/without.test.ts`)("a number that was changed"),
  },
  {
    name: "casefile-erased-refusal-of-a-referral",
    answers: "G-CM-3",
    off: [inFile("views/older-words.ts", 'asItIs.stage === "declined-by-survivor" || ', "")],
    test: testIn(`${casefile}/views/without.test.ts`)("a referral that she refused before it went out"),
  },
  {
    name: "casefile-erased-words-of-a-referral",
    answers: "G-CM-3",
    off: [
      inFile(
        "views/older-words.ts",
        "areNew(then.prepared, asItIs.prepared)",
        "areNew(then.prepared.slice(0, 0), asItIs.prepared)",
      ),
    ],
    test: testIn(`${casefile}/views/without.test.ts`)("what a referral was to tell, until nobody can send it"),
  },
];
