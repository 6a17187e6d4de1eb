/** What more than one row names: defences that several tests rest on, and the files of those tests. */

import type { NamedTest, Replacement } from "./defence.ts";

export const authorsAreVerified: Replacement = {
  file: "packages/vault/src/case/verify.ts",
  text: 'return (await verifyEntry(entry, author)) ? "verified" : "refused";',
  by: 'return (await verifyEntry(entry, author)) ? "verified" : "verified";',
};

export const strangersAreNobody: Replacement = {
  file: "packages/vault/src/case/verify.ts",
  text: 'if (author === undefined) return "unchecked";',
  by: 'if (author === undefined) return "verified";',
};

/** Also a log in which nobody of the organisation has signed anything. */
export const logsOfNobodyAreLeft: Replacement = {
  file: "packages/device/src/logs/pull.ts",
  text: "const isLeft = each.isNew &&",
  by: "const isLeft = endThere < 0 &&",
};

export const hashNamesBody: Replacement = {
  file: "packages/log/src/entry-parts.ts",
  text: "message.set(bodyDigest, bodyAt);",
  by: "message.fill(0, bodyAt, bodyAt + bodyDigest.length);",
};

/** What is named and not here counts as if it were: nothing waits for it. */
export const whatIsMissingIsWaitedFor: Replacement = {
  file: "packages/log/src/order.ts",
  text: "const links = dependencies.filter((hash) => !history.newer.has(hash));",
  by: "const links = dependencies.filter((hash) => history.held.has(hash));",
};

export const testIn =
  (file: string) =>
  (...words: readonly string[]): NamedTest => ({ file, words });

/** A part of the suite that both stores run. */
export const contractPart = (part: string): string => `apps/server/src/storage/testing/contract/${part}.ts`;

/** Of a part of that suite, over SQLite. */
export const contractTest =
  (part: string) =>
  (...words: readonly string[]): NamedTest => ({
    ...testIn("apps/server/src/storage/sqlite/sqlite.test.ts")(...words),
    suite: contractPart(part),
  });

export const serverTestOf = testIn("tests/hostile/server.test.ts");

/** One misdeed of the table in that file, by how it begins: the test program cuts what is long. */
export const serverTest = (does: string): NamedTest =>
  serverTestOf(does, "is refused or seen, and devices agree once it is honest");
