/**
 * Every ledger goes over whatever backup is put back: who has left by any of them is let in no more, and a password that was
 * replaced signs in no more.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { later } from "@amana/kernel";
import { encodeCbor, sha256, type Bytes } from "@amana/log";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeRelay } from "../relay/relay.ts";
import type { Cell, Storage } from "../storage/storage.ts";
import { digestOf, loginKeyFor, makePerson, nextEntry, signWith, type Person } from "../testing/people.ts";
import { makeThrowAwayStores } from "../testing/throw-away-stores.ts";
import {
  accountBytesOf,
  ask,
  found,
  get,
  joinBy,
  openWorld,
  signatureFor,
  signIn,
  type Founded,
  type Member,
  type Reachable,
  type World,
} from "../testing/world.ts";
import { backupHoursMax, backupsIn, digestAfter, fileNameOf, writeBackup, writeLedger } from "./backup.ts";
import { restoreBackup, type RestoreReport } from "./restore.ts";
import { makeBackupKey, writeSealedFile } from "./sealed-file.ts";

const key = makeBackupKey();
const hour = 3_600_000;
const day = 24 * hour;
let world: World;
let founded: Founded;
let folder: string;
const stores = makeThrowAwayStores();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "amana-ledger-"));
  world = await openWorld();
  founded = await found(world, "Shilan");
});
afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
  await stores.close();
});

const optionsNow = (days = { logs: 90, wraps: 14 }) => ({ folder, recipient: key.publicKey, now: world.now(), days });

const restoreInto = (storage: Storage) =>
  restoreBackup(storage, { folder, privateKey: key.privateKey, now: world.now(), at: undefined });

type Restored = Reachable & { readonly storage: Storage; readonly report: RestoreReport };

const restored = async (): Promise<Restored> => {
  const storage = await stores.open();
  const done = await restoreInto(storage);
  if (!done.ok) throw new Error(`The test's own backup must come back: ${done.error.type}`);
  return { storage, report: done.value, relay: makeRelay({ ...world.options, storage }) };
};

/** A ledger of the newest moment that says one thing and is sealed as it must be. */
const writeLedgerOf = async (table: string, columns: readonly string[], row: readonly Cell[]): Promise<void> => {
  const takenAt = world.now();
  const header = { part: "ledger", schemaVersion: await world.storage.schemaVersion(), takenAt } as const;
  const file = await writeSealedFile(join(folder, fileNameOf("ledger", takenAt)), header, key.publicKey);
  const page = encodeCbor([table, columns, [row]]);
  await file.write(page);
  await file.finish(encodeCbor([[[table, 1]], digestAfter(new Uint8Array(32), page)]));
};

const leaverColumns = ["organisation", "account", "at"];
const passwordColumns = ["organisation", "account", "login_public", "generation", "vault"];

/** As the person is known to sign in: with the first password, or with a later one. */
const withPassword = (person: Member, named: string): Member => ({
  ...person,
  sign: (purpose, message) => signWith(loginKeyFor(named).privateKey, purpose, message),
});

const vaultFor = (named: string): Bytes => digestOf(`vault of ${named}`);

const changePassword = (to: Reachable, person: Member, named: string, generation: number) => {
  const { publicKey } = loginKeyFor(named);
  const vault = vaultFor(named);
  const signature = person.sign("password-change", encodeCbor([accountBytesOf(person), publicKey, sha256(vault)]));
  return get(to, "change-password", person.token, { loginPublic: publicKey, generation, vault, signature });
};

const isLetIn = async (to: Reachable, person: Person): Promise<boolean> => {
  const { account } = person.account;
  const { challenge } = await get(to, "begin-sign-in", undefined, { account });
  const signature = signatureFor(person, challenge);
  const request = { account, challenge, signature, device: person.device, isFresh: false };
  return (await ask(to, "sign-in", undefined, request)).ok;
};

const sendAway = async (leaver: Person): Promise<void> => {
  const { keeper, log, logId } = founded;
  const entry = nextEntry(keeper, log, { kind: "control", control: log.hash });
  await get(world, "append-control", keeper.token, {
    ...{ logId, kind: "organisation", after: log.hash, entry: entry.bytes, wraps: [], serving: undefined },
    organisation: { teams: [], leavers: [leaver.account.receivingKey], keepers: undefined },
  });
};

describe("a ledger that is newer than the backup", () => {
  it("signs in by a password that was changed since, with its vault, and no more by the one before", async () => {
    const tara = await joinBy(world, founded.keeper, "Tara");
    await writeBackup(world.storage, optionsNow());
    await changePassword(world, tara, "Tara's second", 2);
    const again = await signIn(world, withPassword(tara, "Tara's second"));
    await changePassword(world, again, "Tara's third", 3);
    world.pass(hour);
    await writeLedger(world.storage, optionsNow());
    const back = await restored();
    expect(await isLetIn(back, tara)).toBe(false);
    expect(await isLetIn(back, withPassword(tara, "Tara's second"))).toBe(false);
    const { token } = await signIn(back, withPassword(tara, "Tara's third"));
    expect(await get(back, "read-vault", token, {})).toEqual({ generation: 3, vault: vaultFor("Tara's third") });
    // Whoever knows the password before changes nothing by it.
    const loginPublic = loginKeyFor("a stranger's").publicKey;
    const vault = vaultFor("a stranger's");
    const signature = tara.sign("password-change", encodeCbor([accountBytesOf(tara), loginPublic, sha256(vault)]));
    const change = { account: tara.account.account, loginPublic, generation: 2, vault, signature };
    expect(await ask(back, "repeat-password-change", undefined, change)).toMatchObject({
      ok: false,
      error: { code: "AlreadyUsed" },
    });
    expect(await isLetIn(back, founded.keeper)).toBe(true);
  });

  it("lets nobody in who has left since", async () => {
    const rezan = await joinBy(world, founded.keeper, "Rezan");
    const tara = await joinBy(world, founded.keeper, "Tara");
    await writeBackup(world.storage, optionsNow());
    await sendAway(rezan);
    world.pass(hour);
    await writeLedger(world.storage, optionsNow());
    const back = await restored();
    expect(await isLetIn(back, rezan)).toBe(false);
    expect(await isLetIn(back, tara)).toBe(true);
  });

  it("never puts a password in the place of a newer one, nor anybody there who was not", async () => {
    const tara = await joinBy(world, founded.keeper, "Tara");
    await changePassword(world, tara, "Tara's second", 2);
    const known = await world.storage.accountById(tara.account);
    if (known === undefined) throw new Error("She has joined.");
    const { organisation, account } = known;
    const row = { organisation, loginPublic: loginKeyFor("another").publicKey, vault: vaultFor("another") };
    const nobody = { organisation, account: "ab".repeat(16) };
    const before = await world.storage.counts();
    await world.storage.replayPasswords({
      rows: [
        { ...row, account, generation: 2 },
        { ...row, ...nobody, generation: 9 },
      ],
    });
    await world.storage.replayLeavers({ rows: [{ ...nobody, at: world.now() }] });
    expect(await isLetIn(world, withPassword(tara, "Tara's second"))).toBe(true);
    expect((await world.storage.counts()).accounts).toBe(before.accounts);
  });

  it("is refused as a whole where a row of it is none", async () => {
    await writeBackup(world.storage, optionsNow());
    world.pass(hour);
    for (const [table, columns, row] of [
      ["leavers", leaverColumns, ["000000000001", "not an account", world.now()]],
      ["leavers", leaverColumns, ["no organisation", "ab".repeat(16), world.now()]],
      ["passwords", passwordColumns, ["000000000001", "ab".repeat(16), 1, 2, 3]],
      ["something else", ["organisation"], ["00"]],
    ] as const) {
      await writeLedgerOf(table, columns, row);
      await expect(restored(), table).rejects.toThrow("NotWhole");
    }
  });
});

describe("every ledger in the folder", () => {
  it("is replayed: one of a clock that ran ahead lets nobody in who has left since, by no password that was replaced", async () => {
    const [rezan, tara] = [await joinBy(world, founded.keeper, "Rezan"), await joinBy(world, founded.keeper, "Tara")];
    await writeLedger(world.storage, { ...optionsNow(), now: later(world.now(), 400 * day) });
    await writeBackup(world.storage, optionsNow());
    await sendAway(rezan);
    await changePassword(world, tara, "Tara's second", 2);
    world.pass(hour);
    await writeLedger(world.storage, optionsNow());
    const back = await restored();
    expect(back.report).toMatchObject({ ledgersReplayed: 3, ledgersPassedOver: 0 });
    expect(await isLetIn(back, rezan)).toBe(false);
    expect(await isLetIn(back, tara)).toBe(false);
    expect(await isLetIn(back, withPassword(tara, "Tara's second"))).toBe(true);
  });

  it("keeps out who left by any of them, and of two passwords of one generation takes the one of the later name", async () => {
    const [rezan, tara] = [await joinBy(world, founded.keeper, "Rezan"), await joinBy(world, founded.keeper, "Tara")];
    const [left, known] = await Promise.all([rezan, tara].map((each) => world.storage.accountById(each.account)));
    if (left === undefined || known === undefined) throw new Error("They have joined.");
    await writeBackup(world.storage, optionsNow());
    const writePassword = (named: string) => {
      const row = [known.organisation, known.account, loginKeyFor(named).publicKey, 2, vaultFor(named)];
      return writeLedgerOf("passwords", passwordColumns, row);
    };
    world.pass(hour);
    await writeLedgerOf("leavers", leaverColumns, [left.organisation, left.account, world.now()]);
    world.pass(hour);
    await writePassword("Tara's other");
    world.pass(hour);
    await writePassword("Tara's second");
    const back = await restored();
    expect(await isLetIn(back, rezan)).toBe(false);
    expect(await isLetIn(back, withPassword(tara, "Tara's other"))).toBe(false);
    expect(await isLetIn(back, withPassword(tara, "Tara's second"))).toBe(true);
  });

  it("lets nobody in by a password of a time that was restored over, and keeps out who left in it", async () => {
    const [rezan, tara] = [await joinBy(world, founded.keeper, "Rezan"), await joinBy(world, founded.keeper, "Tara")];
    const [left, known] = await Promise.all([rezan, tara].map((each) => world.storage.accountById(each.account)));
    if (left === undefined || known === undefined) throw new Error("They have joined.");
    const lost = [known.organisation, known.account, loginKeyFor("a lost one").publicKey, 7, vaultFor("a lost one")];
    await writeLedgerOf("passwords", passwordColumns, lost);
    world.pass(hour);
    await writeLedgerOf("leavers", leaverColumns, [left.organisation, left.account, world.now()]);
    world.pass(hour);
    await changePassword(world, tara, "Tara's second", 2);
    await writeBackup(world.storage, optionsNow());
    const back = await restored();
    expect(await isLetIn(back, withPassword(tara, "a lost one"))).toBe(false);
    expect(await isLetIn(back, withPassword(tara, "Tara's second"))).toBe(true);
    expect(await isLetIn(back, rezan)).toBe(false);
  });

  it("counts once what more than one of them say was destroyed", async () => {
    const { organisation } = (await world.storage.accountById(founded.keeper.account)) ?? {};
    if (organisation === undefined) throw new Error("She has founded it.");
    const [proposal, confirmation] = [founded.log.hash, founded.log.hash];
    const row = {
      organisation,
      logId: founded.logId,
      entry: founded.log.hash,
      proposal,
      confirmation,
      at: world.now(),
    };
    await world.storage.replayLedger({ rows: [row] });
    await writeBackup(world.storage, optionsNow());
    world.pass(hour);
    await writeLedger(world.storage, optionsNow());
    expect((await restored()).report).toMatchObject({ erasuresReplayed: 1, ledgersReplayed: 2 });
  });

  it("carries out each row once, wherever in its page another ledger has it", async () => {
    const members = [await joinBy(world, founded.keeper, "Rezan"), await joinBy(world, founded.keeper, "Tara")];
    await writeBackup(world.storage, optionsNow());
    for (const member of members) {
      const known = await world.storage.accountById(member.account);
      if (known === undefined) throw new Error("They have joined.");
      world.pass(hour);
      await world.storage.replayLeavers({ rows: [{ ...known, at: world.now() }] });
      await writeLedger(world.storage, optionsNow());
    }
    const storage = await stores.open();
    let carriedOut = 0;
    const counting: Storage = {
      ...storage,
      replayLeavers: (order) => {
        carriedOut += order.rows.length;
        return storage.replayLeavers(order);
      },
    };
    expect(await restoreInto(counting)).toMatchObject({ ok: true, value: { ledgersReplayed: 3 } });
    expect(carriedOut).toBe(2);
  });

  it("must be whole and for this key if it came after the backup; an older one is passed over, and that is said", async () => {
    const forAnother = () => ({ ...optionsNow(), recipient: makeBackupKey().publicKey });
    await writeLedger(world.storage, forAnother());
    world.pass(hour);
    await writeBackup(world.storage, optionsNow());
    expect((await restored()).report).toMatchObject({ ledgersReplayed: 1, ledgersPassedOver: 1 });
    world.pass(hour);
    await writeLedger(world.storage, forAnother());
    const file = fileNameOf("ledger", world.now());
    world.pass(hour);
    await writeLedger(world.storage, optionsNow());
    const storage = await stores.open();
    expect(await restoreInto(storage)).toEqual({ ok: false, error: { type: "NotForThisKey", file } });
    expect(await storage.storeStanding()).toBe("empty");
  });

  it("of another key stops a restore also where it is the newest there is, and older than the backup", async () => {
    await writeLedger(world.storage, { ...optionsNow(), recipient: makeBackupKey().publicKey });
    const file = fileNameOf("ledger", world.now());
    world.pass(hour);
    await writeBackup(world.storage, optionsNow());
    rmSync(join(folder, fileNameOf("ledger", world.now())));
    expect(await restoreInto(await stores.open())).toEqual({ ok: false, error: { type: "NotForThisKey", file } });
  });
});

describe("a store that is being restored", () => {
  it("lets nobody in by a server that was running before, until the ledger is replayed", async () => {
    const tara = await joinBy(world, founded.keeper, "Tara");
    await writeBackup(world.storage, optionsNow());
    const storage = await stores.open();
    const running = { relay: makeRelay({ ...world.options, storage }) };
    let meanwhile: unknown;
    const finishRestore = async (): Promise<void> => {
      const { account } = tara.account;
      const { challenge } = await get(running, "begin-sign-in", undefined, { account });
      const signature = signatureFor(tara, challenge);
      const request = { account, challenge, signature, device: tara.device, isFresh: false };
      meanwhile = await ask(running, "sign-in", undefined, request);
      await storage.finishRestore();
    };
    expect((await restoreInto({ ...storage, finishRestore })).ok).toBe(true);
    expect(meanwhile).toMatchObject({ ok: false, error: { code: "NotNow" } });
    expect(await isLetIn(running, tara)).toBe(true);
  });
});

describe("a password that was replaced, while a store is being restored", () => {
  it("puts no other in its place before the ledger does, nor does anybody take a place that was closed since", async () => {
    const { keeper } = founded;
    const tara = await joinBy(world, keeper, "Tara");
    const place = { invitation: digestOf("a letter that was stolen").slice(0, 16), expiresAt: later(world.now(), day) };
    await get(world, "open-invitation", keeper.token, place);
    await writeBackup(world.storage, optionsNow());
    await changePassword(world, tara, "Tara's second", 2);
    await get(world, "close-invitation", keeper.token, { invitation: place.invitation });
    world.pass(hour);
    await writeLedger(world.storage, optionsNow());
    const storage = await stores.open();
    const running = { relay: makeRelay({ ...world.options, storage }) };
    const meanwhile: unknown[] = [];
    const replayPasswords: Storage["replayPasswords"] = async (rows) => {
      const loginPublic = loginKeyFor("a thief's").publicKey;
      const vault = vaultFor("a thief's");
      const signature = tara.sign("password-change", encodeCbor([accountBytesOf(tara), loginPublic, sha256(vault)]));
      const change = { account: tara.account.account, loginPublic, generation: 2, vault, signature };
      meanwhile.push(await ask(running, "repeat-password-change", undefined, change));
      const { invitation } = place;
      const answer = { invitation, answer: digestOf("answer"), account: makePerson("A thief").account };
      meanwhile.push(await ask(running, "answer-invitation", undefined, answer));
      await storage.replayPasswords(rows);
    };
    expect((await restoreInto({ ...storage, replayPasswords })).ok).toBe(true);
    expect(meanwhile).toMatchObject(Array(2).fill({ ok: false, error: { code: "NotNow" } }));
    expect(await isLetIn(running, withPassword(tara, "a thief's"))).toBe(false);
    expect(await isLetIn(running, withPassword(tara, "Tara's second"))).toBe(true);
  });
});

describe("a ledger taken by itself", () => {
  it("goes when others have followed, never the newest, and takes no backup with it", async () => {
    const days = { logs: 4, wraps: 3 };
    await writeBackup(world.storage, optionsNow(days));
    const standing = async () => (await backupsIn(folder)).map(({ part, takenAt }) => `${part} ${takenAt - start}`);
    const start = world.now();
    world.pass(hour);
    await writeLedger(world.storage, optionsNow(days));
    world.pass(48 * hour);
    expect((await writeLedger(world.storage, optionsNow(days))).removed).toHaveLength(1);
    // Long after the backup's time: only another backup stands in its place.
    world.pass(400 * 24 * hour);
    expect((await writeLedger(world.storage, optionsNow(days))).removed).toHaveLength(2);
    expect(await standing()).toEqual(["logs 0", "wraps 0", `ledger ${world.now() - start}`]);
    world.pass(backupHoursMax * hour);
    await writeBackup(world.storage, optionsNow(days));
    const newest = world.now() - start;
    expect((await standing()).slice(-3).sort()).toEqual([`ledger ${newest}`, `logs ${newest}`, `wraps ${newest}`]);
    expect((await standing()).filter((each) => each.startsWith("logs"))).toHaveLength(1);
  });
});
