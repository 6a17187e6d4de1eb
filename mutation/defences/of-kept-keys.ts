/** Epochs whose key somebody keeps, and who would have more say than they have by what others cannot read or have not heard of (SECURITY §2, §3). */

import type { Defence, Replacement } from "./defence.ts";
import { testIn } from "./shared.ts";

const answers = "SECURITY §3";
const vault = "packages/vault/src";
const device = "packages/device/src";
const caseTest = testIn(`${vault}/case/supervised.test.ts`);
const organisationTest = testIn(`${vault}/organisation/passing-over.test.ts`);
const deviceTest = testIn("tests/device/passed-over.test.ts");
const winsBackNobody = deviceTest("wins back no colleague whose device was not given the key");
const countsForNothing = organisationTest("counts for nothing, with all that was written since");
const isNotTakenBack = organisationTest("that took somebody out is not taken back by them");
const evolve = (text: string, by: string): Replacement => ({ file: `${vault}/organisation/evolve.ts`, text, by });
const passing = (text: string, by: string): Replacement => ({
  file: `${vault}/organisation/passing-over.ts`,
  text,
  by,
});
const read = (text: string, by: string): Replacement => ({ file: `${vault}/organisation/read.ts`, text, by });

const ofCases: readonly Defence[] = [
  {
    name: "kept-key-passed-over-by-a-supervisor",
    answers,
    off: [
      {
        file: `${vault}/case/epochs.ts`,
        text: 'roles.has("supervisor") || !presentSupervisors(organisation).some(({ id }) => before?.openers.has(id) === true);',
        by: "roles.size > 0;",
      },
    ],
    test: caseTest("is passed over by a supervisor only, who it cannot have taken out"),
  },
  {
    name: "kept-key-stays-unread",
    answers,
    off: [
      {
        file: `${vault}/case/control.ts`,
        text: "if (event.over !== undefined && mayPassOver(by, seen, before)) passOver(line, new Set(event.over));",
        by: "line.unread = undefined;",
      },
    ],
    test: winsBackNobody,
  },
  {
    name: "kept-key-nothing-sealed-meanwhile",
    answers,
    off: [
      {
        file: `${device}/logs/sealing.ts`,
        text: "epoch === undefined || unreadEpochs.length > 0 ?",
        by: "epoch === undefined ?",
      },
    ],
    test: winsBackNobody,
  },
  {
    name: "kept-key-of-a-stranger-is-named",
    answers,
    off: [
      {
        file: `${device}/access/begin-epoch.ts`,
        text: "const passed = [...(over ?? []), ...worthlessSince(reading)];",
        by: "const passed = [...(over ?? [])];",
      },
    ],
    test: deviceTest("holds up the others only until a supervisor who was given the key next writes there"),
  },
  {
    name: "kept-key-more-say-than-now",
    answers,
    off: [{ file: `${device}/access/readers.ts`, text: "hasLessSay(epoch, reading.current)", by: "false" }],
    test: testIn("tests/device/late-head.test.ts")("has that say in a case only until it is next written to"),
  },
  {
    name: "kept-snapshot-of-older-rules",
    answers,
    off: [
      {
        file: `${device}/case/caseload.ts`,
        text: "export const foldVersion = 10;",
        by: "export const foldVersion = 1;",
      },
    ],
    test: testIn("tests/device/kept-before.test.ts")(
      "a snapshot that an older version made is made again from the log",
    ),
  },
];

const ofTheOrganisation: readonly Defence[] = [
  {
    name: "kept-organisation-key-by-two",
    answers: "SECURITY §2",
    off: [evolve("  isOverAnother(event) ||\n", "")],
    test: isNotTakenBack,
  },
  {
    name: "kept-organisation-key-settled",
    answers,
    off: [passing("if (isSettled(before.organisation, maker.id, writtenSince(before, line))) return undefined;", "")],
    test: isNotTakenBack,
  },
  {
    name: "kept-organisation-key-settled-since",
    answers,
    off: [
      passing(
        "if (by === undefined || isSettled(before.organisation, maker, since)) return",
        "if (by === undefined) return",
      ),
    ],
    test: isNotTakenBack,
  },
  {
    name: "kept-organisation-key-settled-by-no-forgery",
    answers,
    off: [passing("counted.has(hash) && !words.has(hash)", "counted.size > 0 && !words.has(hash)")],
    test: organisationTest("is held to be settled by nobody whose word is forged"),
  },
  {
    name: "kept-organisation-key-not-confirmed-by-its-maker",
    answers: "SECURITY §2",
    off: [evolve("proposal.about ?? subjectOf(proposal.event)", "subjectOf(proposal.event)")],
    test: organisationTest("is gone on over by a keeper who did not begin it, and confirmed by another supervisor"),
  },
  {
    name: "kept-organisation-key-counts-for-nobody",
    answers,
    off: [
      read(
        "line.organisation = { ...organisation, withoutAuthority: [...organisation.withoutAuthority, ...passed] };",
        "line.organisation = { ...line.organisation, proposals: organisation.proposals };",
      ),
    ],
    test: countsForNothing,
  },
  {
    name: "kept-organisation-key-nobody-acts-as-of-it",
    answers,
    off: [
      read(
        "line.asOf.set(each, { organisation: passing.before.organisation, place: place + index });",
        "line.asOf.set(each, { organisation: line.asOf.get(each)?.organisation ?? passing.before.organisation, place: place + index });",
      ),
    ],
    test: countsForNothing,
  },
];

const ofWhatIsKept: readonly Defence[] = [
  {
    name: "kept-organisation-key-read-anew",
    answers,
    off: [
      {
        file: `${device}/logs/read.ts`,
        text: "...[...(organisation?.passedOver ?? [])].map((hash) => `over ${hash}`),",
        by: "...[...(organisation?.passedOver ?? [])].slice(0, 0),",
      },
    ],
    test: deviceTest("gives nobody another say in a case than others hold them to have"),
  },
  {
    name: "kept-organisation-key-listed-anew",
    answers,
    off: [
      {
        file: `${device}/case/refresh.ts`,
        text: "(isMadeUnder(madeUnder, passedOver) ? [] : [logId])",
        by: "(isMadeUnder(madeUnder, passedOver) || true ? [] : [logId])",
      },
    ],
    test: deviceTest("gives nobody another say in a case than others hold them to have"),
  },
];

const ofTheServer: readonly Defence[] = [
  {
    name: "kept-wraps-to-a-reader",
    answers: "SECURITY §2",
    off: [
      {
        file: "apps/server/src/storage/queries/wraps.ts",
        text: "AND NOT EXISTS (SELECT 1 FROM team_people WHERE organisation = $1 AND team_key = $2)",
        by: "",
      },
    ],
    test: testIn("apps/server/src/relay/logs.test.ts")("destroys no wraps to a key that was named for it"),
  },
];

export const defencesOfKeptKeys: readonly Defence[] = [
  ...ofCases,
  ...ofTheOrganisation,
  ...ofWhatIsKept,
  ...ofTheServer,
];
