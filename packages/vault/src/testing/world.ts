/**
 * An invented organisation for tests, in memory: Nour and Azad supervise, Rojin is a caseworker, Rami is a curious
 * insider, Hêvî administers. All randomness comes from a seed, so that every byte is the same in every run.
 */

import { assert, type Instant } from "@amana/kernel";
import {
  addEntries,
  concat,
  deviceIdOf,
  emptyHistory,
  fromAscii,
  logIdOf,
  nextLinks,
  review,
  sha256,
  toHex,
  type Bytes,
  type DeviceId,
  type EntryHash,
  type Header,
  type History,
  type LogId,
  type LogKind,
  type Received,
  type SealedEntry,
} from "@amana/log";
import {
  commitTo,
  makeCaseKey,
  makeIdentityKey,
  makePersonId,
  makeReceivingKey,
  platformDeflate,
  readCase,
  readOrganisation,
  seal,
  writeCaseControlEvent,
  writeOrganisationEvent,
  type CaseControlEvent,
  type CaseKey,
  type CaseReading,
  type EpochMember,
  type IdentityKey,
  type Kdf,
  type KeyOf,
  type OrganisationEvent,
  type OrganisationReading,
  type PersonId,
  type Randomness,
  type ReceivingKey,
  type SealedEvent,
} from "../index.ts";

/** The same bytes for the same seed, in every run. */
export const seededRandomness = (seed: string): Randomness => {
  let count = 0;
  return (length) => {
    let bytes: Bytes = new Uint8Array();
    while (bytes.length < length) bytes = concat(bytes, sha256(fromAscii(`${seed} ${count++}`)));
    return bytes.slice(0, length);
  };
};

/** Stretches nothing: for tests that are not about passwords. */
export const cheapKdf: Kdf = (password, salt) => Promise.resolve(sha256(concat(password, salt)));

export const must = <T>(value: T | undefined): T => {
  assert(value !== undefined, "The test's own world lacks something.");
  return value;
};

export type TestPerson = {
  readonly name: string;
  readonly id: PersonId;
  readonly device: DeviceId;
  readonly identityKey: IdentityKey;
  readonly receivingKey: ReceivingKey;
};

export const makePerson = async (name: string): Promise<TestPerson> => {
  const randomness = seededRandomness(`person ${name}`);
  return {
    name,
    id: makePersonId(randomness),
    device: must(deviceIdOf(randomness(16))),
    identityKey: makeIdentityKey(randomness),
    receivingKey: await makeReceivingKey(randomness),
  };
};

export const tenOClock = 1_795_255_200_000 as Instant; // 2026-11-21T10:00:00Z
export const logIdFor = (name: string): LogId => must(logIdOf(sha256(fromAscii(name)).slice(0, 16)));

/** One log as an honest server holds it, and everyone's keys to it. */
export type TestLog = {
  readonly logId: LogId;
  readonly entries: Received[];
  readonly keys: Map<string, CaseKey>;
  readonly keyOf: KeyOf;
  history: () => History;
  write: (by: TestPerson, events: readonly SealedEvent[], fields?: Writing) => Promise<SealedEntry>;
};

/** What a test says otherwise than an honest device would. */
export type Writing = {
  readonly header?: Partial<Header>;
  /** Seals under another key than that of the current epoch. */
  readonly caseKey?: CaseKey;
  /** Begins an epoch with a fresh key. */
  readonly beginsEpoch?: boolean;
  /** Does not put the entry into the log: a hostile client keeps it back. */
  readonly isKeptBack?: boolean;
  /** Signs with another key than its own. */
  readonly signedBy?: IdentityKey;
};

export const makeLog = (name: string, logKind: LogKind, organisationHead: () => EntryHash | undefined): TestLog => {
  const randomness = seededRandomness(`log ${name}`);
  const logId = logIdFor(name);
  const entries: Received[] = [];
  const keys = new Map<string, CaseKey>();
  const lastByPerson = new Map<TestPerson, EntryHash>();
  let epochKey: CaseKey | undefined;
  const keyOf: KeyOf = (commitment) => keys.get(toHex(commitment));
  const history = (): History =>
    addEntries(
      emptyHistory(logId, logKind),
      entries.map((received) => ({ received, verdict: "verified" })),
    ).history;
  const write: TestLog["write"] = async (by, events, fields = {}) => {
    const isFirst = entries.length === 0;
    const begins = fields.beginsEpoch ?? isFirst;
    const caseKey = fields.caseKey ?? (begins ? makeCaseKey(randomness) : must(epochKey));
    const keyCommitment = begins ? await commitTo(caseKey, logId) : undefined;
    if (keyCommitment !== undefined) keys.set(toHex(keyCommitment), caseKey);
    const held = history();
    const links = nextLinks(held, review(held), lastByPerson.get(by));
    const kind = begins || logKind === "organisation" ? "control" : "content";
    const header = {
      kind,
      logKind,
      logId,
      organisationHead: logKind === "organisation" ? undefined : organisationHead(),
      device: by.device,
      nonce: randomness(32),
      keyCommitment,
      ...links,
      ...fields.header,
    } as const;
    const body = { recordedAt: tenOClock, events };
    const author = fields.signedBy ?? by.identityKey;
    const sealed = await seal({ header, body, author, caseKey }, platformDeflate);
    assert(sealed.ok, "The test's own entry must fit.");
    if (fields.isKeptBack !== true) {
      entries.push({ kind: "entry", entry: sealed.value });
      lastByPerson.set(by, sealed.value.hash);
      if (begins) epochKey = caseKey;
    }
    return sealed.value;
  };
  return { logId, entries, keys, keyOf, history, write };
};

export type World = {
  readonly nour: TestPerson;
  readonly azad: TestPerson;
  readonly rojin: TestPerson;
  readonly rami: TestPerson;
  readonly hevi: TestPerson;
  readonly organisation: TestLog;
  readonly root: EntryHash;
  readonly act: (by: TestPerson, event: OrganisationEvent, fields?: Writing) => Promise<SealedEntry>;
  readonly readOrganisation: () => Promise<OrganisationReading>;
  readonly openCase: (name: string) => TestLog;
  readonly readCase: (log: TestLog, entries?: readonly Received[], keyOf?: KeyOf) => Promise<CaseReading>;
};

export const keysOf = ({ id, identityKey, receivingKey }: TestPerson) => ({ person: id, identityKey, receivingKey });

/** Founded by Nour; Azad is the second supervisor; Rojin, Rami and Hêvî are enrolled. */
export const makeWorld = async (): Promise<World> => {
  const [nour, azad, rojin, rami, hevi] = await Promise.all(
    ["Nour", "Azad", "Rojin", "Rami", "Hevi"].map((name) => makePerson(name)),
  );
  assert(nour !== undefined && azad !== undefined && rojin !== undefined, "Five people make a world.");
  assert(rami !== undefined && hevi !== undefined, "Five people make a world.");
  const organisation = makeLog("organisation", "organisation", () => undefined);
  const act: World["act"] = (by, event, fields) => organisation.write(by, [writeOrganisationEvent(event)], fields);
  const founding = await act(nour, { type: "OrganisationFounded", ...keysOf(nour) });
  for (const [person, role] of [
    [azad, "caseworker"],
    [rojin, "caseworker"],
    [rami, "caseworker"],
    [hevi, "administrator"],
  ] as const)
    await act(nour, { type: "PersonEnrolled", role, ...keysOf(person) });
  await act(nour, { type: "RoleGiven", person: azad.id, role: "supervisor" });
  const read = (): Promise<OrganisationReading> =>
    readOrganisation(
      { logId: organisation.logId, root: founding.hash, entries: organisation.entries, keyOf: organisation.keyOf },
      platformDeflate,
    );
  return {
    nour,
    azad,
    rojin,
    rami,
    hevi,
    organisation,
    root: founding.hash,
    act,
    readOrganisation: read,
    openCase: (name) => makeLog(name, "case", () => organisation.entries.at(-1)?.entry.hash),
    readCase: async (log, entries = log.entries, keyOf = log.keyOf) =>
      readCase({ logId: log.logId, entries, organisation: await read(), keyOf }, platformDeflate),
  };
};

export const control = (event: CaseControlEvent): readonly SealedEvent[] => [writeCaseControlEvent(event)];

export const noted = (text: string): readonly SealedEvent[] => [{ type: "NoteWritten", version: 1, data: { text } }];

export const memberOf = ({ receivingKey }: TestPerson): EpochMember => ({ kind: "person", keyId: receivingKey.keyId });

/** The first entry of a case, or the next epoch of it, with these people. */
export const beginEpoch = (
  log: TestLog,
  by: TestPerson,
  people: readonly TestPerson[],
  cut: readonly EntryHash[] = [],
): Promise<SealedEntry> =>
  log.write(by, control({ type: "EpochBegun", members: people.map(memberOf), cut, reason: "test" }), {
    beginsEpoch: true,
  });

export type WorldWithCase = { readonly world: World; readonly log: TestLog; readonly first: SealedEntry };

/** With a case that Nour has begun for herself, Azad and Rojin. */
export const makeWorldWithCase = async (): Promise<WorldWithCase> => {
  const world = await makeWorld();
  const log = world.openCase("a case");
  return { world, log, first: await beginEpoch(log, world.nour, [world.nour, world.azad, world.rojin]) };
};

/** An entry as it was read. */
export const find = (reading: CaseReading, entry: SealedEntry) =>
  must(reading.entries.find(({ hash }) => hash === entry.hash));
export const hashesIn = (reading: CaseReading): readonly EntryHash[] => reading.entries.map(({ hash }) => hash);
/** Whose act it counts as. */
export const whoIn = (reading: CaseReading, entry: SealedEntry) => find(reading, entry).by?.person;
