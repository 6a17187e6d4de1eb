/**
 * What every store must do, whichever is behind the contract. The same tests run over SQLite and over PostgreSQL; `contract/` has
 * them by subject.
 */

import { afterAll, beforeAll } from "vitest";
import type { Storage } from "../storage.ts";
import { describeAccounts } from "./contract/accounts.ts";
import { describeWritingAtOnce } from "./contract/at-once.ts";
import { describeContent } from "./contract/content.ts";
import { describeControl } from "./contract/control.ts";
import { describeErasure } from "./contract/erasure.ts";
import { describeExchange } from "./contract/exchange.ts";
import { describeInvitations } from "./contract/invitations.ts";
import { describePeople } from "./contract/people.ts";
import { describeRecovery } from "./contract/recovery.ts";
import { describeRunning } from "./contract/running.ts";
import { contractStore } from "./contract/shared.ts";
import { describeWaking } from "./contract/waking.ts";
import { describeWraps } from "./contract/wraps.ts";

export type StoreUnderTest = {
  /** An empty store. */
  readonly open: () => Promise<Storage>;
  /** Another one, also empty, of the same kind. */
  readonly openOther: () => Promise<Storage>;
};

/** All over one store, one after the other. */
const parts = [
  describeAccounts,
  describeInvitations,
  describeContent,
  describeWritingAtOnce,
  describeControl,
  describePeople,
  describeExchange,
  describeWraps,
  describeErasure,
  describeRecovery,
  describeWaking,
  describeRunning,
];

export const describeStorage = (name: string, { open, openOther }: StoreUnderTest): void => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });
  afterAll(() => storage.close());

  const store = contractStore(name, () => storage, openOther);
  for (const describePart of parts) describePart(store);
};
