/** Every byte, fuzzed bytes (SECURITY §6.3), and who signs one counter twice or takes a colleague's name. */

import type { Defence } from "./defence.ts";
import { authorsAreVerified, testIn } from "./shared.ts";

const bytesAnswers = "SECURITY §6.3";
const log = "packages/log/src";
const vault = "packages/vault/src";
const fuzzTest = testIn("tests/hostile/fuzz.test.ts");
const twiceTest = testIn("tests/hostile/twice.test.ts");
/** What a property says when it met bytes that it does not hold for. */
const outcome = "Error: Property failed after";

const bytes: readonly Defence[] = [
  {
    name: "every-byte-signed",
    answers: bytesAnswers,
    off: [authorsAreVerified],
    test: testIn("tests/hostile/every-byte.test.ts")(
      "is never counted, and the device names what it was given instead",
    ),
  },
  {
    name: "every-byte-in-one-form",
    answers: bytesAnswers,
    off: [
      {
        file: `${log}/cbor.ts`,
        text: 'return areSameBytes(again, bytes) ? ok(value) : err({ type: "NotCanonical" });',
        by: 'return again.length <= bytes.length ? ok(value) : err({ type: "NotCanonical" });',
      },
      {
        file: `${log}/cbor.ts`,
        text: "  strict: true,\n",
        by: "",
      },
    ],
    test: testIn("packages/log/src/codec.test.ts")("is refused in any form but its own"),
  },
  {
    name: "fuzz-cbor",
    answers: bytesAnswers,
    off: [
      {
        file: `${log}/cbor.ts`,
        text: "  } catch {\n    return undefined;\n  }",
        by: "  } finally {\n    bytes.slice(0, 0);\n  }",
      },
    ],
    test: fuzzTest("reads or refuses CBOR, headers and entries"),
    outcome,
  },
  {
    name: "fuzz-bodies",
    answers: bytesAnswers,
    off: [
      {
        file: `${vault}/node/deflate.ts`,
        text: "  } catch {\n    return undefined;\n  }",
        by: "  } finally {\n    Math.max();\n  }",
      },
    ],
    test: fuzzTest("reads or refuses bodies, deflated or not"),
    outcome: "Error: invalid distance too far back",
  },
  {
    name: "fuzz-wraps-and-vaults",
    answers: bytesAnswers,
    off: [
      {
        file: `${vault}/case-key.ts`,
        text: 'if (decoded?.ok !== true || !isCborArray(decoded.value)) return err({ type: "NotAWrap" });',
        by: 'if (decoded?.ok !== true) return err({ type: "NotAWrap" });',
      },
      {
        file: `${vault}/case-key.ts`,
        text: "const fields = decoded.value;",
        by: "const fields = (decoded.value as readonly CborValue[]).slice();",
      },
    ],
    test: fuzzTest("reads or refuses wraps, invitations, answers and vaults"),
    outcome,
  },
  {
    name: "fuzz-paper",
    answers: bytesAnswers,
    off: [
      {
        file: `${vault}/recovery.ts`,
        text: 'if (digits === undefined) return err({ type: "NotDigits" });',
        by: 'if (digits === undefined) throw new Error("No digits.");',
      },
    ],
    test: fuzzTest("reads or refuses what is typed from paper"),
    outcome,
  },
  {
    name: "fuzz-events-of-the-organisation",
    answers: bytesAnswers,
    off: [
      {
        file: `${vault}/organisation/events.ts`,
        text: "if (event.version !== 1 || !Object.hasOwn(readers, event.type)) return undefined;",
        by: "if (event.version !== 1) return undefined;",
      },
    ],
    test: fuzzTest("reads or refuses what is said of the organisation and of control"),
    outcome,
  },
  {
    name: "fuzz-events-of-a-case",
    answers: bytesAnswers,
    off: [
      {
        file: "packages/casefile/src/event.ts",
        text: "Object.hasOwn(eventShapes, type);",
        by: "type in eventShapes;",
      },
    ],
    test: fuzzTest("reads or refuses what is said of a case"),
    outcome,
  },
  {
    name: "fuzz-wire",
    answers: bytesAnswers,
    off: [
      {
        file: "packages/sync/src/refusal.ts",
        text: "if (decoded?.ok !== true || !isCborArray(decoded.value) || decoded.value.length !== 2) return undefined;",
        by: "if (decoded?.ok !== true) return undefined;",
      },
    ],
    test: fuzzTest("reads or refuses every request and every answer"),
    outcome,
  },
];

const counters: readonly Defence[] = [
  {
    name: "twice-epoch-stays",
    answers: "SECURITY §3",
    off: [
      {
        file: `${log}/authentic.ts`,
        text: 'if (entry.header.kind === "control" || !authentic.has(entry.hash)) continue;',
        by: "if (!authentic.has(entry.hash)) continue;",
      },
      {
        file: `${log}/authentic.ts`,
        text: "if (isContent && from !== undefined",
        by: "if ((isContent || from !== 0) && from !== undefined",
      },
    ],
    test: twiceTest("makes no epoch vanish in which a colleague has written since"),
  },
  {
    name: "twice-in-the-organisation",
    answers: "SECURITY §3",
    off: [
      {
        file: `${log}/authentic.ts`,
        text: "if (entry.header.counter <= last) repeated.add(entry.hash);",
        by: "if (entry.header.counter < 0) repeated.add(entry.hash);",
      },
    ],
    test: twiceTest("undoes nothing in the organisation: who left is gone, who was enrolled is there"),
  },
  {
    name: "counter-forged-to-the-highest",
    answers: "SECURITY §3",
    off: [
      {
        file: `${log}/review.ts`,
        text: "const standing = control.line.filter((hash) => authentic.has(hash) && !voided.has(hash));",
        by: "const standing = control.line;",
      },
    ],
    test: twiceTest("takes no say from a colleague whose counters somebody has forged to the highest"),
  },
  {
    name: "name-that-looks-alike",
    answers: "SECURITY §1",
    off: [
      {
        file: `${vault}/organisation/evolve.ts`,
        text: "lookOf(taken) !== lookOf(name)",
        by: "taken.trim() !== name.trim()",
      },
    ],
    test: twiceTest("gives nobody a name that looks like a colleague's:"),
  },
  {
    name: "name-that-only-resembles",
    answers: "STYLE §4",
    off: [{ file: `${vault}/organisation/look.ts`, text: "    .trim();", by: "    .trim()\n    .slice(0, 4);" }],
    test: twiceTest("keeps apart names that only resemble each other"),
  },
  {
    name: "unsigned-organisation-head",
    answers: "SECURITY §3",
    off: [
      {
        file: `${vault}/case/read.ts`,
        text: "    .filter(({ entry }) => !reviewed.unauthentic.has(entry.hash))\n",
        by: "",
      },
    ],
    test: twiceTest("closes no case, whatever organisation it says it had seen"),
  },
];

export const defencesOfBytes: readonly Defence[] = [...bytes, ...counters];
