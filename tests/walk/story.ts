/**
 * The story that docs/one-entry.md walks through: Rojin writes a note without a network, her device seals it, the server
 * carries it, Nour's device opens it. The devices are those that ship; only randomness, clock and network are the test's.
 */

import type { CaseCommand } from "@amana/casefile";
import { makeMemoryStore } from "@amana/device";
import { assert } from "@amana/kernel";
import { parseEntry, type Bytes, type LogId, type SealedEntry } from "@amana/log";
import { wire, type RequestName } from "@amana/sync";
import {
  deriveAccount,
  openAccountVault,
  openDeviceVault,
  platformDeflate,
  type AccountVault,
  type CaseKey,
  type Secret,
} from "@amana/vault";
import { consent, recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { itemOf } from "../../packages/casefile/src/testing/people.ts";
import { readStanding } from "../../packages/device/src/account/account-record.ts";
import { decodeLogRecord } from "../../packages/device/src/logs/log-record.ts";
import { logRecordName } from "../../packages/device/src/logs/names.ts";
import { makeRecords } from "../../packages/device/src/store/records.ts";
import { cheapKdf, must, seededRandomness } from "../../packages/vault/src/testing/world.ts";
import { honestNetwork } from "../device/failing-network.ts";
import { mustOk, type Handset } from "../device/handset.ts";
import type { MemoryServer } from "../device/memory-server.ts";
import { deviceOf, openCaseOf, openOffice, type Member } from "../device/office.ts";

export const command = {
  type: "WriteNote",
  note: itemOf("note-1"),
  about: "case",
  text: "قسەمان کرد. دەیەوێت وێنەکان لاببرێن.",
} as const satisfies CaseCommand;

/** What one device has opened with its password: for the walk alone, no device ever hands it out. */
export type OpenedStore = {
  readonly own: AccountVault;
  readonly storageKey: Secret<"device-storage">;
  readonly caseKeys: ReadonlyMap<string, CaseKey>;
};

export type Story = {
  readonly logId: LogId;
  readonly rojin: OpenedStore & { readonly member: Member };
  readonly nour: OpenedStore & { readonly member: Member };
  readonly rami: Member;
  /** What was asked of the device, and what it answered. */
  readonly asked: readonly (readonly [what: string, answer: string])[];
  /** The name and the box under it, while the note was a draft. */
  readonly draft: readonly [name: string, box: Bytes];
  /** What of this log lay in the store when the note was sealed and not sent yet, and the outbox's own box of it. */
  readonly sealed: { readonly names: readonly string[]; readonly outbox: readonly [name: string, box: Bytes] };
  readonly namesAfter: readonly string[];
  /** The log as the server holds it in the end; the note is its last entry. */
  readonly log: readonly SealedEntry[];
  readonly entry: SealedEntry;
  /** The push that carried it, and its answer. */
  readonly pushed: Bytes;
  readonly pushAnswer: Bytes;
  readonly server: MemoryServer;
};

export const tellStory = async (): Promise<Story> => {
  const sent: { name: RequestName; body: Bytes; answer: Bytes }[] = [];
  const office = await openOffice({
    randomnessFor: (name) => seededRandomness(`one entry: ${name}`),
    putInFront: (server) => ({
      call: async (name, token, body) => {
        const answer = await server.call(name, token, body);
        if (answer.ok) sent.push({ name, body, answer: answer.value });
        return answer;
      },
    }),
  });
  const { rojin, nour, azad, rami, server } = office;
  const logId = await openCaseOf(office, rojin, [rojin, nour, azad], "KRI-2026-0007");
  const device = deviceOf(rojin);
  const ask = async (what: string, asked: CaseCommand): Promise<readonly [string, string]> => {
    const answer = await device.tell(logId, asked);
    return [what, answer.ok ? answer.value.events.map(({ type }) => type).join(", ") : wordsOf(answer.error)];
  };
  await mustOk(device.tell(logId, recordFact("age", "adult")));
  const asked = [await ask("before the survivor agreed that a file is kept", command)];
  await mustOk(device.tell(logId, consent("store-file", "own-organisation")));
  await mustOk(device.sync());
  await mustOk(deviceOf(nour).sync());
  // Rojin's device has this word of a colleague when she writes, so her entry names it.
  await mustOk(deviceOf(nour).tell(logId, { ...command, note: itemOf("note-0"), about: "supervision", text: "باشە." }));
  for (const each of [nour, rojin]) await mustOk(deviceOf(each).sync());
  office.clock.now = later(office.clock.now, 12);
  const handset = firstHandset(rojin);
  handset.isOnline = false;
  asked.push(await ask("a note of spaces only", { ...command, text: "   " }));
  asked.push(await ask("a note of 8,001 characters", { ...command, text: "ئ".repeat(8001) }));
  asked.push(await ask("the note, with consent", command));
  asked.push(await ask("the same note once more", command));
  const draft = draftIn(handset, logId);
  handset.isOnline = true;
  office.clock.now = later(office.clock.now, 95);
  // The first time the line breaks between sealing and sending.
  handset.chooseFault = (name) => (name === "push" ? "lost-before" : "none");
  const broken = await device.sync();
  assert(!broken.ok, "A push that never arrived is not taken for one that did.");
  const stored = handset.contents();
  handset.chooseFault = honestNetwork;
  const sentBefore = sent.length;
  await mustOk(device.sync());
  await mustOk(deviceOf(nour).sync());
  await mustOk(deviceOf(rami).sync());
  const log = must(server.state.logs.get(logId)).entries.map(({ bytes }) => entryIn(bytes));
  const push = must(sent.slice(sentBefore).find(({ name }) => name === "push"));
  assert(wire.push.decodeRequest(push.body) !== undefined, "What was pushed is a push.");
  return {
    logId,
    rojin: { member: rojin, ...(await openStore(rojin, logId)) },
    nour: { member: nour, ...(await openStore(nour, logId)) },
    rami,
    asked,
    draft,
    sealed: { names: namesOf(logId, stored), outbox: must([...stored].find(([name]) => name.startsWith("outbox/"))) },
    namesAfter: namesOf(logId, handset.contents()),
    log,
    entry: must(log.at(-1)),
    pushed: push.body,
    pushAnswer: push.answer,
    server,
  };
};

const later = <T extends number>(instant: T, minutes: number): T => (instant + minutes * 60_000) as T;

/** Names and words of the rule; never the note. */
const wordsOf = (error: { readonly type: string }): string =>
  [error.type, ...Object.entries(error).flatMap(([name, value]) => (name === "type" ? [] : [`${name} ${value}`]))].join(
    ", ",
  );

const firstHandset = ({ handsets }: Member): Handset => must(handsets[0]);

const namesOf = (logId: LogId, contents: ReadonlyMap<string, Bytes>): readonly string[] =>
  [...contents.keys()].filter((name) => name.includes(logId) || name.startsWith("outbox/")).sort();

const draftIn = (handset: Handset, logId: LogId): readonly [string, Bytes] => {
  const drafts = [...handset.contents()].filter(([name]) => name.startsWith(`draft/${logId}/`));
  const [draft] = drafts;
  assert(draft !== undefined && drafts.length === 1, "The note is the only draft of the case.");
  return draft;
};

const entryIn = (bytes: Bytes): SealedEntry => {
  const parsed = parseEntry(bytes);
  assert(parsed.ok && parsed.value.kind === "entry", "The story has entries of this version only.");
  return parsed.value.entry;
};

/** The way a device goes when it is unlocked: account secret and password, device vault, record of the log. */
const openStore = async (member: Member, logId: LogId): Promise<OpenedStore> => {
  const store = makeMemoryStore({ contents: firstHandset(member).contents() });
  const standing = await readStanding(store);
  assert(standing.kind === "locked", "The device has an account.");
  const account = await deriveAccount(standing.record.accountSecret, member.password, cheapKdf);
  const deviceVault = await openDeviceVault(must(await store.read("device-vault")), account, platformDeflate);
  const accountVault = await openAccountVault(must(await store.read("account-vault")), account, 0, platformDeflate);
  assert(deviceVault.ok && accountVault.ok, "The password opens both vaults.");
  const { storageKey } = deviceVault.value;
  const ports = { randomness: seededRandomness("unused"), deflate: platformDeflate };
  const record = await makeRecords(store, storageKey, ports).read(logRecordName(logId));
  return { own: accountVault.value.vault, storageKey, caseKeys: decodeLogRecord(must(record)).keys };
};
