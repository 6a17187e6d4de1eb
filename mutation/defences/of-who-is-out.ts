/** Who is out, and what is gone: devices that were signed out, passwords that were changed, and bodies that two people have destroyed. */

import type { Defence } from "./defence.ts";
import { testIn } from "./shared.ts";

const account = "packages/device/src/account";
const server = "apps/server/src";
const signingInTest = testIn("tests/device/signing-in.test.ts");
const logsTest = testIn(`${server}/relay/logs.test.ts`);

export const defencesOfWhoIsOut: readonly Defence[] = [
  {
    name: "vaults-lie-under-the-password-that-stays",
    answers: "SECURITY §6.1",
    off: [
      {
        file: `${account}/opened-device.ts`,
        text: "const vault = await sealAccountVault(own, account, deviceVault.generationSeen, ports);",
        by: "const vault = (await ports.store.read(accountVaultName)) ?? (await sealAccountVault(own, account, 1, ports));",
      },
    ],
    test: testIn("tests/device/password-change.test.ts")("so falsely to whoever came back by the kit"),
    outcome: "Error: StorageDamaged",
  },
  {
    name: "out-key-is-let-go",
    answers: "SECURITY §2",
    off: [
      {
        file: `${account}/sign-in.ts`,
        text: "[token, expiresAt]));\n  unlocked.dropLoginKey();\n",
        by: "[token, expiresAt]));\n",
      },
    ],
    test: signingInTest("locks where it was signed out"),
  },
  {
    name: "out-key-is-not-kept-for-later",
    answers: "SECURITY §2",
    off: [{ file: `${account}/sign-in.ts`, text: "  await letGoOfLoginKey(unlocked);\n", by: "" }],
    test: signingInTest("holds the key for it no longer than that"),
  },
  {
    name: "out-key-is-let-go-though-not-renewed",
    answers: "SECURITY §2",
    off: [
      {
        file: `${account}/sign-in.ts`,
        text: "      if (!isSignedOut(signedIn) && !isOver(known, unlocked.ports.clock())) unlocked.dropLoginKey();\n",
        by: "",
      },
    ],
    test: signingInTest("lets go of the key where a sign-in that ends soon could not be renewed"),
  },
  {
    name: "out-locks",
    answers: "SECURITY §2",
    off: [
      {
        file: `${account}/sign-in.ts`,
        text: "  if (unlocked.loginKey() !== undefined) return false;\n  unlocked.signedOut();\n",
        by: "  if (unlocked.loginKey() !== undefined) return false;\n",
      },
    ],
    test: signingInTest("locks where it was signed out"),
  },
  {
    name: "gone-where-the-server-was-put-back",
    answers: "SECURITY §3",
    off: [
      {
        file: `${server}/storage/queries/append-entries.ts`,
        text: "erased.has(erasedName(logId, entry.hash)) ?",
        by: "erased.has(erasedName(logId, entry.hash)) && entry.bytes.length === 0 ?",
      },
    ],
    test: logsTest("lasts where the server was put back to before the entry was written"),
  },
  {
    name: "gone-only-what-both-named",
    answers: "SECURITY §3",
    off: [
      {
        file: `${server}/storage/queries/erasure.ts`,
        text: "return areInOrder && areNamed && authors.size === 2 && senders.size === 2;",
        by: "return areInOrder && (areNamed || headers.length === 2) && authors.size === 2 && senders.size === 2;",
      },
    ],
    test: logsTest("is done for what both have named, and never for what else a colleague wrote"),
  },
  {
    name: "gone-only-what-was-shown",
    answers: "SECURITY §3",
    off: [
      {
        file: "packages/device/src/access/pending.ts",
        text: "if (destroys === undefined || !equalBytes(destroys, scopeOfProposal(scope)))",
        by: "if (destroys === undefined)",
      },
    ],
    test: testIn("tests/hostile/member-control.test.ts")("finds nobody's device that confirms it"),
  },
  {
    name: "out-and-accepted-through-something-newer",
    answers: "SECURITY §3",
    off: [
      {
        file: "packages/vault/src/case/control.ts",
        text: "    if (!accepted.isWhole || !adopted.isWhole) inDoubt.add(entry.hash);\n",
        by: "",
      },
    ],
    test: testIn("packages/vault/src/case/newer-before.test.ts")(
      "may have been accepted where something newer stands in the cut",
    ),
  },
  {
    name: "out-and-something-newer-elsewhere",
    answers: "SECURITY §6.2",
    off: [
      {
        file: "packages/vault/src/case/control.ts",
        text: "history.newer.size === 0 || !(hashes.some(isNewer) || [...past].some(leadsOn));",
        by: "history.newer.size === 0;",
      },
    ],
    test: testIn("packages/vault/src/case/newer-before.test.ts")(
      "was not accepted where nothing newer stands in the cut",
    ),
  },
];
