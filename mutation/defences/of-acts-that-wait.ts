/** What was decided about the organisation without a line: carried out once, and never when it is not meant any more. */

import type { Defence, Replacement } from "./defence.ts";
import { testIn } from "./shared.ts";

const access = "packages/device/src/access";
const pendingTest = testIn("tests/device/pending-acts.test.ts");
const accessTest = testIn("tests/device/access.test.ts");

/** What waits is given the number of what was called off. */
const noNumberIsGivenTwice: Replacement = {
  file: `${access}/waiting-numbers.ts`,
  text: "desk.lastWaitingNumber) + 1;",
  by: "0) + 1;",
};

export const defencesOfActsThatWait: readonly Defence[] = [
  {
    name: "what-waited-is-done-once",
    answers: "SECURITY §6.6",
    off: [
      {
        file: `${access}/pending-acts.ts`,
        text: "pending !== undefined && !isDone(pending, log);",
        by: "pending !== undefined && log.hashes.size > 0;",
      },
    ],
    test: pendingTest("is done once where the device stops at any write"),
  },
  {
    name: "what-waited-is-noted-with-its-entry",
    answers: "SECURITY §6.6",
    off: [
      {
        file: "packages/device/src/logs/append-control.ts",
        text: "    ...((await noted?.(sealed.value.hash)) ?? []),\n",
        by: "",
      },
    ],
    test: pendingTest("is done once where the device stops at any write"),
  },
  {
    name: "nothing-is-sealed-without-a-line",
    answers: "SECURITY §3",
    off: [
      {
        file: `${access}/pending-acts.ts`,
        text: "numbers.length === 0 ? undefined : await catchUp(unlocked);",
        by: "numbers.length > pendingActsMax ? await catchUp(unlocked) : undefined;",
      },
    ],
    test: pendingTest("is called off by whoever decided it, and then never done"),
  },
  {
    name: "what-is-on-its-way-is-not-called-off",
    answers: "SECURITY §6.6",
    off: [
      {
        file: `${access}/pending-acts.ts`,
        text: 'if (isTooLate) return err({ type: "OnItsWay" });',
        by: 'if (isTooLate && list.length > pendingActsMax) return err({ type: "OnItsWay" });',
      },
    ],
    test: pendingTest("cannot be called off while nobody here knows whether it is done"),
  },
  {
    name: "what-was-refused-is-not-done-on-another-day",
    answers: "SECURITY §3",
    off: [
      {
        file: `${access}/pending-acts.ts`,
        text: "(refusedAs === undefined ? [number] : [])",
        by: '(refusedAs === "nothing" ? [] : [number])',
      },
    ],
    test: pendingTest("is judged by the say that whoever decided it has by then"),
  },
  {
    name: "what-waited-overwrites-nothing-newer",
    answers: "G-MH-6",
    off: [
      {
        file: `${access}/pending-acts.ts`,
        text: "isStillMeant: (current) => equalBytes(standingUnder(current, act), over),",
        by: "isStillMeant: (current) => equalBytes(standingUnder(current, act), over) || over.length > 0,",
      },
    ],
    test: pendingTest("puts nothing over what a colleague has said since"),
  },
  {
    name: "what-is-refused-now-keeps-back-nothing-else",
    answers: "SECURITY §3",
    off: [
      {
        file: "packages/device/src/logs/ends-exchange.ts",
        text: 'error.type === "Unreachable" || error.code === "NotSignedIn"',
        by: 'error.type === "Unreachable" || error.code.length > 0 || error.code === "NotSignedIn"',
      },
    ],
    test: testIn("tests/device/unreliable.test.ts")("and takes one change not now", "nobody's other work waits for it"),
  },
  {
    name: "who-is-to-leave-is-sent-nothing-meanwhile",
    answers: "SECURITY §1",
    off: [
      {
        file: `${access}/pending-acts.ts`,
        text: "refusedAs === undefined && takesOut.includes(act.type)",
        by: "refusedAs !== undefined && takesOut.includes(act.type)",
      },
    ],
    test: pendingTest("keeps back what is written where somebody is to leave"),
  },
  {
    name: "who-is-to-leave-is-sent-nothing-by-a-full-device",
    answers: "SECURITY §1",
    off: [
      {
        file: "packages/device/src/logs/sync.ts",
        text: "if (isStoreFull(reason) && !(await access.keepsBack(unlocked)))",
        by: "if (isStoreFull(reason))",
      },
    ],
    test: pendingTest("keeps back what is written where somebody is to leave, on a device that is full too"),
  },
  {
    name: "full-device-sends-what-was-sealed",
    answers: "SECURITY §3",
    off: [
      {
        file: "packages/device/src/logs/sync.ts",
        text: "!(await access.keepsBack(unlocked))) await pushLogs(unlocked);",
        by: "!(await access.keepsBack(unlocked))) await Promise.resolve();",
      },
    ],
    test: testIn("tests/device/unreliable.test.ts")("sends what it had sealed before, in every case"),
  },
  {
    name: "full-device-sends-what-was-sealed-one-by-one",
    answers: "SECURITY §3",
    off: [
      {
        file: "packages/device/src/logs/push.ts",
        text: "await send({ logs: [log] });",
        by: "await pushOnce(unlocked, { logs: [log] }, send);",
      },
    ],
    test: testIn("tests/device/unreliable.test.ts")("sends what it had sealed before, in every case"),
  },
  {
    name: "who-is-taken-out-is-sent-nothing-of-the-case-meanwhile",
    answers: "SECURITY §1",
    off: [
      {
        file: "packages/device/src/case/seal-drafts.ts",
        text: ' || log.record.appending !== undefined) return "waits";',
        by: ') return "waits";',
      },
    ],
    test: pendingTest("keeps back what is written in the case that somebody is taken out of, and in no other"),
  },
  {
    name: "one-is-appended-at-a-time",
    answers: "SECURITY §6.6",
    off: [
      {
        file: "packages/device/src/logs/append-control.ts",
        text: "unlocked.desk.inAppendTurn(() => appendAlone(unlocked, logId, make));",
        by: "appendAlone(unlocked, logId, make);",
      },
    ],
    test: testIn("tests/device/access-edges.test.ts")("acts that are asked for at once", "are all done"),
  },
  {
    name: "what-was-called-off-lends-no-act-its-number",
    answers: "SECURITY §6.6",
    off: [noNumberIsGivenTwice],
    test: pendingTest("is called off also while it is tried once more"),
  },
  {
    name: "what-was-called-off-lends-no-change-its-number",
    answers: "SECURITY §6.6",
    off: [noNumberIsGivenTwice],
    test: accessTest("is called off while another is carried out, and what is decided then is not lost"),
  },
  {
    name: "a-change-that-was-called-off-is-not-made",
    answers: "SECURITY §3",
    off: [
      {
        file: `${access}/pending.ts`,
        text: "(await isStillWanted(unlocked, number)) ? makeChange",
        by: "(await isStillWanted(unlocked, number)) || number > 0 ? makeChange",
      },
    ],
    test: accessTest("is called off while another is carried out, and what is decided then is not lost"),
  },
];
