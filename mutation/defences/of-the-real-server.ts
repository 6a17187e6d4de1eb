/** The shipped server: doors, what it judges by form, and what it must not lose (SECURITY §6.5, §6.6, §6.10). */

import type { Defence, Replacement } from "./defence.ts";
import { testIn } from "./shared.ts";

const server = "apps/server/src";
const doorsTest = testIn(`${server}/relay/doors.test.ts`);
const memberTest = testIn("tests/server/hostile-member.test.ts");
const crashTest = testIn("tests/storage/sqlite-crash.test.ts");
const headersTest = testIn(`${server}/headers.test.ts`);

const onlyWhoIsServed: Replacement = {
  file: `${server}/storage/sqlite/connection.ts`,
  text: '      AND s.reader_key IN (${readerKeys("$1", "$2")}))`;',
  by: '      AND (s.log > 0 OR s.reader_key IN (${readerKeys("$1", "$2")})))`;',
};

const lookedFor = (file: string, text: string, by: string): Replacement => ({ file: `${server}/${file}`, text, by });

const whoLeavesIsSentAway = lookedFor(
  "storage/queries/append-control.ts",
  "for (const leaver of leavers) await sendAway(connection, by, leaver, now);",
  "if (leavers.length > 1_000_000) await sendAway(connection, by, leavers.join(), now);",
);

const doors: readonly Defence[] = [
  {
    name: "door-without-token",
    answers: "SECURITY §6.5",
    // Whoever was let in last lends it to who comes without.
    off: [
      lookedFor(
        "relay/relay.ts",
        "const found = await storage.signInByToken({ tokenHash, now });",
        `const found: Awaited<ReturnType<typeof storage.signInByToken>> =
      (await storage.signInByToken({ tokenHash, now })) ?? Reflect.get(globalThis, "found");
    Reflect.set(globalThis, "found", found);`,
      ),
    ],
    test: doorsTest("is shut to nobody, and to who left"),
  },
  {
    name: "door-to-who-left",
    answers: "SECURITY §6.5",
    off: [whoLeavesIsSentAway],
    test: doorsTest("is shut to nobody, and to who left"),
  },
  {
    name: "door-for-keepers",
    answers: "SECURITY §6.5",
    off: [
      lookedFor(
        "relay/relay.ts",
        'return askers[name] === "keeper" && !signedIn.value.isKeeper ? refused("NotForYou") : signedIn;',
        "return signedIn;",
      ),
    ],
    test: doorsTest("is shut to who is no keeper"),
  },
  {
    name: "door-to-outsiders",
    answers: "SECURITY §6.5",
    off: [onlyWhoIsServed],
    test: doorsTest("tells outsiders the same of a case, of another's and of none, by the same work"),
  },
  {
    name: "door-to-outsiders-same-work",
    answers: "SECURITY §6.5",
    // One question more where there is something: the answers are the same, and the work is not.
    off: [
      lookedFor(
        "relay/logs.ts",
        "    const listed = await storage.hashesAfter({ by, logId, after, hashesMax: hashesPerPageMax });\n",
        `    const listed = await storage.hashesAfter({ by, logId, after, hashesMax: hashesPerPageMax });
    const readers = await storage.accountsServed({ organisation: by.organisation, logId });
    if (readers.length > 0) await storage.servedLog({ by, logId });
`,
      ),
    ],
    test: doorsTest("tells outsiders the same of a case, of another's and of none, by the same work"),
  },
  {
    name: "door-of-the-organisation-s-log",
    answers: "SECURITY §6.5",
    off: [
      lookedFor(
        "storage/queries/accounts.ts",
        'isKeeper: numberIn(row, "is_keeper") === 1,\n    loginPublic',
        'isKeeper: numberIn(row, "is_keeper") >= 0,\n    loginPublic',
      ),
    ],
    test: doorsTest("is shut to who is no keeper"),
  },
];

const form: readonly Defence[] = [
  {
    name: "server-case-of-others",
    answers: "SECURITY §6.2",
    off: [onlyWhoIsServed],
    test: memberTest("answers nothing of a case that they are not served, and takes nothing for it"),
  },
  {
    name: "server-entry-of-another-log",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "relay/incoming.ts",
        'if (header.logId !== logId || ciphertext === undefined) return { kind: "malformed" };',
        'if (ciphertext === undefined) return { kind: "malformed" };',
      ),
    ],
    test: memberTest("takes no entry of another log, without its body, after what is not there"),
  },
  {
    name: "server-husk",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "relay/incoming.ts",
        'if (header.logId !== logId || ciphertext === undefined) return { kind: "malformed" };',
        'if (header.logId !== logId) return { kind: "malformed" };',
      ),
    ],
    test: memberTest("takes no entry of another log, without its body, after what is not there"),
  },
  {
    name: "server-control-behind-the-last",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "relay/incoming.ts",
        "if (header.control !== after || ciphertext === undefined) return undefined;",
        "if (ciphertext === undefined) return undefined;",
      ),
    ],
    test: memberTest("puts a control entry nowhere but behind the last one"),
  },
  {
    name: "server-keepers-alone",
    answers: "SECURITY §2",
    off: [lookedFor("relay/answers.ts", '"open-invitation": "keeper",', '"open-invitation": "member",')],
    test: memberTest("lets nobody but a keeper open a place, forbid a recovery, or say whom the organisation serves"),
  },
  {
    name: "server-colleague-s-keys-as-recovery",
    answers: "SECURITY §2",
    off: [
      lookedFor(
        "relay/recovery.ts",
        'if (await storage.isReaderKey({ organisation: by.organisation, key: recoveryKey })) return refused("NotForYou");',
        "",
      ),
    ],
    test: memberTest("hands out no colleague's keys as if theirs were the recovery key"),
  },
  {
    name: "server-recovery-ended-by-who-asked",
    answers: "SECURITY §2",
    off: [
      lookedFor(
        "storage/queries/recovery.ts",
        "AND (a.is_keeper = 1 OR a.account_id = r.asked_by)",
        "AND (a.is_keeper >= 0 OR a.account_id = r.asked_by)",
      ),
    ],
    test: testIn(`${server}/relay/logs.test.ts`)("is ended by whoever asked for it as well, and by no other colleague"),
  },
  {
    name: "server-organisation-head-nowhere",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "storage/queries/append-entries.ts",
        "organisationHead === undefined || heads.has(organisationHead);",
        "organisationHead === undefined || heads.size >= 0;",
      ),
    ],
    test: testIn(`${server}/relay/logs.test.ts`)("takes nothing that names an organisation head which is nowhere"),
  },
  {
    name: "server-compare-and-swap",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "storage/queries/append-control.ts",
        'if (control.after !== tip) return err({ type: "ControlTipMoved", tip });',
        "",
      ),
    ],
    test: testIn(`${server}/relay/logs.test.ts`)("takes one after the other, tells who came second what is there"),
  },
  {
    name: "server-erasure-by-two",
    answers: "SECURITY §3",
    off: [
      lookedFor(
        "storage/queries/erasure.ts",
        "return areInOrder && areNamed && authors.size === 2 && senders.size === 2;",
        "return areInOrder || areNamed || authors.size + senders.size > 0;",
      ),
    ],
    test: memberTest("erases and shreds nothing on the word of one"),
  },
  {
    name: "server-who-left",
    answers: "SECURITY §6.2",
    off: [whoLeavesIsSentAway],
    test: memberTest("is over once they have left: every request is refused, and nothing they kept ready is taken"),
  },
];

const crashes: readonly Defence[] = [
  {
    name: "crash-half-an-order",
    answers: "SECURITY §6.6",
    // Each statement by itself, in no transaction.
    off: [
      lookedFor("storage/sqlite/thread.ts", 'connection.database.exec("BEGIN IMMEDIATE");', ""),
      lookedFor("storage/sqlite/thread.ts", 'connection.database.exec("COMMIT");', ""),
      lookedFor("storage/sqlite/thread.ts", 'connection.database.exec("SAVEPOINT one");', ""),
      lookedFor("storage/sqlite/thread.ts", 'connection.database.exec("RELEASE one");', ""),
    ],
    test: crashTest("has every order whole or not at all, wherever its write-ahead log was cut"),
  },
  {
    name: "crash-acknowledged-too-early",
    answers: "SECURITY §6.6",
    // What is acknowledged of contents is committed with the next order.
    off: [
      lookedFor(
        "storage/sqlite/thread.ts",
        'connection.database.exec("BEGIN IMMEDIATE");',
        'if (connection.database.isTransaction) connection.database.exec("COMMIT;");\n  connection.database.exec("BEGIN IMMEDIATE");',
      ),
      lookedFor(
        "storage/sqlite/thread.ts",
        'connection.database.exec("COMMIT");',
        'if (calls.some(({ name }) => name !== "appendEntries")) connection.database.exec("COMMIT");',
      ),
    ],
    test: crashTest("leaves all that was acknowledged and half of nothing"),
  },
  {
    name: "crash-sync",
    answers: "SECURITY §6.6",
    off: [lookedFor("storage/sqlite/connection.ts", "PRAGMA synchronous = FULL", "PRAGMA synchronous = OFF")],
    test: testIn(`${server}/storage/sqlite/sqlite.test.ts`)(
      "waits for the disk before it says that something is written",
    ),
  },
  {
    name: "crash-postgresql-sync",
    answers: "SECURITY §6.6",
    off: [lookedFor("storage/postgres/pool.ts", "-c synchronous_commit=on", "-c synchronous_commit=off")],
    test: testIn("tests/storage/postgres-crash.test.ts")(
      "answers nothing that is not there after PostgreSQL was killed at order",
    ),
  },
  {
    name: "crash-device-half-a-batch",
    answers: "SECURITY §6.6",
    off: [
      {
        file: "packages/device/src/node/disk-store.ts",
        text: '    database.exec("BEGIN IMMEDIATE");\n    for (const { name, value } of changes) {',
        by: "    for (const { name, value } of changes) {",
      },
      {
        file: "packages/device/src/node/disk-store.ts",
        text: '    database.exec("COMMIT");\n    // What they said',
        by: "    // What they said",
      },
    ],
    test: testIn("packages/device/src/store/store.test.ts")(
      "has written nothing of a batch with something in it that is no value",
    ),
  },
  {
    name: "crash-device-acknowledged-too-early",
    answers: "SECURITY §6.6",
    off: [
      {
        file: "packages/device/src/node/disk-store.ts",
        text: '    database.exec("BEGIN IMMEDIATE");\n    for (const { name, value } of changes) {',
        by: '    if (database.isTransaction) database.exec("COMMIT");\n    database.exec("BEGIN IMMEDIATE");\n    for (const { name, value } of changes) {',
      },
      {
        file: "packages/device/src/node/disk-store.ts",
        text: '    database.exec("COMMIT");\n    // What they said',
        by: "    // What they said",
      },
    ],
    test: testIn("packages/device/src/store/store.test.ts")(
      "holds everything it has acknowledged, and half of nothing, when the program is killed",
    ),
  },
  {
    name: "crash-device-sync",
    answers: "SECURITY §6.6",
    off: [
      {
        file: "packages/device/src/node/disk-store.ts",
        text: "PRAGMA synchronous = FULL",
        by: "PRAGMA synchronous = NORMAL",
      },
    ],
    test: testIn("packages/device/src/store/store.test.ts")(
      "waits for the disk before it says that something is written",
    ),
  },
];

const headers: readonly Defence[] = [
  {
    name: "header-frames",
    answers: "SECURITY §5",
    off: [lookedFor("headers.ts", `    "frame-ancestors 'none'",\n`, "")],
    test: headersTest("trust nothing but our own files, and no text that turns into markup"),
  },
  {
    name: "header-trusted-types",
    answers: "SECURITY §5",
    off: [
      lookedFor(
        "headers.ts",
        `trustedTypesPolicies.length === 0 ? "'none'"`,
        `trustedTypesPolicies.length === 0 ? "*"`,
      ),
    ],
    test: headersTest("refuse every Trusted Types policy when none is named"),
  },
  {
    name: "header-referrer",
    answers: "SECURITY §5",
    off: [lookedFor("headers.ts", '"referrer-policy": "no-referrer",', '"referrer-policy": "origin",')],
    test: headersTest("keep the page to itself, and its origin from others"),
  },
  {
    name: "header-features",
    answers: "SECURITY §5",
    off: [lookedFor("headers.ts", '  "geolocation",\n', "")],
    test: headersTest("close everything that a page could ask of the device"),
  },
  {
    name: "header-camera-for-cases-alone",
    answers: "SECURITY §5",
    off: [
      lookedFor(
        "headers.ts",
        'isForCases && feature === "camera"',
        'isForCases && (feature === "camera" || feature === "microphone")',
      ),
    ],
    test: headersTest("leave the case files what they need more: WebAssembly, and the camera to read an invitation"),
  },
  {
    name: "request-of-another-page",
    answers: "SECURITY §5",
    off: [
      lookedFor(
        "api/api-routes.ts",
        "return isOwnSite && (headers.origin === undefined || headers.origin === origin);",
        "return isOwnSite || headers.origin !== origin;",
      ),
    ],
    test: testIn(`${server}/api/api.test.ts`)("from a page of another origin is refused before it is read"),
  },
  {
    name: "request-as-long-as-it-likes",
    answers: "SECURITY §6.10",
    off: [
      lookedFor(
        "api/api-routes.ts",
        "{ bodyLimit: wire[name].requestBytesMax, onRequest }",
        "{ bodyLimit: 2 * wire[name].requestBytesMax, onRequest }",
      ),
      lookedFor(
        "relay/relay.ts",
        'if (bytesComing !== undefined && bytesComing > wire[name].requestBytesMax) return refused("TooLarge");',
        "",
      ),
      lookedFor("relay/relay.ts", 'if (bytes.length > row.requestBytesMax) return refused("TooLarge");', ""),
    ],
    test: testIn(`${server}/api/api.test.ts`)("takes a body up to its limit and not beyond"),
  },
];

export const defencesOfTheServer: readonly Defence[] = [...doors, ...form, ...crashes, ...headers];
