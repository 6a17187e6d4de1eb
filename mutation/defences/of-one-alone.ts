/** What somebody does alone at the shipped server that takes two, or takes something from everybody (SECURITY §2, §3, §6.10). */

import type { Defence, Replacement } from "./defence.ts";
import { contractTest, testIn } from "./shared.ts";

const server = "apps/server/src";
const controlTest = contractTest("control");
const lookedFor = (file: string, text: string, by: string): Replacement => ({ file: `${server}/${file}`, text, by });

export const defencesOfOneAlone: readonly Defence[] = [
  {
    name: "server-organisation-is-not-filled",
    answers: "SECURITY §6.10",
    off: [
      lookedFor(
        "storage/queries/append-control.ts",
        'if (isForKeepers && !(await isKeeper(connection, by))) return err({ type: "LogFull" });',
        'if (isForKeepers && log.end < 0) return err({ type: "LogFull" });',
      ),
    ],
    test: testIn(`${server}/storage/sqlite/sqlite.test.ts`)(
      "keeps room in the organisation's log for those who keep it",
    ),
  },
  {
    name: "server-recovery-stays-in-sight",
    answers: "SECURITY §2",
    off: [
      lookedFor(
        "relay/recovery.ts",
        "const urgent = [...known.filter(isAsked), ...ofState",
        "const urgent = [...known.toReversed(), ...known.filter(isAsked), ...ofState",
      ),
    ],
    test: testIn(`${server}/relay/logs.test.ts`)("stays in sight while it can be forbidden"),
  },
  {
    name: "server-recovery-that-was-used-is-shown",
    answers: "SECURITY §2",
    off: [
      lookedFor(
        "storage/queries/recovery.ts",
        "states.forbidden,\n    );\n  }\n  connection.tell",
        'states.forbidden,\n    );\n  }\n  await connection.ask("UPDATE recoveries SET state = $2 WHERE recovery_id = $1", recovery, states.forbidden);\n  connection.tell',
      ),
    ],
    test: testIn(`${server}/relay/logs.test.ts`)("that was used is shown as used for good"),
  },
  {
    name: "server-ended-sheets-read-nothing-more",
    answers: "SECURITY §2",
    off: [
      lookedFor(
        "storage/queries/recovery.ts",
        "       AND NOT EXISTS (SELECT 1 FROM ended_keys e\n         WHERE e.organisation = $1 AND e.receiving_key = recoveries.recovery_key)\n",
        "",
      ),
    ],
    test: testIn(`${server}/relay/logs.test.ts`)("and leaves no wraps when it is ended"),
  },
  {
    name: "server-recoveries-are-bounded",
    answers: "SECURITY §6.10",
    off: [
      lookedFor(
        "storage/queries/recovery.ts",
        "  await forgetForbidden(connection, organisation, bytesOfId(by.account));\n",
        "",
      ),
    ],
    test: testIn(`${server}/relay/logs.test.ts`)(
      "is asked for by nobody so often that the server keeps more and more of it",
    ),
  },
  {
    name: "server-comparison-of-many-costs-more",
    answers: "SECURITY §6.10",
    off: [
      lookedFor(
        "relay/positions.ts",
        "spend(by.account, Math.floor(positions.length / logsPerToken));",
        "spend(by.account, 0);",
      ),
    ],
    test: testIn(`${server}/relay/positions.test.ts`)("of very many logs counts as more than one request"),
  },
  {
    name: "server-fresh-sign-in-is-its-accounts-work",
    answers: "issue 4 §1: rate limits",
    off: [
      {
        file: `${server}/relay/sign-in.ts`,
        text: "return isFresh ? within(known, enter) : enter();",
        by: "return enter();",
      },
    ],
    test: testIn(`${server}/relay/positions.test.ts`)("is told to fresh devices of an account no oftener"),
  },
  {
    name: "server-fresh-sign-in-is-a-comparison",
    answers: "SECURITY §6.10",
    off: [
      lookedFor(
        "relay/sign-in.ts",
        "const positions = await positionsOf(by);",
        "const positions = await storage.positionsServed({ by, fromBucket: 0 });",
      ),
    ],
    test: testIn(`${server}/relay/positions.test.ts`)("is read for four at once in one organisation"),
  },
  {
    name: "server-lists-count-for-quotas",
    answers: "SECURITY §6.10",
    off: [lookedFor("storage/queries/append-control.ts", "+ listed * bytesPerKeyListed", "+ listed * 0")],
    test: controlTest("counts the lists that come with it as well"),
  },
  {
    name: "server-organisation-begins-so-many-logs",
    answers: "SECURITY §6.10",
    off: [
      lookedFor(
        "storage/queries/budget.ts",
        " || !hasRoom(total, wanted, quotas.organisation)) return false;",
        ") return false;",
      ),
    ],
    test: controlTest("begins no more cases than the organisation may"),
  },
  {
    name: "server-account-begins-so-many-logs",
    answers: "SECURITY §6.10",
    off: [lookedFor("storage/queries/budget.ts", "!hasRoom(own, wanted, quotas.account) || ", "")],
    test: controlTest("begins no more cases than one account may, together or one by one"),
  },
  {
    name: "server-account-begins-not-all-logs",
    answers: "SECURITY §6.10",
    off: [lookedFor("quotas.ts", "logs: Math.floor(organisation.logsMax / logsShare),", "logs: organisation.logsMax,")],
    test: testIn(`${server}/quotas.test.ts`)("are never all begun by one account"),
  },
  {
    name: "server-organisation-has-so-many-accounts",
    answers: "SECURITY §6.10",
    off: [
      lookedFor(
        "storage/queries/invitations.ts",
        'if ((await accountsOf(connection, organisation)) >= order.accountsMax) return err({ type: "QuotaReached" });',
        "",
      ),
    ],
    test: contractTest("invitations")("lets an organisation grow to so many accounts, those who left among them"),
  },
  {
    name: "server-organisation-takes-not-all-streams",
    answers: "SECURITY §6.10",
    off: [
      lookedFor("waking/streams.ts", "if (beside.length >= limits.streamsPerOrganisationMax) return undefined;", ""),
    ],
    test: testIn(`${server}/waking/streams.test.ts`)("are bounded for one account, one organisation and in all"),
  },
  {
    name: "server-erasure-by-two-accounts",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "storage/queries/erasure.ts",
        "return areInOrder && areNamed && authors.size === 2 && senders.size === 2;",
        "return areInOrder && areNamed && authors.size === 2 && senders.size > 0;",
      ),
    ],
    test: testIn(`${server}/relay/logs.test.ts`)("leaves husks, and says from when no backup holds the bodies"),
  },
  {
    name: "server-begins-nothing-that-is-there",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "storage/queries/begin-logs.ts",
        'return known.has(place) ? "begun" : "not-for-you";',
        'return "begun";',
      ),
    ],
    test: controlTest("begins many cases at once, each by itself, and again"),
  },
  {
    name: "server-begins-nothing-that-was-destroyed",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "storage/queries/begin-logs.ts",
        "if (there.has(control.logId) || shredded.has(control.logId))",
        "if (there.has(control.logId))",
      ),
    ],
    test: controlTest("begins nothing that two people have destroyed"),
  },
  {
    name: "server-begins-only-what-its-sender-is-served",
    answers: "SECURITY §2",
    off: [
      lookedFor(
        "storage/queries/begin-logs.ts",
        'if (!control.serving.keys.some((key) => own.has(key))) return "not-for-you";',
        "",
      ),
    ],
    test: controlTest("begins many cases at once, each by itself, and again"),
  },
  {
    name: "server-begins-within-the-quota",
    answers: "SECURITY §6.10",
    off: [
      lookedFor(
        "storage/queries/begin-logs.ts",
        'if (!budget.take(by.account, roomOf(control), quotas)) return "quota";',
        "const all = { logs: 1e9, entries: 1e9, bytes: 1e12 }; budget.take(by.account, roomOf(control), { account: all, organisation: all });",
      ),
    ],
    test: controlTest("begins many cases at once, each by itself, and again"),
  },
  {
    name: "server-wraps-beside-entries-fit",
    answers: "SECURITY §6.10",
    off: [
      lookedFor(
        "relay/logs.ts",
        "return found.slice(0, fitting(found, bytesMax, headBytes));",
        "return found.slice(0, fitting(found, Infinity, headBytes + bytesMax));",
      ),
    ],
    test: testIn(`${server}/relay/logs.test.ts`)("come with the entries they belong to where that was asked for"),
  },
  {
    name: "server-organisation-leaves-room-in-the-store",
    answers: "SECURITY §6.10",
    off: [lookedFor("storage/assemble.ts", "isGathered(name) ? order() : inTurn(inQueue, question, order)", "order()")],
    test: testIn(`${server}/storage/assemble.test.ts`)("works on a few questions of one organisation at once"),
  },
  {
    name: "server-organisation-leaves-room-at-the-door",
    answers: "SECURITY §6.10",
    off: [
      lookedFor(
        "bounds/bounds.ts",
        "ofOrganisation.of(organisation) >= options.atOnceOfOrganisationMax",
        "ofOrganisation.of(organisation) >= options.atOnceInAllMax",
      ),
    ],
    test: testIn(`${server}/bounds/bounds.test.ts`)("is bounded for one organisation"),
  },
  {
    name: "server-wraps-are-counted-before-they-are-read",
    answers: "SECURITY §6.10",
    off: [lookedFor("storage/queries/wraps.ts", "return wraps > wrapsPerReadMax;", "return wraps < 0;")],
    test: contractTest("wraps")("of many logs are read as long as an answer could carry them"),
  },
];
