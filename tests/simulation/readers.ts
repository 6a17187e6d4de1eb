/**
 * Who could read what, with every key that they ever had: the keys are taken out of the storage of each device, as its
 * owner could, and tried on every entry that the server holds.
 */

import { assert } from "@amana/kernel";
import { parseEntry, type EntryHash, type LogId, type Received, type SealedEntry } from "@amana/log";
import {
  open,
  platformDeflate,
  readCase,
  readOrganisation,
  type CaseKey,
  type CaseReading,
  type OrganisationReading,
  type PersonId,
} from "@amana/vault";
import { unlock } from "../../packages/device/src/account/unlock.ts";
import { holdLog } from "../../packages/device/src/logs/held-log.ts";
import { loadOutbox } from "../../packages/device/src/logs/outbox.ts";
import { makeMemoryStore } from "@amana/device";
import { adviceFor } from "../../packages/casefile/src/testing/advice.ts";
import { cheapKdf } from "../../packages/vault/src/testing/world.ts";
import { origin, type Member } from "../device/office.ts";
import type { Handset } from "../device/handset.ts";
import { seededRandomness } from "./chooser.ts";
import { candidatesFor, type World } from "./world.ts";

/** Those who open the case since its newest epoch. */
export const trueOpeners = ({ cases }: Truth, logId: LogId): ReadonlySet<PersonId> =>
  cases.get(logId)?.epochs.at(-1)?.openers ?? new Set();

/** How things truly stand on the server, read with every key that anybody has. */
export type Truth = {
  readonly keysByMember: ReadonlyMap<Member, ReadonlyMap<string, CaseKey>>;
  readonly everyKey: ReadonlyMap<string, CaseKey>;
  readonly organisation: OrganisationReading;
  /** What the server holds of each case; nothing of one that never reached it. */
  readonly cases: ReadonlyMap<LogId, CaseReading>;
  /** All that the server or any device holds, sent or not. */
  readonly held: ReadonlyMap<EntryHash, SealedEntry>;
};

/** What an entry says, opened with whatever key anybody has; nothing where nobody has one, or it was erased. */
export const saidIn = async ({ everyKey, held }: Truth, hash: EntryHash): Promise<string | undefined> => {
  const entry = held.get(hash);
  if (entry === undefined) return undefined;
  for (const key of everyKey.values()) {
    const opened = await open(entry, key, platformDeflate);
    if (opened.ok) return JSON.stringify(opened.value.events, (_key, value: unknown) => plain(value));
  }
  return undefined;
};

const plain = (value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);

export const truthOf = async (world: World): Promise<Truth> => {
  const keysByMember = new Map<Member, ReadonlyMap<string, CaseKey>>();
  const held = new Map<EntryHash, SealedEntry>();
  for (const member of world.office.members) keysByMember.set(member, await keysOf(world, member, held));
  for (const logId of world.cases)
    for (const received of receivedFrom(world, logId))
      if (received.kind === "entry") held.set(received.entry.hash, received.entry);
  const everyKey = new Map([...keysByMember.values()].flatMap((keys) => [...keys]));
  const organisation = await trueOrganisation(world, everyKey);
  const cases = new Map<LogId, CaseReading>();
  for (const logId of world.cases) {
    const reading = await trueCase(world, logId, organisation, everyKey);
    if (reading !== undefined) cases.set(logId, reading);
  }
  return { keysByMember, everyKey, organisation, cases, held };
};

export const isShreddedAtServer = ({ office }: World, logId: LogId): boolean =>
  office.server.state.logs.get(logId)?.isShredded === true;

export const checkWhoCouldRead = async (world: World, truth: Truth): Promise<readonly string[]> => {
  const { keysByMember, organisation, cases } = truth;
  const findings: string[] = [];
  for (const [index, logId] of world.cases.entries()) {
    const reading = cases.get(logId);
    if (reading === undefined) continue;
    // Two people have destroyed it: nobody's keys are compared with a rule that nobody can read any more.
    if (isShreddedAtServer(world, logId)) continue;
    if (!world.hasKeptBackKeys) findings.push(...sealedForLeavers(reading, organisation, index));
    for (const [member, keys] of keysByMember)
      if (!world.recovered.has(member))
        findings.push(...(await readAgainstTheRule(reading, member, keys, organisation, index)));
  }
  return findings;
};

/** Out of all their devices, the lost ones included: whoever finds one may know the password. */
const keysOf = async (
  world: World,
  member: Member,
  held: Map<EntryHash, SealedEntry>,
): Promise<ReadonlyMap<string, CaseKey>> => {
  const keys = new Map<string, CaseKey>();
  for (const handset of member.handsets)
    for (const password of candidatesFor(world, member, handset))
      for (const [name, key] of await keysIn(world, handset, password, held)) keys.set(name, key);
  return keys;
};

const keysIn = async (
  world: World,
  handset: Handset,
  password: string,
  held: Map<EntryHash, SealedEntry>,
): Promise<ReadonlyMap<string, CaseKey>> => {
  const ports = {
    store: makeMemoryStore({ contents: handset.contents() }),
    transport: world.office.carrier,
    clock: () => world.office.clock.now,
    randomness: seededRandomness("reader"),
    kdf: cheapKdf,
    deflate: platformDeflate,
    guidance: { assess: adviceFor },
    origin,
  };
  const opened = await unlock(ports, password, () => undefined);
  if (!opened.ok) return new Map();
  const keys = new Map<string, CaseKey>();
  for (const logId of world.office.server.state.logs.keys()) {
    const log = await holdLog(opened.value.unlocked, logId);
    for (const [commitment, key] of log?.record.keys ?? []) keys.set(commitment, key);
    for (const received of log?.entries ?? [])
      if (received.kind === "entry") held.set(received.entry.hash, received.entry);
  }
  for (const { entry } of await loadOutbox(opened.value.unlocked)) held.set(entry.hash, entry);
  return keys;
};

const receivedFrom = (world: World, logId: LogId): readonly Received[] =>
  (world.office.server.state.logs.get(logId)?.entries ?? []).map(({ bytes }) => {
    const parsed = parseEntry(bytes);
    assert(parsed.ok, "The server holds entries.");
    return parsed.value;
  });

const keyFrom =
  (keys: ReadonlyMap<string, CaseKey>) =>
  (commitment: Uint8Array): CaseKey | undefined =>
    keys.get(Buffer.from(commitment).toString("hex"));

const trueOrganisation = (world: World, keys: ReadonlyMap<string, CaseKey>): Promise<OrganisationReading> => {
  const { office } = world;
  const logId = office.organisation();
  const entries = receivedFrom(world, logId);
  return readOrganisation({ logId, root: office.root(), entries, keyOf: keyFrom(keys) }, platformDeflate);
};

const trueCase = async (
  world: World,
  logId: LogId,
  organisation: OrganisationReading,
  keys: ReadonlyMap<string, CaseKey>,
): Promise<CaseReading | undefined> => {
  const entries = receivedFrom(world, logId);
  if (entries.length === 0) return undefined;
  return readCase({ logId, entries, organisation, keyOf: keyFrom(keys) }, platformDeflate);
};

/** The place in the line that an entry was written under, and the epoch that held there. */
const epochPlaceOf = ({ epochs, review }: CaseReading, { header, hash }: SealedEntry): number => {
  const line = review.controlLine;
  const under = line.indexOf(header.kind === "control" ? hash : (header.control ?? hash));
  return epochs.findLastIndex(({ entry }) => line.indexOf(entry) <= under);
};

const contentsOf = ({ history }: CaseReading): readonly SealedEntry[] =>
  [...history.held.values()].map(({ entry }) => entry).filter(({ header }) => header.kind === "content");

/** Nobody seals anything for somebody of whom they knew that they had left. */
const sealedForLeavers = (reading: CaseReading, { asOf }: OrganisationReading, index: number): readonly string[] =>
  contentsOf(reading).flatMap((entry) => {
    const head = entry.header.organisationHead as EntryHash; // Entries of a case name one.
    const known = asOf.get(head)?.organisation;
    const openers = reading.epochs[epochPlaceOf(reading, entry)]?.openers ?? new Set();
    const left = [...openers].filter((person) => known?.people.get(person)?.hasLeft === true);
    return left.map(() => `Case ${String(index)}: an entry was sealed for somebody who was known to have left.`);
  });

/** The openers of its epoch, those of later epochs, to whom earlier keys were given, and nobody else. */
const readAgainstTheRule = async (
  reading: CaseReading,
  member: Member,
  keys: ReadonlyMap<string, CaseKey>,
  organisation: OrganisationReading,
  index: number,
): Promise<readonly string[]> => {
  const findings: string[] = [];
  const person = personOf(organisation, member);
  for (const entry of contentsOf(reading)) {
    const from = epochPlaceOf(reading, entry);
    const mayRead = new Set(reading.epochs.slice(Math.max(from, 0)).flatMap(({ openers }) => [...openers]));
    if (person !== undefined && mayRead.has(person)) continue;
    for (const key of keys.values()) {
      if ((await open(entry, key, platformDeflate)).ok)
        findings.push(`Case ${String(index)}: ${member.name} can read an entry that was never for them.`);
    }
  }
  return [...new Set(findings)];
};

const personOf = ({ current }: OrganisationReading, { id }: Member): PersonId | undefined =>
  current.people.has(id) ? id : undefined;
