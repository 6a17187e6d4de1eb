/** A server that lies in what it answers beside the logs, or makes entries up (SECURITY §6.1). */

import type { Defence, Replacement } from "./defence.ts";
import { logsOfNobodyAreLeft, strangersAreNobody, testIn } from "./shared.ts";

const answers = "SECURITY §6.1";
const vault = "packages/vault/src";
const device = "packages/device/src";
const answersTest = testIn("tests/hostile/server-answers.test.ts");
const forgedTest = testIn("tests/hostile/forged-entries.test.ts");
const foundTest = testIn("tests/simulation/found.test.ts");
const repair = (text: string, by: string): Replacement => ({ file: `${device}/logs/repair.ts`, text, by });
const byNobody = (type: string) => answersTest("by an entry of the organisation that nobody signed (", type);

const organisationIsVerified: readonly Replacement[] = [
  {
    file: `${vault}/organisation/read.ts`,
    text: '(await verifyEntry(entry, author.key)) ? "verified" : "refused"',
    by: '(await verifyEntry(entry, author.key)) ? "verified" : "verified"',
  },
];

const wrapsAreSigned: Replacement = {
  file: `${vault}/case-key.ts`,
  text: 'if (author !== undefined && !(await isSignedBy(given, author))) return err({ type: "Damaged" });',
  by: 'if (author !== undefined && !(await isSignedBy(given, author)) && given.ciphertext.length === 0) return err({ type: "Damaged" });',
};

const blamesNobody = (how: string) =>
  answersTest("and", how, "blames nobody: the case is not read, and is once the server is honest");

const publicKeys: readonly Defence[] = [
  {
    name: "answer-without-its-mac",
    answers,
    off: [
      {
        file: `${vault}/invitation.ts`,
        text: 'if (!equalBytes(answer.mac, await macFor(invitation, answer))) return err({ type: "Forged" });',
        by: "",
      },
    ],
    test: answersTest("in the answer to an invitation is found out by the MAC, and the answer is never confirmed"),
  },
  ...(["PersonEnrolled", "KeysReplaced", "TeamFormed", "TeamKeyReplaced", "RecoveryKeySet"] as const).map(
    (type): Defence => ({
      name: `organisation-by-nobody-${type}`,
      answers,
      off: organisationIsVerified,
      test: byNobody(type),
      // What is written names the forged entry as seen, which no honest server has.
      outcome: `Error: A test's own step was refused: {"type":"Refused","code":"NotNow"}`,
    }),
  ),
  {
    name: "epoch-by-nobody",
    answers,
    off: [strangersAreNobody],
    test: answersTest("by an epoch of the case that it signs itself adds no reader"),
  },
];

const wraps: readonly Defence[] = [
  {
    name: "wraps-kept-back-seen",
    answers,
    off: [
      {
        file: `${vault}/case/read.ts`,
        text: 'return content.kind === "no-key" && !isByMakerOfKeyless({ hash, header }, history, control);',
        by: "return isByMakerOfKeyless({ hash, header }, history, control);",
      },
    ],
    test: blamesNobody("keeps them back"),
  },
  { name: "wraps-changed", answers, off: [wrapsAreSigned], test: blamesNobody("changes them") },
  {
    name: "wraps-of-another-reader",
    answers,
    off: [
      wrapsAreSigned,
      {
        file: `${device}/logs/keys.ts`,
        text: "const recipient = receivers.get(wrap.recipient);",
        by: "const recipient = receivers.get(wrap.recipient) ?? [...receivers.values()][0];",
      },
      {
        file: `${vault}/case-key.ts`,
        text: 'if (!isAsked || given.recipient !== recipient.keyId) return err({ type: "NotForThisKey" });',
        by: 'if (!isAsked) return err({ type: "NotForThisKey" });',
      },
    ],
    test: blamesNobody("gives those of another reader"),
  },
  {
    name: "wraps-said-to-be-this-reader-s",
    answers,
    off: [wrapsAreSigned],
    test: blamesNobody("says that another reader's are this one's"),
  },
  {
    name: "wraps-of-its-own-making",
    answers,
    // The first that does not open ends the search.
    off: [
      {
        file: `${device}/logs/keys.ts`,
        text: "    if (opened.ok) return opened.value;\n",
        by: '    if (opened.ok || opened.error.type === "Damaged") return opened.ok ? opened.value : undefined;\n',
      },
    ],
    test: answersTest("of its own making, before the true ones, opens the case with the true ones"),
  },
  {
    name: "wraps-of-a-team",
    answers,
    // Two overlap: what a wrap is sealed for, and whether the key in it is the one that everybody was told.
    off: [
      {
        file: `${vault}/case-key.ts`,
        text: "concat(label(named.purpose), sha256(encodeCbor(namedOf(named))));",
        by: "concat(label(named.purpose), sha256(encodeCbor(namedOf(named).slice(0, 2))));",
      },
      {
        file: `${vault}/case-key.ts`,
        text: "if (key !== undefined && equalBytes(await commitTo(key, asked.logId), asked.keyCommitment)) return ok(key);",
        by: "if (key !== undefined) return ok(key);",
      },
    ],
    test: answersTest("of a team's key that nobody of the organisation made gives the team no other key"),
  },
];

const thrownAway: readonly Defence[] = [
  {
    name: "acknowledged-and-thrown-away",
    answers,
    off: [
      {
        file: `${device}/logs/pull.ts`,
        text: "if (end === each.end && awaited.length > 0) differing.push(each.logId);",
        by: "",
      },
    ],
    test: answersTest("is given an entry again once it is asked what it holds"),
  },
  {
    name: "control-acknowledged-and-thrown-away",
    answers,
    off: [
      {
        file: `${device}/logs/append-control.ts`,
        text: "const awaited = isHeld ? position.awaited : [...position.awaited, entry.hash];",
        by: "const { awaited } = position;",
      },
    ],
    test: answersTest("is given a control entry again likewise"),
  },
];

const sentAgain: readonly Defence[] = [
  {
    name: "epoch-sent-again-with-its-keys",
    answers,
    off: [repair("wraps: wraps.slice(0, wrapsPerAppendMax),", "wraps: [],")],
    test: answersTest(
      "is given an epoch again with its keys and with whom it serves, so that all who read can read on",
    ),
  },
  {
    name: "epoch-sent-again-with-whom-it-serves",
    answers,
    off: [repair("serving: again.serving,", "serving: undefined,")],
    test: answersTest(
      "is given an epoch again with its keys and with whom it serves, so that all who read can read on",
    ),
  },
  {
    name: "epoch-sent-again-with-earlier-keys",
    answers,
    off: [
      {
        file: `${device}/logs/control-again.ts`,
        text: "of epochs.slice(0, place + 1).entries()) {",
        by: "of epochs.slice(0, place + 1).entries()) {\n    if (earlier < place) continue;",
      },
    ],
    test: answersTest("is given an epoch again with the earlier keys for whom it brings"),
  },
  {
    name: "enrolment-sent-again-with-whom-it-serves",
    answers,
    off: [repair("serving: again.serving,", "serving: undefined,")],
    test: answersTest("is given the enrolment of a colleague again, with the keys of the organisation"),
  },
  {
    name: "sent-again-is-awaited",
    answers,
    off: [
      repair("end: shared.length, digest, awaited };", "end: shared.length, digest, awaited: awaited.slice(0, 0) };"),
    ],
    test: foundTest("sends again what the server has twice said to have stored, and has not"),
  },
  {
    name: "list-at-sign-in-is-not-the-last-word",
    answers,
    off: [
      {
        file: `${device}/logs/compare.ts`,
        text: "if (listed !== undefined && differing.length === 0) return differingLogs(unlocked);",
        by: "",
      },
    ],
    test: testIn("tests/device/answers-waited-for.test.ts")(
      "is never its last word: the first exchange ends only with a comparison of its own",
    ),
  },
  {
    name: "organisation-body-left-out",
    answers,
    off: [
      {
        file: `${device}/logs/read.ts`,
        text: "review.unauthentic.has(hash) || bare.has(hash)",
        by: "review.unauthentic.has(hash) || (bare.has(hash) && bare.size > 1_000)",
      },
    ],
    test: foundTest("takes the body of an entry of the organisation that was once left out, when it comes"),
  },
];

const ofBefore: readonly Defence[] = [
  {
    name: "account-vault-of-before",
    answers: "SECURITY §2",
    off: [
      {
        file: `${vault}/account.ts`,
        text: 'return generation < generationSeen ? err({ type: "Stale" }) : ok({ vault, generation });',
        by: "return ok({ vault, generation: Math.max(generation, generationSeen) });",
      },
    ],
    test: answersTest("with the account vault is refused by who has seen a newer one"),
  },
  {
    name: "account-vault-of-somebody-else",
    answers: "SECURITY §2",
    off: [
      // One key for everybody's boxes, and no look at whose vault it is.
      {
        file: `${vault}/box.ts`,
        text: 'import type { Secret } from "./secret.ts";',
        by: 'import { conceal, type Secret } from "./secret.ts";',
      },
      {
        file: `${vault}/box.ts`,
        text: 'deriveSecret("once", under, nonce, concat(label(purpose), bound));',
        by: 'deriveSecret("once", under === undefined ? under : conceal("box", new Uint8Array(32)), nonce, concat(label(purpose), bound));',
      },
      {
        file: `${vault}/account.ts`,
        text: "const isOwn = account instanceof Uint8Array && equalBytes(account, accountId);",
        by: "const isOwn = account instanceof Uint8Array && account.length === accountId.length;",
      },
    ],
    test: answersTest("with the account vault of somebody else gives a new device nothing"),
  },
  {
    name: "organisation-of-before",
    answers,
    off: [
      {
        file: `${vault}/case/read.ts`,
        text: ".filter(({ entry }) => placeOf(source.organisation.asOf, entry) === undefined)",
        by: ".filter(({ entry }) => placeOf(source.organisation.asOf, entry) === undefined && entry.headerBytes.length === 0)",
      },
    ],
    test: answersTest("with the organisation is found out by what a colleague wrote who had seen more"),
  },
  {
    name: "sign-in-relayed",
    answers: "SECURITY §2",
    off: [
      {
        file: `${vault}/account.ts`,
        text: "encodeCbor([origin, account.accountId, challenge])",
        by: "encodeCbor([origin.slice(0, 8), account.accountId, challenge])",
      },
      {
        file: `${vault}/account.ts`,
        text: "encodeCbor([origin, accountId, challenge])",
        by: "encodeCbor([origin.slice(0, 8), accountId, challenge])",
      },
    ],
    test: answersTest("cannot sign in there as the person: the signature is for one origin"),
  },
];

const madeUp: readonly Defence[] = [
  {
    name: "made-up-under-a-waiting-counter",
    answers,
    off: [
      {
        file: `${device}/logs/pull.ts`,
        text: "if (await verifyEntry(entry, own.identityKey)) used.add(counterOf(entry));",
        by: "if (own.identityKey.keyId === entry.header.author) used.add(counterOf(entry));",
      },
    ],
    test: forgedTest("makes the device seal nothing again: what waits is sent as it is, and read"),
  },
  {
    name: "made-up-under-the-device-s-id",
    answers,
    off: [
      {
        file: `${device}/logs/pull.ts`,
        text: "if (isItsId && (await verifyEntry(received.entry, own.identityKey))) return true;",
        by: "if (isItsId) return true;",
      },
    ],
    test: forgedTest("makes the device seal nothing again: what waits is sent as it is, and read"),
  },
  {
    name: "made-up-is-not-passed-on",
    answers,
    off: [
      {
        file: `${device}/logs/repair.ts`,
        text: "!known.has(hash) && !log.record.unverified.has(hash) && !notListed.has(hash),",
        by: "!known.has(hash) && !notListed.has(hash),",
      },
    ],
    test: forgedTest("makes the device seal nothing again: what waits is sent as it is, and read"),
  },
  {
    name: "refused-and-kept-for-later",
    answers,
    off: [
      {
        file: "packages/log/src/authentic.ts",
        text: 'if (entry.header.kind === "control" || !authentic.has(entry.hash)) continue;',
        by: "if (!authentic.has(entry.hash)) continue;",
      },
    ],
    test: forgedTest("says no to a control entry and keeps it for later", "sets aside nothing that the device wrote"),
  },
  {
    name: "outrun-and-kept-for-later",
    answers,
    off: [
      {
        file: "packages/log/src/authentic.ts",
        text: 'if (entry.header.kind === "control" || !authentic.has(entry.hash)) continue;',
        by: "if (!authentic.has(entry.hash)) continue;",
      },
    ],
    test: forgedTest(
      "says that somebody was quicker, and keeps the control entry for later",
      "sets aside nothing that the device wrote",
    ),
  },
  {
    name: "kind-of-log-by-who-says-so",
    answers,
    off: [
      {
        file: `${device}/logs/pull.ts`,
        text: 'if (known !== undefined) return known.logId === logId ? "organisation" : "case";',
        by: 'if (known !== undefined) return known.logId === logId || received.some((each) => each.kind === "entry" && each.entry.header.logKind === "organisation") ? "organisation" : "case";',
      },
    ],
    test: forgedTest("keeps nobody from reading the case once it is honest"),
    outcome: `Error: A test's own step was refused: {"type":"CaseNotHeld"}`,
  },
  {
    name: "organisation-s-entry-of-a-version-to-come",
    answers,
    off: [
      {
        file: `${device}/logs/repair.ts`,
        text: 'if (logKind !== "organisation") return new Set();',
        by: 'if (logKind !== "organisation" || entries.length > 0) return new Set();',
      },
    ],
    test: forgedTest("stops nobody's work for longer than it shows it"),
  },
  {
    name: "kind-of-log-before-its-root",
    answers,
    off: [
      {
        file: `${device}/logs/pull.ts`,
        text: 'unlocked.expected.root) ? "organisation" : undefined;',
        by: 'unlocked.expected.root) ? "organisation" : "case";',
      },
      // Otherwise it is left as a case of nobody, for as long as nothing is known of the organisation.
      logsOfNobodyAreLeft,
    ],
    test: forgedTest("keeps nobody out of their organisation once it is honest"),
  },
];

export const defencesOfAnswers: readonly Defence[] = [
  ...publicKeys,
  ...wraps,
  ...thrownAway,
  ...sentAgain,
  ...ofBefore,
  ...madeUp,
];
