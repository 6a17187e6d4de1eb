/** Who comes later: a device that never had the keys of a case that was shredded, and the only keeper of an organisation. */

import type { Defence } from "./defence.ts";
import { testIn } from "./shared.ts";

const vault = "packages/vault/src/case";
const shreddingTest = testIn(`${vault}/shredding.test.ts`);
const controlTest = testIn("tests/hostile/member-control.test.ts");
const comeBackTest = testIn("tests/device/come-back.test.ts");
const signInTest = testIn("apps/server/src/relay/sign-in.test.ts");

export const defencesOfWhoComesLater: readonly Defence[] = [
  {
    name: "later-told-by-another",
    answers: "SECURITY §3",
    off: [
      {
        file: `${vault}/shredding.ts`,
        text: "if (event === undefined || confirmation?.header.author !== entry.header.author) continue;",
        by: "if (event === undefined || confirmation === undefined) continue;",
      },
    ],
    test: shreddingTest("counts from whoever confirmed it, and from nobody else who reads the case"),
  },
  {
    name: "later-told-of-an-erasure",
    answers: "SECURITY §3",
    off: [
      {
        file: `${vault}/control.ts`,
        text: "if (proposed.entries.length === 0) line.shreddings.set(entry.hash, by.id);",
        by: "line.shreddings.set(entry.hash, by.id);",
      },
    ],
    test: shreddingTest("is only ever of the whole case, and only under the key that is made for it"),
  },
  {
    name: "later-told-keys-before-own",
    answers: "SECURITY §3",
    off: [
      {
        file: `${vault}/content.ts`,
        text: "  if (keyCommitment === undefined || key === undefined) {\n",
        by: "  if (keyCommitment === undefined || key === undefined || keysTold?.has(entry.hash) === true) {\n",
      },
    ],
    test: shreddingTest("goes behind the keys that are here: who has them reads what they say, whatever was told"),
  },
  {
    name: "later-shredding-by-one",
    answers: "SECURITY §3",
    off: [
      {
        file: `${vault}/control.ts`,
        text: "if (proposed === undefined || !areTwoPersons(seen, proposed.by, by.id)) return false;",
        by: "if (proposed === undefined) return false;",
      },
    ],
    test: controlTest("that tells of a shredding nobody else agreed to shreds nothing"),
  },
  {
    name: "later-let-back-before-the-second",
    answers: "SECURITY §2",
    off: [
      {
        file: "packages/device/src/access/invitations.ts",
        text: "    if (receivingKey === undefined || !keys.ok || keys.value.receivingKey.keyId !== receivingKey) continue;\n",
        by: "    if (receivingKey === undefined || !keys.ok) continue;\n",
      },
      {
        file: "packages/device/src/access/invitations.ts",
        text: 'unlocked.ask("let-back", { code, receivingKey });',
        by: 'unlocked.ask("let-back", { code, receivingKey: keys.value.receivingKey.keyId });',
      },
    ],
    test: comeBackTest("comes back by a code of the operator's and two colleagues"),
  },
  {
    name: "later-place-without-a-code",
    answers: "SECURITY §2",
    off: [
      {
        file: "apps/server/src/relay/people.ts",
        text: "return isStanding ? openPlace(",
        by: "return isStanding || code.length > 0 ? openPlace(",
      },
    ],
    test: signInTest("back as the only keeper takes a code that was given out for it"),
  },
  {
    name: "later-one-code-for-both",
    answers: "SECURITY §2",
    off: [
      {
        file: "apps/server/src/set-up-code.ts",
        text: 'kind === "found" ? sha256(code) : sha256(concat(fromAscii("come-back"), code));',
        by: 'sha256(concat(fromAscii(""), kind === "found" ? code : code));',
      },
    ],
    test: signInTest("back as the only keeper takes a code that was given out for it"),
  },
  {
    name: "later-code-for-oneself",
    answers: "SECURITY §2",
    off: [
      {
        file: "apps/server/src/storage/queries/come-back.ts",
        text: "if (account === undefined || accountIdIn(account) === by.account)",
        by: "if (account === undefined)",
      },
    ],
    test: signInTest("back as the only keeper takes a code that was given out for it"),
  },
];
