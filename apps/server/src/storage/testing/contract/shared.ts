/** What the parts of the contract of storage share: the store they run over, and what they do with it again and again. */

import type { Bytes, EntryHash } from "@amana/log";
import { digestOfNone, nextDigest, type OrganisationChange } from "@amana/sync";
import type { Member, Quotas, Storage, StoredResult } from "../../storage.ts";
import {
  controlAfter,
  day,
  firstLoginOf,
  instantOf,
  must,
  newDevice,
  now,
  random,
  wide,
  type LogWriter,
  type Organisation,
  type Written,
} from "../organisations.ts";

export const digestsOver = (hashes: readonly EntryHash[]): Bytes => hashes.reduce(nextDigest, digestOfNone());
export const hashesOf = (written: readonly Written[]): readonly EntryHash[] => written.map(({ entry }) => entry.hash);
export const underHead = (written: Written, organisationHead: EntryHash): Written => ({
  ...written,
  entry: { ...written.entry, organisationHead },
});
export const bytesOf = (written: readonly Written[]): readonly Uint8Array[] => written.map(({ entry }) => entry.bytes);

/** As the server gives them: first its end, then what nobody foresees. */
export const challengeOf = (endsAt: number): Bytes => {
  const challenge = random(32);
  Buffer.from(challenge.buffer).writeUIntBE(endsAt, 0, 6);
  return challenge;
};

/** Each with a challenge of its own. */
export const signingIn = (
  { account }: Pick<Member, "account">,
  device = newDevice(),
  tokenHash = random(32),
  challenge = challengeOf(now + 60_000),
) => ({
  ...{ account, loginPublic: firstLoginOf({ account }), device, tokenHash, challenge },
  ...{ now, expiresAt: instantOf(now + day), devicesMax: 8 },
});

export const change = (more: Partial<OrganisationChange>): OrganisationChange => ({
  teams: [],
  leavers: [],
  keepers: undefined,
  ...more,
});

/** The store under test, for one part of the contract. */
export type ContractStore = {
  readonly name: string;
  /** One for all parts: open when tests run, and not yet when they are described. */
  readonly storageInUse: () => Storage;
  /** Another one, empty, of the same kind. */
  readonly openOther: () => Promise<Storage>;
  readonly append: (
    by: Member,
    log: Pick<LogWriter, "logId">,
    written: readonly Written[],
    quotas?: Quotas,
  ) => Promise<readonly StoredResult[] | undefined>;
  /** Appends the next entry of the organisation log with what it changes. */
  readonly changeOrganisation: (
    organisation: Organisation,
    change: OrganisationChange | undefined,
    by?: Member,
    keys?: readonly Member[],
  ) => ReturnType<Storage["appendControl"]>;
};

export const contractStore = (
  name: string,
  storageInUse: () => Storage,
  openOther: () => Promise<Storage>,
): ContractStore => ({
  name,
  storageInUse,
  openOther,
  append: async (by, log, written, quotas = wide) => {
    const logs = [{ logId: log.logId, entries: written.map(({ entry }) => entry) }];
    return must((await storageInUse().appendEntries({ by, logs, quotas }))[0]).results;
  },
  changeOrganisation: async ({ founder, log, first }, organisation, by = founder, keys = []) => {
    const storage = storageInUse();
    const tip = (await storage.servedLog({ by: founder, logId: log.logId }))?.tip ?? first.entry.hash;
    const serving = keys.length === 0 ? undefined : { keys: keys.map(({ receivingKey }) => receivingKey) };
    const control = controlAfter(log, "organisation", tip, log.control(by.receivingKey), { serving });
    return storage.appendControl({ by, control, organisation, quotas: wide, now });
  },
});
