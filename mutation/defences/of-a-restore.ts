/** A server that comes back: what no restore and no outage brings anybody (SECURITY §2, §3, §6.6). */

import type { Defence, Replacement } from "./defence.ts";
import { contractTest, testIn } from "./shared.ts";

const server = "apps/server/src";
const backupTest = testIn(`${server}/backup/backup.test.ts`);
const ledgerTest = testIn(`${server}/backup/ledger.test.ts`);
const restoringTest = ledgerTest(
  "puts no other in its place before the ledger does, nor does anybody take a place that was closed since",
);
const logsTest = testIn(`${server}/relay/logs.test.ts`);
const lookedFor = (file: string, text: string, by: string): Replacement => ({ file: `${server}/${file}`, text, by });

export const defencesOfARestore: readonly Defence[] = [
  {
    name: "restore-ends-what-waited",
    answers: "SECURITY §2",
    off: [lookedFor("storage/queries/restoring.ts", "  await endWaitingRecoveries(connection);\n", "")],
    test: backupTest("ends a recovery that waited when it was taken"),
  },
  {
    name: "outage-counts-for-nobody",
    answers: "SECURITY §2",
    off: [lookedFor("storage/queries/recovery.ts", "return until < now ? until : now;", "return now;")],
    test: logsTest("counts no hour at which no server was up"),
  },
  {
    name: "outage-is-added",
    answers: "SECURITY §2",
    off: [lookedFor("storage/queries/recovery.ts", "  if (isPause) {\n", "  if (isPause && passed < 0) {\n")],
    test: logsTest("counts no hour at which no server was up"),
  },
  {
    name: "restore-signs-nobody-in",
    answers: "issue 4 §1: devices revoked at once",
    off: [
      lookedFor("storage/snapshot.ts", 'const everything = "1 = 1";', 'const everything = "1 = 0";'),
      lookedFor(
        "storage/snapshot.ts",
        'const tokensAndChallenges = "kind >= 3";',
        'const tokensAndChallenges = "kind = 0";',
      ),
    ],
    test: backupTest("signs nobody in: what a token was good for when it was taken, it is good for no more"),
  },
  {
    name: "restore-keeps-no-used-challenge",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "storage/snapshot.ts",
        'const tokensAndChallenges = "kind >= 3";',
        'const tokensAndChallenges = "kind = 3";',
      ),
    ],
    test: contractTest("running")(
      "brings back no sign-in, no open invitation and no waiting recovery, so that nobody gains by a restore",
    ),
  },
  {
    name: "restore-proves-before-it-writes",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "backup/restore.ts",
        "  if (!proved.ok) return proved;\n  const begun = await storage.beginRestore({ now });\n",
        "  const begun = await storage.beginRestore({ now });\n  if (!proved.ok) return proved;\n",
      ),
    ],
    test: backupTest("is proved as a whole before a row of it is written"),
  },
  {
    name: "restore-half-done-is-not-opened",
    answers: "SECURITY §3",
    off: [lookedFor("open-storage.ts", "if (!opened.ok || restores ||", "if (!opened.ok || restores || opened.ok ||")],
    test: backupTest("leaves a store that no server opens, and the next try begins anew"),
  },
  {
    name: "restore-replays-ended-keys",
    answers: "SECURITY §2",
    off: [
      lookedFor(
        "backup/ledger.ts",
        "replay: (storage, rows) => storage.replayEndedKeys({ rows }),",
        "replay: () => Promise.resolve(),",
      ),
    ],
    test: backupTest("never brings back what the sheets of a recovery opened"),
  },
  {
    name: "restore-with-the-newest-ledger",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "backup/restore.ts",
        'if (header.part !== file.part || header.takenAt !== file.takenAt) return err({ type: "NotWhole" });',
        "",
      ),
    ],
    test: backupTest("no older ledger passes for the newest by its name"),
  },
  {
    name: "restore-with-every-ledger",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "backup/restore.ts",
        "for (const [age, file] of chosen.ledgers.entries()) {",
        "for (const [age, file] of chosen.ledgers.slice(0, 1).entries()) {",
      ),
    ],
    test: ledgerTest("is replayed: one of a clock that ran ahead lets nobody in who has left since"),
  },
  {
    name: "restore-with-the-later-password-first",
    answers: "SECURITY §2",
    off: [lookedFor("backup/restore.ts", 'part === "ledger").toReversed();', 'part === "ledger");')],
    test: ledgerTest("and of two passwords of one generation takes the one of the later name"),
  },
  {
    name: "restore-brings-back-no-password-of-a-lost-time",
    answers: "SECURITY §2",
    off: [lookedFor("backup/restore.ts", "if (said.isLettingIn && !isOfThisTime) return true;", "")],
    test: ledgerTest("lets nobody in by a password of a time that was restored over, and keeps out who left in it"),
  },
  {
    name: "restore-writes-no-row-of-no-organisation",
    answers: "SECURITY §3",
    off: [lookedFor("backup/ledger.ts", "cell.length === organisationDigits && fromHex(cell) !== undefined", "true")],
    test: ledgerTest("is refused as a whole where a row of it is none"),
    outcome: "Error",
  },
  {
    name: "restore-passes-over-no-later-ledger",
    answers: "SECURITY §3",
    off: [lookedFor("backup/restore.ts", "file === ledgers[0] || file.takenAt >= logs.takenAt", "file === ledgers[0]")],
    test: ledgerTest("must be whole and for this key if it came after the backup"),
  },
  {
    name: "restore-takes-no-replaced-password",
    answers: "SECURITY §2",
    off: [
      lookedFor(
        "backup/ledger.ts",
        "replay: (storage, rows) => storage.replayPasswords({ rows }),",
        "replay: () => Promise.resolve(),",
      ),
    ],
    test: ledgerTest("signs in by a password that was changed since, with its vault, and no more by the one before"),
  },
  {
    name: "restore-takes-no-older-password",
    answers: "SECURITY §2",
    off: [
      lookedFor(
        "storage/queries/people-since.ts",
        "AND account_id = $2 AND generation < $3 RETURNING",
        "AND account_id = $2 RETURNING",
      ),
    ],
    test: ledgerTest("never puts a password in the place of a newer one, nor anybody there who was not"),
  },
  {
    name: "restore-lets-nobody-in-before-its-end",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "storage/queries/accounts.ts",
        'if (await isRestoring(connection)) return err({ type: "StoreRestoring" });',
        "",
      ),
    ],
    test: ledgerTest("lets nobody in by a server that was running before, until the ledger is replayed"),
  },
  {
    name: "restore-takes-no-password-before-its-end",
    answers: "SECURITY §2",
    off: [
      lookedFor("storage/queries/accounts.ts", 'if (isEarly) return err({ type: "StoreRestoring" });', "void isEarly;"),
    ],
    test: restoringTest,
  },
  {
    name: "restore-opens-no-place-before-its-end",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "storage/queries/invitations.ts",
        'if (await isRestoring(connection)) return err({ type: "StoreRestoring" });',
        "void isRestoring;",
      ),
    ],
    test: restoringTest,
  },
  {
    name: "restore-lets-nobody-in-who-left",
    answers: "issue 4 §1: devices revoked at once",
    off: [
      lookedFor(
        "backup/ledger.ts",
        "replay: (storage, rows) => storage.replayLeavers({ rows }),",
        "replay: () => Promise.resolve(),",
      ),
    ],
    test: ledgerTest("lets nobody in who has left since"),
  },
  {
    name: "recovery-that-was-used-leaves-no-wraps",
    answers: "SECURITY §2",
    off: [
      lookedFor(
        "storage/queries/recovery.ts",
        'if (numberIn(before, "state") === states.used) {',
        'if (numberIn(before, "state") < 0) {',
      ),
    ],
    test: logsTest("leaves no wraps when it is ended"),
  },
  {
    name: "backup-that-was-killed-goes",
    answers: "SECURITY §3",
    off: [
      lookedFor("backup/backup.ts", "if (!isFinished) return unfinishedHoursMax;", "if (!isFinished) return Infinity;"),
    ],
    test: backupTest("that was killed is restored by nobody, and its files go with a later one"),
  },
  {
    name: "backup-is-gone-on-its-day",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "backup/backup.ts",
        'days[part === "ledger" ? "logs" : part] * 24 - backupHoursMax;',
        'days[part === "ledger" ? "logs" : part] * 24;',
      ),
    ],
    test: backupTest("is gone on the day that people were shown"),
  },
  {
    name: "password-given-back-by-who-signed",
    answers: "SECURITY §2",
    off: [lookedFor("relay/account.ts", "if (!isSigned || known === undefined ||", "if (known === undefined ||")],
    test: testIn(`${server}/relay/sign-in.test.ts`)("is given back to a server that was put back to before it"),
  },
  {
    name: "password-is-given-back",
    answers: "issue 4 §1: restore",
    off: [
      {
        file: "packages/device/src/account/sign-in.ts",
        text: "if (await repeatPastChanges(unlocked)) return true;",
        by: "",
      },
    ],
    test: testIn("tests/device/put-back.test.ts")("is given again a password that was changed since"),
    outcome: "Error: A test's own step was refused",
  },
  {
    name: "newcomer-comes-again",
    answers: "issue 4 §1: restore",
    off: [
      {
        file: "packages/device/src/account/sign-in.ts",
        text: "const isThere = await answerAgain(unlocked);",
        by: "const isThere = unlocked === undefined;",
      },
    ],
    test: testIn("tests/device/put-back.test.ts")("lets in again under their own keys who came since"),
    outcome: "Error: A test's own step was refused",
  },
  {
    name: "who-left-comes-not-again",
    answers: "SECURITY §3",
    off: [
      {
        file: "packages/device/src/access/lost-places.ts",
        text: "return person !== undefined && !person.hasLeft;",
        by: "return person !== undefined;",
      },
    ],
    test: testIn("tests/device/put-back.test.ts")("and nobody who has left"),
  },
  {
    name: "restore-beside-a-server",
    answers: "SECURITY §6.6",
    off: [lookedFor("open-storage.ts", 'holds: holds ? (restores ? "alone" : "shared") : undefined,', "")],
    test: testIn("tests/storage/postgres.test.ts")(
      "on which a server runs is refused, and so is a server, or a second restore, while one is at work",
    ),
  },
  {
    name: "restore-over-a-lost-hold",
    answers: "SECURITY §6.6",
    off: [
      lookedFor(
        "storage/postgres/open.ts",
        'if (holds === "alone" && hold?.isHeld() !== true)',
        "if (url.length === 0)",
      ),
    ],
    test: testIn("tests/storage/postgres.test.ts")("ends where its own connection did"),
    outcome: "Error: expected 'written' to contain 'HOLD_LOST'",
  },
  {
    name: "crash-half-of-any-order",
    answers: "SECURITY §6.6",
    // Each statement by itself, in no transaction.
    off: [
      lookedFor("storage/sqlite/thread.ts", 'connection.database.exec("BEGIN IMMEDIATE");', ""),
      lookedFor("storage/sqlite/thread.ts", 'connection.database.exec("COMMIT");', ""),
      lookedFor("storage/sqlite/thread.ts", 'connection.database.exec("SAVEPOINT one");', ""),
      lookedFor("storage/sqlite/thread.ts", 'connection.database.exec("RELEASE one");', ""),
    ],
    test: testIn("tests/storage/sqlite-story.test.ts")("wherever the write-ahead log was cut"),
  },
];
