/** A member with a client of their own making (SECURITY §6.2): what keeps their acts to a mark. */

import type { Defence, Replacement } from "./defence.ts";
import { authorsAreVerified, testIn, whatIsMissingIsWaitedFor } from "./shared.ts";

const answers = "SECURITY §6.2";
const casefile = "packages/casefile/src";
const log = "packages/log/src";
const vault = "packages/vault/src";
const device = "packages/device/src";
const httpTest = testIn("tests/server/hostile-member.test.ts");
const approvalTest = testIn("tests/hostile/member-approval.test.ts");
const entryTest = testIn("tests/hostile/member-entry.test.ts");
const controlTest = testIn("tests/hostile/member-control.test.ts");
const spoiledTest = testIn(`${vault}/organisation/spoiled.test.ts`);
const epochTest = controlTest(
  "that begins an epoch gives the case no single opener, no stranger, and none by who may not",
);
const epochs = (text: string, by: string): Replacement => ({ file: `${vault}/case/epochs.ts`, text, by });
const evolve = (text: string, by: string): Replacement => ({ file: `${vault}/organisation/evolve.ts`, text, by });

const approvals: readonly Defence[] = [
  {
    name: "member-says-a-thing-twice",
    answers,
    off: [
      {
        file: "apps/casework/src/worker/views/people.ts",
        text: "id: `${mark.entry}/${mark.index}`,",
        by: "id: offer,",
      },
    ],
    test: testIn("tests/casework/told-apart.test.ts")("cannot break a section off", "by saying a thing twice"),
  },
  {
    name: "member-approval-without-role",
    answers,
    off: [
      {
        file: `${casefile}/approvals/approvals.ts`,
        text: 'return approverRoles[what].some((role) => roles.includes(role)) ? undefined : "RoleMissing";',
        by: 'return approverRoles[what].length > roles.length + 9 ? "RoleMissing" : undefined;',
      },
    ],
    test: approvalTest("without the role for it", "approves nothing"),
  },
  {
    name: "member-own-approval",
    answers,
    off: [
      {
        file: `${casefile}/approvals/approvals.ts`,
        text: 'if (proposal.mark.author === person) return "OwnProposal";',
        by: "",
      },
    ],
    test: approvalTest("of one's own proposal, from a second device, approves nothing"),
  },
  {
    name: "member-approval-of-unseen",
    answers,
    off: [{ file: `${casefile}/authority.ts`, text: 'if (!by.past.has(event.proposal)) return "NotSeen";', by: "" }],
    test: approvalTest("of what they say they had not seen approves nothing"),
  },
  {
    name: "member-approval-in-another-s-name",
    answers,
    off: [authorsAreVerified],
    test: approvalTest("in another's name is nobody's"),
  },
];

const entries: readonly Defence[] = [
  {
    name: "member-device-id-of-a-colleague",
    answers,
    // A chain named by its device alone.
    off: [
      {
        file: `${log}/authentic.ts`,
        text: "const chainOf = ({ header }: SealedEntry): string => `${header.author}/${header.device}`;",
        by: "const chainOf = ({ header }: SealedEntry): string => header.device;",
      },
      {
        file: `${log}/authentic.ts`,
        text: "[`${each.author}/${each.device}`, each.counter]",
        by: "[each.device as string, each.counter]",
      },
    ],
    test: entryTest("under a colleague's device id sets aside nothing of the colleague's"),
  },
  {
    name: "member-another-key",
    answers,
    off: [
      {
        file: `${vault}/case/content.ts`,
        text: 'return { kind: isCertain ? "damaged" : "no-key" };',
        by: 'return { kind: "no-key" };',
      },
    ],
    test: entryTest("that one of two keys opens is damage to all, whoever holds the other"),
  },
  {
    name: "member-two-keys-of-one-epoch",
    answers,
    off: [
      {
        file: `${vault}/case-key.ts`,
        text: "if (key !== undefined && equalBytes(await commitTo(key, asked.logId), asked.keyCommitment)) return ok(key);",
        by: "if (key !== undefined) return ok(key);",
      },
    ],
    test: controlTest(
      "that hands colleagues a false key names whoever signed it, and a supervisor begins the next epoch",
    ),
  },
  {
    name: "member-equivocation",
    answers,
    off: [
      {
        file: `${log}/authentic.ts`,
        text: "if (first === undefined || second === undefined) continue;",
        by: "if (first === undefined || second === undefined || entries.length > 1) continue;",
      },
    ],
    test: entryTest("of which there are two under one counter is set aside, both of them, and only that device's"),
  },
  {
    name: "member-equivocation-of-one-device",
    answers,
    // The whole person is set aside, and not the one device.
    off: [
      {
        file: `${log}/authentic.ts`,
        text: "if (isContent && from !== undefined && entry.header.counter >= from) setAside.add(entry.hash);",
        by: "if (isContent && equivocations.some((each) => each.author === entry.header.author && from !== 0)) setAside.add(entry.hash);",
      },
    ],
    test: entryTest("of which there are two under one counter is set aside, both of them, and only that device's"),
  },
  {
    name: "member-compression-bomb",
    answers,
    off: [
      {
        file: `${vault}/node/deflate.ts`,
        text: "{ maxOutputLength: lengthMax, info: true }",
        by: "{ info: true }",
      },
    ],
    test: entryTest("that inflates to forty million bytes is damage, and holds up nobody"),
  },
  {
    name: "member-poisoned-payload",
    answers,
    // A field that nobody knows is let through.
    off: [
      {
        file: `${casefile}/shape.ts`,
        text: 'Object.hasOwn(optionalFields, key) ? optionalFields[key]?.wrong(value[key]) : "";',
        by: "Object.hasOwn(optionalFields, key) ? optionalFields[key]?.wrong(value[key]) : undefined;",
      },
    ],
    test: entryTest("with anything at all for what happened changes nothing but a mark"),
  },
  {
    name: "member-poisoned-prototype",
    answers,
    // Three overlap: the name itself, the prototype that it sets, and that what was read is written again and compared.
    off: [
      { file: `${log}/cbor.ts`, text: 'key !== "__proto__" && isWellFormed(key)', by: "isWellFormed(key)" },
      { file: `${log}/cbor.ts`, text: "Object.getPrototypeOf(value) === Object.prototype &&", by: "" },
      {
        file: `${log}/cbor.ts`,
        text: 'return areSameBytes(again, bytes) ? ok(value) : err({ type: "NotCanonical" });',
        by: 'return again.length <= bytes.length ? ok(value) : err({ type: "NotCanonical" });',
      },
    ],
    test: entryTest("with anything at all for what happened changes nothing but a mark"),
  },
  {
    name: "member-event-of-the-future",
    answers,
    off: [
      {
        file: `${device}/case/opened-case.ts`,
        text: 'if (parsed.some((event) => !event.ok && event.error.type === "EventNewer")) return { kind: "newer" };',
        by: "",
      },
    ],
    test: entryTest("that nobody knows is named, and holds up nobody once a supervisor leaves it unread"),
  },
  {
    name: "member-invented-parents",
    answers,
    off: [whatIsMissingIsWaitedFor],
    test: entryTest("with invented parents waits, and keeps nobody from writing"),
  },
  {
    name: "member-organisation-of-before",
    answers,
    off: [
      {
        file: `${vault}/case/content.ts`,
        text: "return isBack ? undefined : seen.organisation;",
        by: "return isBack && history.held.size === 0 ? undefined : seen.organisation;",
      },
    ],
    test: entryTest("as of an organisation of before, which they have already seen changed, has no say"),
  },
  {
    name: "member-adopts-own-former-say",
    answers,
    off: [
      {
        file: `${vault}/case/control.ts`,
        text: "acceptedBy(history, control, each).past.has(entry.hash);",
        by: "control.adopted.size > 0;",
      },
    ],
    test: testIn(`${vault}/case/adopted.test.ts`)("is none again by adopting what they wrote as of then"),
  },
  {
    name: "member-floods-with-epochs",
    answers,
    off: [
      {
        file: `${vault}/case/control.ts`,
        text: "kept.length === roles.size || acceptedBy(",
        by: "acceptedBy(history, control, each).past.has(entry.hash) || kept.length === roles.size || acceptedBy(",
      },
    ],
    test: testIn(`${vault}/case/many-epochs.test.ts`)("is read in one walk, and not in one for each of them"),
  },
  {
    name: "member-spoils-organisation",
    answers,
    off: [
      {
        file: `${vault}/organisation/read.ts`,
        text: 'return isCertain && hasKey && entry.ciphertext !== undefined ? "worthless" : "unreadable";',
        by: 'return isCertain && hasKey && entry.ciphertext === undefined ? "worthless" : "unreadable";',
      },
    ],
    test: spoiledTest("an entry that its author spoiled is worthless, and what follows counts"),
  },
  {
    name: "member-key-of-the-organisation",
    answers,
    off: [
      {
        file: `${vault}/organisation/read.ts`,
        text: 'if (isCertain && isKeyOfNoKeeper(organisation, entry)) return "worthless";',
        by: "isKeyOfNoKeeper(organisation, entry);",
      },
    ],
    test: spoiledTest("a key begun by who keeps nothing is worthless, read or not"),
  },
  {
    name: "member-after-removal",
    answers,
    off: [
      {
        file: `${vault}/case/control.ts`,
        text: "if (accepted.past.has(entry.hash)) continue;",
        by: "if (accepted.past.size > 0) continue;",
      },
    ],
    test: entryTest("after they were taken out of the case counts for nothing, though they keep every key they had"),
  },
];

const control: readonly Defence[] = [
  {
    name: "member-key-of-before",
    answers: "SECURITY §2",
    off: [
      evolve(
        "!organisation.receivingKeysEver.has(receivingKey.keyId);",
        "![...organisation.people.values()].some((person) => person.receivingKey.keyId === receivingKey.keyId);",
      ),
    ],
    test: testIn(`${vault}/organisation/organisation.test.ts`)("brings no key back that was a colleague's before"),
  },
  {
    name: "member-single-opener",
    answers: "SECURITY §2",
    off: [
      epochs(
        "if (openers === undefined || openers.size < openersMin) return undefined;",
        "if (openers === undefined) return undefined;",
      ),
    ],
    test: epochTest,
  },
  {
    name: "member-unseen-reader",
    answers: "SECURITY §2",
    off: [
      epochs(
        "  if (!openers.has(author.id) || before?.openers.has(author.id) === false) return undefined;",
        "  if (before?.openers.has(author.id) === false) return undefined;",
      ),
    ],
    test: epochTest,
  },
  {
    name: "member-stranger-as-reader",
    answers: "SECURITY §1",
    off: [epochs("if (behind === undefined) return undefined;", "if (behind === undefined) continue;")],
    test: epochTest,
  },
  {
    name: "member-epoch-from-outside",
    answers: "SECURITY §1",
    off: [
      epochs(
        "  if (!openers.has(author.id) || before?.openers.has(author.id) === false) return undefined;",
        "  if (!openers.has(author.id)) return undefined;",
      ),
    ],
    test: epochTest,
  },
  {
    name: "member-epoch-without-supervisors",
    answers: "SECURITY §2",
    off: [
      epochs(
        '  if (!author.roles.has("supervisor") && !keepsSupervisors(known, organisation, before)) return undefined;\n',
        "",
      ),
    ],
    test: epochTest,
  },
  {
    name: "member-own-erasure",
    answers: "SECURITY §3",
    off: [
      {
        file: `${vault}/case/control.ts`,
        text: "if (proposed === undefined || !areTwoPersons(seen, proposed.by, by.id)) return false;",
        by: "if (proposed === undefined) return false;",
      },
    ],
    test: controlTest("that proposes an erasure and confirms it erases nothing, here or at the server"),
  },
  {
    name: "member-role-by-who-may-not",
    answers: "SECURITY §2",
    off: [
      evolve(
        '    case "RoleTaken":\n      return isAdministrator;',
        '    case "RoleTaken":\n      return isAdministrator || id !== undefined;',
      ),
    ],
    test: controlTest("gives nobody a role of their own making"),
  },
  {
    name: "member-own-confirmation",
    answers: "SECURITY §2",
    // Two overlap: whoever is one person with the proposer is so above all when they are the proposer.
    off: [
      evolve("  if (!isOther(by)) return false;\n", ""),
      evolve("  if (!areTwoPersons(before, proposal.by, by.id)) return undefined;\n", ""),
    ],
    test: controlTest("gives nobody a role of their own making"),
  },
];

const inMemory = [...approvals, ...entries, ...control];

/** The same acts through the shipped server, over HTTP: by the row above, the test there. */
const overHttp: Readonly<Record<string, string>> = {
  "member-another-key": "a body under another key opens for nobody, is marked, and closes nothing",
  "member-equivocation": "one counter signed twice sets that device aside, never the case",
  "member-approval-in-another-s-name": "another's words change nothing, and are marked",
};

export const defencesAgainstMembers: readonly Defence[] = [
  ...inMemory,
  ...inMemory.flatMap((defence) => {
    const words = overHttp[defence.name];
    return words === undefined ? [] : [{ ...defence, name: `http-${defence.name}`, test: httpTest(words) }];
  }),
];
