/** What the operator's settings leave to one account and to one organisation. */

import { describe, expect, it } from "vitest";
import { readConfiguration } from "./configuration.ts";
import { quotasOf } from "./quotas.ts";

const quotasWith = (environment: Readonly<Record<string, string>>) => {
  const configuration = readConfiguration(environment);
  if (!configuration.ok) throw new Error("A test's own settings must be right.");
  return quotasOf(configuration.value);
};

/** Of an organisation that has worked for years. */
const largeCaseload = 10_000;

describe("an organisation's logs", () => {
  it.each(["100", "101", "50000", "200000"])("are never all begun by one account, of %s that it may begin", (logs) => {
    const { account, organisation } = quotasWith({ ORGANISATION_LOGS: logs });
    expect(organisation.logs).toBe(Number(logs));
    expect(organisation.logs - account.logs).toBeGreaterThanOrEqual(account.logs);
  });

  it("are as many for one account that a supervisor begins the cases of a large caseload for everybody", () => {
    // And as many again for all others when somebody has used up what one may.
    const { account, organisation } = quotasWith({});
    expect(account.logs).toBeGreaterThan(2 * largeCaseload);
    expect(organisation.logs - account.logs).toBeGreaterThan(2 * largeCaseload);
  });
});

describe("what is stored", () => {
  it("is bounded as the operator has set it, and one account fills a log in any case", () => {
    const { account, organisation } = quotasWith({ ACCOUNT_MEGABYTES: "1", ORGANISATION_MEGABYTES: "2" });
    expect([account.bytes, organisation.bytes]).toEqual([1_048_576, 2_097_152]);
    expect(account.entries).toBe(100_000);
  });
});
