/** A server that shows another log than the true one (SECURITY §6.1): what refuses it, or makes it seen. */

import type { Defence, Replacement } from "./defence.ts";
import {
  authorsAreVerified,
  hashNamesBody,
  serverTest,
  serverTestOf,
  testIn,
  whatIsMissingIsWaitedFor,
} from "./shared.ts";

const answers = "SECURITY §6.1";
const log = "packages/log/src";
const vault = "packages/vault/src";
const device = "packages/device/src";
const httpTest = testIn("tests/server/hostile-server.test.ts");

/** The same bytes under the same name are one entry: on arrival, and again whenever the log is read. */
const oneNameOneEntry: readonly Replacement[] = [
  {
    file: `${device}/logs/held-log.ts`,
    text: "firsts(arrived).filter((received) => isToTake(log, received))",
    by: "arrived.filter((received) => isToTake(log, received))",
  },
  {
    file: `${log}/history.ts`,
    text: "else held.set(hash, better(held.get(hash),",
    by: "else held.set((held.has(hash) ? `${hash}+` : hash) as EntryHash, better(undefined,",
  },
];

const entriesInCausalOrder: Replacement = {
  file: `${log}/review.ts`,
  text: "const placed = causalOrder(history, (entry) => dependenciesOf(entry, known, barred, control));",
  // In the order of arrival: what comes before something that it names has no place.
  by: `const arrived = [...history.held.keys()];
  const placed = arrived.filter((hash, at) => {
    const entry = history.held.get(hash)?.entry;
    const isNext = entry !== undefined && linksOf(entry).every((link) => arrived.indexOf(link) < at);
    return isNext && dependenciesOf(entry, known, barred, control) !== undefined;
  });`,
};

const anotherHistoryIsRepaired: Replacement = {
  file: `${device}/logs/pull.ts`,
  text: "const differing = answered.filter(({ isSame }) => !isSame).map(({ logId }) => logId);",
  by: "const differing: LogId[] = [];",
};

const inMemory: readonly Defence[] = [
  { name: "log-replayed", answers, off: oneNameOneEntry, test: serverTest("replays an entry") },
  { name: "log-duplicated", answers, off: oneNameOneEntry, test: serverTest("duplicates an entry") },
  { name: "log-swapped-places", answers, off: [entriesInCausalOrder], test: serverTest("swaps two entries") },
  { name: "log-turned-round", answers, off: [entriesInCausalOrder], test: serverTest("turns the log round") },
  {
    name: "log-dropped-middle-seen",
    answers,
    off: [{ file: `${vault}/case/read.ts`, text: "    ...reviewed.missing,\n", by: "" }],
    test: serverTest("drops one from the middle"),
  },
  { name: "log-dropped-opening", answers, off: [whatIsMissingIsWaitedFor], test: serverTest("drops the opening") },
  {
    name: "log-dropped-beginning",
    answers,
    off: [anotherHistoryIsRepaired],
    test: serverTest("drops the beginning"),
  },
  {
    name: "log-dropped-tail-seen",
    answers,
    off: [
      {
        file: `${device}/logs/repair.ts`,
        text: 'unlocked.tellPerson({ type: "ServerLacked", logId, count: lacking.length });',
        by: "",
      },
    ],
    test: serverTest("drops the tail"),
  },
  {
    name: "log-rolled-back",
    answers,
    off: [
      {
        file: `${device}/logs/compare.ts`,
        text: "const isSame = expected.end === log.end && equalBytes(expected.digest, log.digest);",
        by: "const isSame = expected.end > log.end || (expected.end === log.end && equalBytes(expected.digest, log.digest));",
      },
    ],
    test: serverTest("rolls back to the beginning"),
  },
  {
    name: "log-denied",
    answers,
    // Nothing that a server leaves out takes anything away: here it does.
    off: [
      {
        file: `${device}/logs/compare.ts`,
        text: "  return ok(inOwnOrder(",
        by: `  for (const [logId, log] of unlocked.held) {
    if (log.logKind !== "case" || differing.some((each) => each.logId === logId)) continue;
    const entries = log.entries.slice(0, 2);
    unlocked.held.set(logId, { ...log, entries, hashes: new Set(entries.map(({ entry }) => entry.hash)) });
    for (const open of [unlocked.desk.caseReads, unlocked.desk.openedCases]) open.delete(logId);
  }
  return ok(inOwnOrder(`,
      },
    ],
    test: serverTest("denies the case"),
  },
  { name: "log-swapped-headers", answers, off: [authorsAreVerified], test: serverTest("swaps the headers of two") },
  { name: "log-swapped-bodies", answers, off: [hashNamesBody], test: serverTest("swaps the bodies of two") },
  {
    name: "log-swapped-bodies-and-signatures",
    answers,
    off: [authorsAreVerified],
    test: serverTest("swaps bodies and signatures of two"),
  },
  {
    name: "log-swapped-signatures",
    answers,
    off: [authorsAreVerified],
    test: serverTest("swaps the signatures of two"),
  },
  {
    name: "log-spoiled-signature",
    answers,
    off: [authorsAreVerified],
    test: serverTest("spoils the signature of the newest"),
  },
  {
    name: "log-spoiled-signature-vouched-for",
    answers,
    // Each entry by its own signature alone: whoever spoils one on its way has then erased it.
    off: [
      {
        file: `${log}/authentic.ts`,
        text: "each = before !== undefined && precedes(before, each) ? before : undefined;",
        by: "each = before !== undefined && each.hash === entry.hash ? undefined : before;",
      },
      {
        file: `${vault}/case/verify.ts`,
        text: ".filter(([hash, copies]) => followersLeftOf(chains, hash) === 0 || isDoubtful(copies))",
        by: ".filter(([hash, copies]) => followersLeftOf(chains, hash) >= 0 || isDoubtful(copies))",
      },
    ],
    test: serverTest("spoils the signature of an entry"),
  },
  {
    name: "log-body-left-out",
    answers,
    off: [
      {
        file: `${vault}/case/content.ts`,
        text: 'if (entry.ciphertext === undefined) return { kind: "damaged" };',
        by: 'if (entry.ciphertext === undefined) return { kind: "erased" };',
      },
    ],
    test: serverTest("leaves out a body"),
  },
  { name: "log-changed-body", answers, off: [hashNamesBody], test: serverTest("changes a byte of a body") },
  {
    name: "log-forged-fork",
    answers,
    off: [
      {
        file: `${log}/control-line.ts`,
        text: 'if (entry.header.kind !== "control" || !authentic.has(entry.hash)) continue;',
        by: 'if (entry.header.kind !== "control") continue;',
      },
    ],
    test: serverTest("forks the line"),
  },
  {
    name: "log-format-of-the-future",
    answers,
    off: [
      {
        file: `${log}/header.ts`,
        text: 'if (fields[0] !== headerVersion || fields[1] !== suite) return err({ type: "Newer" });',
        by: 'if (fields[0] !== headerVersion || fields[1] !== suite) return err({ type: "NotAHeader" });',
      },
    ],
    test: serverTestOf("says that an entry is of format", "makes devices say that they cannot read it"),
  },
  {
    name: "log-downgraded-format",
    answers,
    off: [
      {
        file: `${log}/header.ts`,
        text: "if (fields[0] !== headerVersion || fields[1] !== suite)",
        by: "if (fields[0] > headerVersion || fields[1] > suite)",
      },
    ],
    test: serverTestOf("says that an entry is of format", "makes devices say that they cannot read it"),
  },
  {
    name: "log-words-of-heads",
    answers,
    off: [
      {
        file: `${vault}/invitation.ts`,
        text: ".map(([logId, heads]) => [idBytes(logId), [...heads].sort().map(idBytes)]);",
        by: ".map(([logId, heads]) => [idBytes(logId), heads.length > 0]);",
      },
    ],
    test: serverTestOf("drops the tail from one device is found by the words of the heads"),
  },
  {
    name: "log-two-histories",
    answers,
    // A device that believes its own entry to stand where it saw the end, and does not look when it does not.
    off: [
      {
        file: `${device}/logs/push.ts`,
        text: "position: { ...position, awaited: awaited.slice(-awaitedMax) },",
        by: "position: { ...position, awaited: [], end: position.end + Math.min(taken.length, awaitedMax, awaited.length) },",
      },
      anotherHistoryIsRepaired,
    ],
    test: serverTestOf("shows two devices different histories keeps neither from the other's"),
  },
];

/** The same misdeeds in front of the shipped server, over HTTP: by the row above, how the test there begins. */
const overHttp: Readonly<Record<string, string>> = {
  "log-replayed": "sends an old entry again",
  "log-duplicated": "sends one twice",
  "log-swapped-places": "changes the order of two",
  "log-turned-round": "turns the order round",
  "log-dropped-middle-seen": "drops one in the middle",
  "log-dropped-beginning": "drops the beginning",
  "log-rolled-back": "rolls back behind what the device holds",
  "log-swapped-headers": "swaps headers",
  "log-swapped-bodies": "swaps ciphertexts",
  "log-swapped-bodies-and-signatures": "swaps bodies with their signatures",
  "log-swapped-signatures": "swaps signatures",
  "log-spoiled-signature": "spoils a signature",
  "log-body-left-out": "leaves out a body that nobody erased",
  "log-changed-body": "changes a ciphertext",
  "log-forged-fork": "makes up a second beginning",
  "log-words-of-heads": "different to each of two is found out by itself",
};

export const defencesOfLogs: readonly Defence[] = [
  ...inMemory,
  ...inMemory.flatMap((defence) => {
    const does = overHttp[defence.name];
    return does === undefined ? [] : [{ ...defence, name: `http-${defence.name}`, test: httpTest(does) }];
  }),
];
