/** Leaks put in on purpose (SECURITY §6.4, §4): the search finds each; and leaving and locking, which leave nothing. */

import type { Defence, Replacement } from "./defence.ts";
import { testIn } from "./shared.ts";

const answers = "SECURITY §6.4";
const canary = testIn("tests/server/canary.test.ts");
const leftNowhere = (words: string) => canary("through two devices and a server on", "SQLite", words);
const plantedTest = testIn("tests/simulation/planted.test.ts");
const replayTest = testIn("tests/simulation/replay.test.ts");
const exitTest = testIn("packages/ui/src/quick-exit.test.ts");
const lockTest = testIn("apps/casework/src/frame/lock-by-itself.test.ts");

/** What is sealed stays as it was, with room for a tag. */
const sealingLeavesAll: readonly Replacement[] = [
  {
    file: "packages/vault/src/hazmat/aead.ts",
    text: "usedUp(key, gcmSeal(exposeSecret(key), zeroNonce, additional, plain));",
    by: "usedUp(key, Promise.resolve(new Uint8Array([...plain, ...new Uint8Array(16)])));",
  },
  {
    file: "packages/vault/src/hazmat/aead.ts",
    text: "usedUp(key, gcmOpen(exposeSecret(key), zeroNonce, additional, ciphertext));",
    by: "usedUp(key, Promise.resolve(ciphertext.slice(0, -16)));",
  },
];

const leaks: readonly Defence[] = [
  {
    name: "leak-into-the-database",
    answers,
    off: sealingLeavesAll,
    test: leftNowhere("stand nowhere in the database"),
  },
  {
    name: "leak-onto-the-network",
    answers,
    off: sealingLeavesAll,
    test: leftNowhere("stand nowhere in what went over the network"),
  },
  {
    name: "leak-into-the-device",
    answers,
    off: sealingLeavesAll,
    test: leftNowhere("stand nowhere in the storage of the locked devices"),
  },
  {
    name: "leak-into-a-log-line",
    answers,
    off: [
      {
        file: "apps/server/src/api/api-routes.ts",
        text: "        const answered = await relay.call(",
        by: "        process.stdout.write(decodeURIComponent(request.originalUrl));\n        const answered = await relay.call(",
      },
    ],
    test: leftNowhere("stand nowhere in what the server and the devices said"),
  },
  {
    name: "leak-into-an-error",
    answers,
    off: [
      {
        file: "apps/server/src/refuse.ts",
        text: ".send(wordsOf(code, reference));",
        by: ".send(`${wordsOf(code, reference)} ${decodeURIComponent(reply.request.originalUrl)}`);",
      },
    ],
    test: leftNowhere("stand nowhere in errors and numbers"),
  },
  {
    name: "leak-in-memory",
    answers,
    off: [
      {
        file: "packages/device/src/faces/core.ts",
        text: "    opened = device;\n",
        by: '    Reflect.set(globalThis, "openedBefore", [Reflect.get(globalThis, "openedBefore"), opened]);\n    opened = device;\n',
      },
    ],
    test: leftNowhere("stand nowhere in the memory of the locked devices"),
  },
  {
    name: "search-of-memory",
    answers,
    off: [
      {
        file: "tests/server/canary.test.ts",
        text: "return [...new Set(wanted)].filter((text) => whole.includes(text));",
        by: "return [...new Set(wanted)].filter((text) => whole.includes(`${text}.`));",
      },
    ],
    test: canary("finds a sentence that a program keeps in its memory after the lock"),
  },
  {
    name: "search-of-files",
    answers,
    off: [
      {
        file: "tests/simulation/planted.ts",
        text: "const everything = Buffer.concat(heard);",
        by: "const everything = Buffer.concat(heard).subarray(0, 4096);",
      },
    ],
    test: canary("finds a sentence in the write-ahead log of a database, in each way of writing it"),
  },
  {
    name: "search-in-each-writing",
    answers,
    off: [
      {
        file: "tests/simulation/planted.ts",
        text: "...[0, 1, 2].flatMap((offset) => base64At(writing, bytes, offset)),",
        by: "...[0, 1].flatMap((offset) => base64At(writing, bytes, offset)),",
      },
    ],
    test: plantedTest("is found however it is written, in each of our languages"),
  },
  {
    name: "search-finds-no-more",
    answers,
    off: [
      {
        file: "tests/simulation/planted.ts",
        text: ".filter(({ bytes }) => everything.includes(bytes))",
        by: ".filter(({ bytes }) => everything.includes(bytes.subarray(0, 2)))",
      },
    ],
    test: plantedTest("is not found where it is not"),
  },
];

const simulation: readonly Defence[] = [
  {
    name: "simulation-replays",
    answers: "SECURITY §6.7",
    off: [
      {
        file: "tests/simulation/chooser.ts",
        text: "const below = (end: number): number => Math.floor((next() / 2 ** 32) * end);",
        by: "const below = (end: number): number => Math.floor(((next() % 2) / 2 + Math.random() / 2) * end);",
      },
    ],
    test: replayTest("replays exactly from its seed"),
  },
  {
    name: "simulation-follows-its-seed",
    answers: "SECURITY §6.7",
    off: [
      {
        file: "tests/simulation/chooser.ts",
        text: "const view = new DataView(sha256(fromAscii(seed)).buffer);",
        by: 'const view = new DataView(sha256(fromAscii(seed.replace(/[0-9]/g, ""))).buffer);',
      },
    ],
    test: replayTest("tells another story from another seed"),
  },
];

const leaving: readonly Defence[] = [
  {
    name: "exit-blank-first",
    answers: "SECURITY §4",
    off: [
      {
        file: "packages/ui/src/quick-exit.ts",
        text: '  window.document.documentElement.textContent = "";\n',
        by: "",
      },
    ],
    test: exitTest("blanks the page before it asks for the neutral one"),
  },
  {
    name: "exit-whatever-fails",
    answers: "SECURITY §4",
    off: [
      {
        file: "packages/ui/src/quick-exit.ts",
        text: "  try {\n    forget?.();\n  } finally {",
        by: "  forget?.();\n  {",
      },
    ],
    test: exitTest("goes away even when forgetting fails"),
  },
  {
    name: "exit-by-shift",
    answers: "SECURITY §4",
    off: [{ file: "packages/ui/src/quick-exit.ts", text: "const pressesNeeded = 3;", by: "const pressesNeeded = 4;" }],
    test: exitTest("leaves when pressed three times in a row"),
  },
  {
    name: "lock-when-idle",
    answers: "SECURITY §4",
    off: [
      {
        file: "apps/casework/src/frame/lock-by-itself.ts",
        text: "now - touchedAt >= idleMinutesMax * millisecondsPerMinute ||",
        by: "now - touchedAt >= 2 * idleMinutesMax * millisecondsPerMinute ||",
      },
    ],
    test: lockTest("happens five minutes after the last touch, and not before"),
  },
  {
    name: "lock-when-hidden",
    answers: "SECURITY §4",
    off: [
      {
        file: "apps/casework/src/frame/lock-by-itself.ts",
        text: "hiddenFor >= hiddenMinutesMax * millisecondsPerMinute;",
        by: "hiddenFor >= idleMinutesMax * hiddenMinutesMax * millisecondsPerMinute;",
      },
    ],
    test: lockTest("happens when the page was out of sight for a minute, however lately it was touched"),
  },
  {
    name: "lock-when-the-clock-is-set-back",
    answers: "SECURITY §4",
    off: [
      {
        file: "apps/casework/src/frame/lock-by-itself.ts",
        text: "checkedAt - now >= setBackMinutesMax * millisecondsPerMinute ||\n",
        by: "",
      },
    ],
    test: lockTest("happens when the clock was set back, because nobody knows how long it was"),
  },
  {
    name: "lock-clears-every-key",
    answers: "SECURITY §4",
    off: [
      {
        file: "packages/device/src/account/opened-device.ts",
        text: "  clearSecret(own.ownDevicesKey);\n",
        by: "",
      },
    ],
    test: testIn("tests/device/unlocking.test.ts")("clears every key, and ends what is under way"),
  },
  {
    name: "lock-ends-what-is-being-opened",
    answers: "SECURITY §4",
    off: [
      {
        file: "packages/device/src/faces/core.ts",
        text: "if (locks !== before) await close();",
        by: "if (locks < before) await close();",
      },
    ],
    test: testIn("tests/device/device.test.ts")("stays locked, or erased, where that was asked for"),
  },
  {
    name: "erased-after-what-was-being-written",
    answers: "SECURITY §4",
    off: [{ file: "packages/device/src/faces/core.ts", text: "await hasEnded();", by: "" }],
    test: testIn("tests/device/device.test.ts")("keeps nothing of what was being written while it was erased"),
  },
  {
    name: "lock-overwrites-what-it-clears",
    answers: "SECURITY §4",
    off: [
      {
        file: "packages/vault/src/secret.ts",
        text: "  bytesBySecret.get(secret)?.fill(0);\n",
        by: "",
      },
    ],
    test: testIn("packages/vault/src/vault.test.ts")(
      "is overwritten when it is cleared, and stops whoever uses it after",
    ),
  },
];

export const defencesOfWhatLeaks: readonly Defence[] = [...leaks, ...simulation, ...leaving];
