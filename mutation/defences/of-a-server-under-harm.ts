/**
 * The shipped server under somebody who means harm, or on a bad day: one who closes, fills, floods or copies, a clock that is
 * wrong, a thread that dies (SECURITY §5, §6.2, §6.10).
 */

import type { Defence, Replacement } from "./defence.ts";
import { contractPart, contractTest, testIn } from "./shared.ts";

const server = "apps/server/src";
const off = (file: string, text: string, by: string): Replacement => ({ file: `${server}/${file}`, text, by });
const memberTest = testIn("tests/server/hostile-member.test.ts");
const fileTest = testIn(`${server}/storage/sqlite/sqlite.test.ts`);
const apiTest = testIn(`${server}/api/api.test.ts`);
const connectionTest = testIn(`${server}/http-server.test.ts`);

const closing: readonly Defence[] = [
  {
    name: "harm-keepers-stay-served",
    answers: "SECURITY §6.2",
    off: [off("storage/queries/serving.ts", "  await addServed(connection, by, log, takenOff);\n", "")],
    test: memberTest("closes no case for those who can put it right"),
  },
  {
    name: "harm-list-without-its-sender",
    answers: "SECURITY §6.2",
    off: [
      off(
        "storage/queries/append-control.ts",
        'if (!isOnIt && !leavers.includes(by.account)) return err({ type: "NotKeeper" });',
        'if (!isOnIt && leavers.length > 1_000_000) return err({ type: "NotKeeper" });',
      ),
    ],
    test: memberTest("closes no case for those who can put it right"),
  },
  {
    name: "harm-list-of-nobody",
    answers: "SECURITY §6.2",
    off: [
      off(
        "relay/incoming.ts",
        "if ((after === undefined || append.serving !== undefined) && !isServed(append.serving)) return undefined;",
        "if (after === undefined && !isServed(append.serving)) return undefined;",
      ),
    ],
    test: memberTest("closes no case for those who can put it right"),
  },
];

const keeperWhoCloses: Defence = {
  name: "harm-keeper-who-closes",
  answers: "SECURITY §6.2",
  off: [
    off(
      "storage/queries/append-control.ts",
      "for (const key of change.leavers) await serveWhatNobodyIs(connection, organisation, bytesOfId(key));",
      "",
    ),
  ],
  test: contractTest("control")("of a keeper who took all others off is put right by sending them away"),
};

const filling: readonly Defence[] = [
  {
    name: "harm-share-of-a-log",
    answers: "SECURITY §6.2",
    off: [off("storage/queries/append-entries.ts", " || isShareUsed(log.shares, by.account)", "")],
    test: fileTest("lets one account write only its share of a case that is long, and others go on"),
  },
  {
    name: "harm-share-of-the-control-line",
    answers: "SECURITY §6.2",
    off: [
      off(
        "storage/queries/append-control.ts",
        'if (await controlShareIsUsed(connection, by, log, control.kind)) return err({ type: "LogFull" });',
        "",
      ),
    ],
    test: fileTest("keeps places for control entries that no single account can use up, and the last for keepers"),
  },
  {
    name: "harm-last-places-for-keepers",
    answers: "SECURITY §6.2",
    off: [
      off(
        "storage/queries/append-control.ts",
        "case: entriesPerLogMax - controlEntriesReserved / 2,",
        "case: entriesPerLogMax,",
      ),
    ],
    test: fileTest("keeps places for control entries that no single account can use up, and the last for keepers"),
  },
  {
    name: "harm-reserve-of-the-quota",
    answers: "SECURITY §3",
    off: [off("storage/queries/append-control.ts", "room, withReserve(order.quotas))", "room, order.quotas)")],
    test: contractTest("control")(
      "finds room where contents have used all: who reads is changed and a leaver sent away",
    ),
  },
  {
    name: "harm-room-of-what-was-erased",
    answers: "SECURITY §3",
    off: [off("storage/queries/erasure.ts", "  await giveBack(connection, organisation, freed);\n", "")],
    test: contractTest("erasure")("makes room for others of the organisation, once"),
  },
  {
    name: "harm-places-out-of-sight",
    answers: "SECURITY §5",
    off: [off("storage/queries/invitations.ts", ' || numberIn(row, "own") >= openMax', "")],
    test: contractTest("invitations")(
      "counts until it is closed, so that no answer is out of sight, and leaves room for others",
    ),
  },
  {
    name: "harm-place-closed-by-others",
    answers: "SECURITY §6.5",
    off: [off("storage/queries/invitations.ts", "a.account_id = $3 AND a.is_keeper = 1 AND", "a.account_id = $3 AND")],
    test: contractTest("invitations")("is closed by whoever opened it and by a keeper, and by no other colleague"),
  },
  {
    name: "harm-door-without-a-row",
    answers: "SECURITY §6.5",
    off: [
      off(
        "api/operator-routes.ts",
        'app.get("/metrics", async',
        'app.get("/numbers", () => "all");\n    app.get("/metrics", async',
      ),
    ],
    test: testIn(`${server}/api/routes.test.ts`)("every route", "has a row here"),
  },
];

const flooding: readonly Defence[] = [
  {
    name: "harm-body-of-a-stranger",
    answers: "SECURITY §5",
    off: [
      off("relay/relay.ts", 'return isLittle || askers[name] === "anyone" ?', "return isLittle || name.length > 0 ?"),
    ],
    test: apiTest("of somebody who is not signed in is refused before it is read"),
  },
  {
    name: "harm-rate-before-the-body",
    answers: "SECURITY §5",
    off: [
      off(
        "relay/relay.ts",
        'const limited = bounds.takeFrom(from, askers[name] === "anyone");',
        "const limited = from === name ? bounds.takeFrom(from, false) : undefined;",
      ),
    ],
    test: apiTest("from one address waits before its body is read, whoever sends it"),
  },
  {
    name: "harm-rate-of-pages",
    answers: "SECURITY §5",
    off: [off("server.ts", "takePage: (from) => pages.take(networkOf(from)),", "")],
    test: apiTest("pages from one address wait as well, and elsewhere they do not"),
  },
  {
    name: "harm-health-once-a-second",
    answers: "SECURITY §5",
    off: [off("api/operator-routes.ts", "asked !== undefined && milliseconds() < asked.endsAt", "asked === null")],
    test: apiTest("health asks the store once a second, however many ask"),
  },
  {
    name: "harm-connections-of-one-address",
    answers: "SECURITY §5",
    off: [
      off("http-server.ts", "if (leave === undefined) socket.destroy();", "if (leave === undefined) socket.ref();"),
    ],
    test: connectionTest("of one address are bounded, and the next is closed without an answer"),
  },
  {
    name: "harm-requests-behind-a-proxy",
    answers: "SECURITY §5",
    off: [
      off("app.ts", 'if (leave === undefined) return "TooManyRequests";', "if (leave === undefined) return undefined;"),
    ],
    test: connectionTest("asked at the same time of one address are bounded where a proxy speaks for it"),
  },
  {
    name: "harm-copied-sign-in",
    answers: "SECURITY §2",
    off: [
      off(
        "storage/queries/accounts.ts",
        'if (!(await useChallenge(connection, order.challenge, organisation))) return err({ type: "ChallengeUsed" });',
        "",
      ),
    ],
    test: contractTest("accounts")(
      "signs in once with one challenge, on whatever device, until nobody could know it any more",
    ),
  },
  {
    name: "harm-password-changed-meanwhile",
    answers: "SECURITY §2",
    off: [
      off(
        "storage/queries/accounts.ts",
        'if (!equalBytes(account.loginPublic, order.loginPublic)) return err({ type: "PasswordChanged" });',
        "",
      ),
    ],
    test: contractTest("accounts")(
      "lets nobody in with the password before, whose signature was looked at while it changed",
    ),
  },
];

const badDays: readonly Defence[] = [
  {
    name: "harm-clock-years-ahead",
    answers: "SECURITY §4",
    off: [off("storage/queries/waking.ts", "slot + aheadMillisecondsMax,", "Number.MAX_SAFE_INTEGER,")],
    test: contractTest("waking")("comes again soon after a server whose clock was years ahead has taken its turn"),
  },
  {
    name: "harm-thread-that-died",
    answers: "SECURITY §6.6",
    off: [off("storage/sqlite/thread-of.ts", "isItsLast || !running.isGone()", "isItsLast || running !== undefined")],
    test: fileTest("goes on with another thread after one has died, and answers what it asked then"),
  },
  {
    name: "harm-order-that-fails-others",
    answers: "SECURITY §6.10",
    off: [
      off(
        "storage/sqlite/open.ts",
        "const isShared = orders.length > 1 && isOfOneOrder(failed);",
        "const isShared = false;",
      ),
    ],
    test: fileTest("fails for what the file does not take that order alone, and not those that share its transaction"),
  },
  {
    name: "harm-order-that-fails-others-in-postgresql",
    answers: "SECURITY §6.10",
    off: [
      off(
        "storage/postgres/open.ts",
        "const isShared = together.length > 1 && isOfOneOrder(failed.error);",
        "const isShared = false;",
      ),
    ],
    test: {
      ...testIn("tests/storage/postgres.test.ts")(
        "fail by themselves: an order of ours that is wrong fails nobody else's",
      ),
      suite: contractPart("at-once"),
    },
  },
  {
    name: "harm-disk-full-unseen",
    answers: "SECURITY §6.10",
    off: [
      off(
        "server.ts",
        "if (milliseconds() - writtenAt < markMilliseconds) return storage.ping();",
        "if (milliseconds() > writtenAt) return storage.ping();",
      ),
    ],
    test: apiTest("health sees a store that answers and takes nothing more"),
  },
  {
    name: "harm-backup-cut-by-a-full-disk",
    answers: "SECURITY §6.6",
    off: [
      off(
        "backup/sealed-file.ts",
        "await file.appendFile(concat(bytesOfLength(sealed.length)",
        "await file.write(concat(bytesOfLength(sealed.length)",
      ),
    ],
    test: testIn(`${server}/backup/sealed-file.test.ts`)(
      "a chunk of which the disk takes a part fails, and the file does not get its name",
    ),
  },
  {
    name: "harm-resolver-that-filters",
    answers: "SECURITY §4",
    off: [
      off(
        "waking/egress.ts",
        'going.on("error", () => resolve("failed"));',
        'going.on("error", () => resolve("gone"));',
      ),
    ],
    test: testIn(`${server}/waking/push.test.ts`)(
      "calls nobody while a name leads into our own network, and forgets nobody for that",
    ),
  },
];

export const defencesUnderHarm: readonly Defence[] = [...closing, keeperWhoCloses, ...filling, ...flooding, ...badDays];
