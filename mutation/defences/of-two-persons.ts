/** What takes two persons, or a supervisor, and what tells people that somebody went around them (SECURITY §2, §3). */

import type { Defence, Replacement } from "./defence.ts";
import { testIn } from "./shared.ts";

const vault = "packages/vault/src";
const caseTest = testIn(`${vault}/case/supervised.test.ts`);
const personsTest = testIn(`${vault}/organisation/two-persons.test.ts`);
const organisationTest = testIn(`${vault}/organisation/organisation.test.ts`);
const placesTest = testIn(`${vault}/organisation/places.test.ts`);
const deviceTest = testIn("tests/device/supervised.test.ts");
const evolve = (text: string, by: string): Replacement => ({ file: `${vault}/organisation/evolve.ts`, text, by });
const control = (text: string, by: string): Replacement => ({ file: `${vault}/case/control.ts`, text, by });

const whoeverWasBroughtIsNobodyYet: Replacement = {
  file: `${vault}/organisation/two-persons.ts`,
  text: "return standOf(standIns, one) !== standOf(standIns, other);",
  by: "return standIns.size === 0 || one !== other;",
};

export const defencesOfTwoPersons: readonly Defence[] = [
  {
    name: "authority-epoch-keeps-supervisors",
    answers: "SECURITY §2",
    off: [
      {
        file: `${vault}/case/epochs.ts`,
        text: 'if (!author.roles.has("supervisor") && !keepsSupervisors(known, organisation, before)) return undefined;',
        by: "",
      },
    ],
    test: caseTest("keeps every supervisor who was a member; a supervisor may leave one out"),
  },
  {
    name: "authority-taken-out-is-told",
    answers: "SECURITY §2",
    off: [
      {
        file: "packages/device/src/logs/tell-readers.ts",
        text: '      if (row.openers.length > 0) unlocked.tellPerson({ type: "TakenOut", logId });\n',
        by: "",
      },
    ],
    test: deviceTest("is told as well where the server hands out nothing of the case any more"),
  },
  {
    name: "made-up-cases-take-nobody-out",
    answers: "SECURITY §6.1",
    off: [
      {
        file: "packages/device/src/logs/tell-readers.ts",
        text: "if (row.openers.length > 0) unlocked.tellPerson",
        by: "unlocked.tellPerson",
      },
    ],
    test: testIn("tests/device/before-organisation.test.ts")(
      "keys that do not come",
      "leave a case of which nobody is told that they were taken out, as a server could make them up",
    ),
  },
  {
    name: "authority-taken-out-is-told-among-many",
    answers: "SECURITY §2",
    off: [
      {
        file: "packages/device/src/logs/listing.ts",
        text: "const count = isAll ? unlisted.count : countThatFits([...positions.keys()], unlisted);",
        by: "const count = isAll ? unlisted.count : countThatFits([], { ...unlisted, count: 0 });",
      },
    ],
    test: testIn("tests/device/large-caseload.test.ts")(
      "is listed by and by, so that whoever was taken out of a case is told",
    ),
  },
  {
    name: "authority-brought-colleague-confirms-nothing",
    answers: "SECURITY §2",
    off: [whoeverWasBroughtIsNobodyYet],
    test: personsTest("does not confirm with that colleague, until a supervisor has met them"),
  },
  {
    name: "authority-brought-colleague-erases-nothing",
    answers: "SECURITY §3",
    off: [whoeverWasBroughtIsNobodyYet],
    test: deviceTest("erases nothing with them until a supervisor has met that colleague"),
  },
  {
    name: "authority-keys-of-a-colleague-by-two",
    answers: "SECURITY §2",
    off: [
      evolve(
        'if (event.type === "KeysReplaced") return presentPeople(organisation).filter(hasCaseRole).length === 1;',
        'if (event.type === "KeysReplaced") return presentPeople(organisation).filter(hasCaseRole).length > 0;',
      ),
    ],
    test: organisationTest("gives a colleague other keys only with somebody else who has a part in cases"),
  },
  {
    name: "authority-confirmed-by-whoever-opens-those-cases",
    answers: "SECURITY §2",
    off: [evolve("if (opening.length > 0) return opening.some(({ id }) => id === by.id);", "")],
    test: placesTest("are confirmed by a supervisor of that team, and by no supervisor of another"),
  },
  {
    name: "authority-oldest-place-decides",
    answers: "SECURITY §2",
    off: [
      {
        file: `${vault}/organisation/places.ts`,
        text: "return [...supervised, ...own].map(({ team }) => team);",
        by: "return [...supervised, ...own].map(({ team }) => team).reverse();",
      },
    ],
    test: placesTest("are not confirmed by whoever has formed another team around them"),
  },
  {
    name: "authority-team-lets-go-of-its-own",
    answers: "SECURITY §2",
    off: [
      evolve(
        "return isSupervisor && before.teams.get(event.team)?.supervisors.has(id) === true;",
        "return isSupervisor;",
      ),
    ],
    test: placesTest("are not confirmed by whoever had the colleague taken out of the team, or their role taken"),
  },
  {
    name: "authority-place-outlives-a-role-taken",
    answers: "SECURITY §2",
    off: [
      {
        file: `${vault}/organisation/places.ts`,
        text: "const kept = places.filter((place) => !isEndedBy(event, place) || now.some((each) => isSame(each, place)));",
        by: "const kept = places.filter((place) => now.some((each) => isSame(each, place)));",
      },
    ],
    test: placesTest("are not confirmed by whoever had the colleague taken out of the team, or their role taken"),
  },
  {
    name: "authority-everyone-is-told",
    answers: "SECURITY §2",
    off: [
      {
        file: "packages/device/src/logs/tell-changes.ts",
        text: 'unlocked.tellPerson({ type: "WhoReadsChanged" });',
        by: "void before;",
      },
    ],
    test: testIn("tests/device/coming-in.test.ts")("the policy and the recovery key"),
  },
  {
    name: "authority-everyone-is-told-by-an-act",
    answers: "SECURITY §2",
    off: [
      {
        file: "packages/device/src/logs/append-control.ts",
        text: "  tellingOfChanges(unlocked, async () => {",
        by: "  (async (_: typeof tellingOfChanges, bring: () => Promise<Result<unknown, WireError>>) => bring())(tellingOfChanges, async () => {",
      },
    ],
    test: testIn("tests/device/coming-in.test.ts")("and is told also where an act of one's own has fetched it"),
  },
  {
    name: "authority-name-once-borne",
    answers: "SECURITY §1",
    off: [
      evolve(
        "const everBorne = [...[...namesById].map(([other, taken]) => [other, [taken]] as const), ...formerNamesById];",
        "const everBorne = [...[...namesById].map(([other, taken]) => [other, [taken]] as const), ...[...formerNamesById].slice(0, 0)];",
      ),
    ],
    test: organisationTest("that a colleague once had stays theirs, and looks like theirs"),
  },
  {
    name: "authority-left-unread-by-a-supervisor",
    answers: "SECURITY §3",
    off: [
      control(
        'if (!by.roles.has("supervisor") || event.entries.some(isOwn)) return false;',
        "if (event.entries.some(isOwn)) return false;",
      ),
    ],
    test: caseTest("is left unread by a supervisor who opens the case and did not write it"),
  },
  {
    name: "authority-left-unread-by-another",
    answers: "SECURITY §3",
    off: [
      control(
        'if (!by.roles.has("supervisor") || event.entries.some(isOwn)) return false;',
        'if (!by.roles.has("supervisor") && event.entries.some(isOwn)) return false;',
      ),
    ],
    test: caseTest("is left unread by a supervisor who opens the case and did not write it"),
  },
];
