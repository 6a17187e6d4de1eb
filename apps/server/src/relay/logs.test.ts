/** Exchange of entries, the line of control entries, wraps, erasure and recovery, over a real store. */

import {
  concat,
  encodeCbor,
  scopeOfConfirmation,
  scopeOfProposal,
  sha256,
  toHex,
  type Bytes,
  type EntryHash,
  type LogId,
} from "@amana/log";
import {
  bucketDigests,
  digestOfNone,
  nextDigest,
  recoveriesPerReadMax,
  type ControlAppend,
  type RequestOf,
} from "@amana/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginLog, keyIdFor, logIdFor, nextEntry, wrapFor, type MadeEntry, type Person } from "../testing/people.ts";
import { ask, found, get, joinBy, openWorld, type Founded, type Member, type World } from "../testing/world.ts";

let world: World;
let founded: Founded;
let keeper: Member;
let nour: Member;
beforeAll(async () => {
  world = await openWorld();
  founded = await found(world, "Shilan");
  keeper = founded.keeper;
  nour = await joinBy(world, keeper, "Nour");
});
afterAll(() => world.close());

const refusal = (code: string): unknown => ({ ok: false, error: { type: "Refused", code, afterSeconds: undefined } });

const openCase = async (name: string, served: readonly Person[] = [nour]) => {
  const logId = logIdFor(name);
  const { append, entry } = beginLog(nour, logId, "case", served);
  await get(world, "append-control", nour.token, append);
  return { logId, first: entry, append };
};

const push = async (token: Bytes, logId: LogId, entries: readonly Bytes[]): Promise<readonly string[]> => {
  const { logs } = await get(world, "push", token, { logs: [{ logId, entries }] });
  return logs[0]?.results ?? [];
};

const pull = async (token: Bytes, logId: LogId, after = 0, digest = digestOfNone(), bytesMax = 1_000_000) => {
  const { logs } = await get(world, "pull", token, { wants: [{ logId, after, digest }], bytesMax, withWraps: false });
  return logs[0];
};

const chain = (person: Person, after: MadeEntry, count: number): readonly MadeEntry[] => {
  const entries: MadeEntry[] = [];
  for (let number = 0; number < count; number++)
    entries.push(nextEntry(person, entries.at(-1) ?? after, {}, `note ${number}`));
  return entries;
};

describe("exchange", () => {
  it("keeps what is pushed, in order, once, and gives it back byte for byte", async () => {
    const { logId, first } = await openCase("exchange");
    const entries = chain(nour, first, 3).map(({ bytes }) => bytes);
    expect(await push(nour.token, logId, entries)).toEqual(["stored", "stored", "stored"]);
    expect(await push(nour.token, logId, entries)).toEqual(["known", "known", "known"]);
    const pulled = await pull(nour.token, logId);
    expect(pulled).toEqual({ logId, after: 0, isSame: true, end: 4, entries: [first.bytes, ...entries] });
  });

  it("goes on where the device is, by a digest that both sides compute", async () => {
    const { logId, first } = await openCase("going on");
    const [one, two] = chain(nour, first, 2);
    if (one === undefined || two === undefined) throw new Error("There are two.");
    await push(nour.token, logId, [one.bytes, two.bytes]);
    const digest = nextDigest(nextDigest(digestOfNone(), first.hash), one.hash);
    expect(await pull(nour.token, logId, 2, digest)).toMatchObject({ isSame: true, entries: [two.bytes], end: 3 });
    expect(await pull(nour.token, logId, 2, digestOfNone())).toMatchObject({ isSame: false, entries: [], end: 3 });
    expect(await get(world, "list-hashes", nour.token, { logId, after: 1 })).toEqual({
      hashes: [one.hash, two.hash],
      end: 3,
    });
  });

  it("gives as much as was asked for, and one entry at least", async () => {
    const { logId, first } = await openCase("a slow line");
    await push(
      nour.token,
      logId,
      chain(nour, first, 5).map(({ bytes }) => bytes),
    );
    expect((await pull(nour.token, logId, 0, digestOfNone(), 1))?.entries).toHaveLength(1);
    expect((await pull(nour.token, logId, 0, digestOfNone(), 1500))?.entries).toHaveLength(2);
  });

  it("says of each entry for itself why it is not taken", async () => {
    const { logId, first } = await openCase("refused entries");
    const other = await openCase("another case");
    const [one, two] = chain(nour, first, 2);
    if (one === undefined || two === undefined) throw new Error("There are two.");
    const spoiled = one.bytes.slice();
    spoiled[0] = 0x84;
    const husk = encodeCbor([headerBytesOf(one.bytes), null, new Uint8Array(64), sha256(one.bytes)]);
    const control = nextEntry(nour, first, { kind: "control", control: first.hash }).bytes;
    const ofOther = nextEntry(nour, other.first).bytes;
    const newer = ofVersion(2, one.bytes);
    const sent = [spoiled, husk, ofOther, new Uint8Array(10), newer, two.bytes, control, first.bytes, one.bytes];
    expect(await push(nour.token, logId, sent)).toEqual([
      ...["malformed", "malformed", "malformed", "malformed"],
      ...["link-missing", "link-missing", "link-missing", "known", "stored"],
    ]);
  });

  it("takes nothing that names an organisation head which is nowhere, or of another organisation", async () => {
    const { logId, first } = await openCase("heads");
    const other = await found(world, "Rebin");
    for (const organisationHead of [first.hash, other.log.hash]) {
      const note = nextEntry(nour, first, { organisationHead });
      expect(await push(nour.token, logId, [note.bytes])).toEqual(["link-missing"]);
      const control = nextEntry(nour, first, { kind: "control", organisationHead, keyCommitment: new Uint8Array(32) });
      const append = { logId, kind: "case", after: first.hash, entry: control.bytes, wraps: [] } as const;
      const sent = await ask(world, "append-control", nour.token, {
        ...append,
        serving: undefined,
        organisation: undefined,
      });
      expect(sent).toEqual(refusal("NotNow"));
      const begun = beginLog({ ...nour, organisationHead }, logIdFor("headless"), "case").append;
      expect(await ask(world, "append-control", nour.token, begun)).toEqual(refusal("NotNow"));
    }
    expect((await pull(nour.token, logId))?.end).toBe(1);
  });

  it("puts no content into the log of the organisation", async () => {
    const content = nextEntry(keeper, founded.log, {
      logKind: "case",
      kind: "content",
      control: founded.log.hash,
      organisationHead: founded.log.hash,
    });
    expect(await push(keeper.token, founded.logId, [content.bytes])).not.toContain("stored");
    expect((await pull(keeper.token, founded.logId))?.end).toBe(1);
  });

  it("does not stop for a log that is not there for this account", async () => {
    const { logId, first } = await openCase("mixed");
    const entry = nextEntry(nour, first).bytes;
    const { logs } = await get(world, "push", nour.token, {
      logs: [
        { logId: logIdFor("nowhere"), entries: [entry] },
        { logId, entries: [entry] },
      ],
    });
    expect(logs).toEqual([{ logId, results: ["stored"] }]);
  });

  it("takes no more than the account's quota, and says so", async () => {
    const small = await openWorld({
      quotas: {
        account: { logs: 10, entries: 4, bytes: 100_000 },
        organisation: { logs: 10, entries: 100, bytes: 100_000 },
      },
    });
    const { keeper: hero } = await found(small, "Hero");
    const { append, entry } = beginLog(hero, logIdFor("small"), "case");
    await get(small, "append-control", hero.token, append);
    const entries = chain(hero, entry, 3).map(({ bytes }) => bytes);
    const { logs } = await get(small, "push", hero.token, { logs: [{ logId: append.logId, entries }] });
    expect(logs[0]?.results).toEqual(["stored", "stored", "quota"]);
    await small.close();
  });
});

describe("comparing", () => {
  it("names nothing when both sides hold the same, and otherwise the buckets that differ, of what is served alone", async () => {
    const dilan = await joinBy(world, keeper, "Dilan");
    expect(await get(world, "compare", dilan.token, { buckets: undefined, fromBucket: 0 })).toEqual({
      logs: [],
      nextBucket: undefined,
    });
    const served = await Promise.all(["a", "b", "c"].map((name) => openCase(`compared ${name}`, [nour, dilan])));
    const { logs } = await get(world, "compare", dilan.token, { buckets: undefined, fromBucket: 0 });
    expect(logs.map(({ logId }) => logId)).toEqual(served.map(({ logId }) => logId).sort());
    expect(logs[0]).toMatchObject({ end: 1, kind: "case" });
    const same = bucketDigests(logs);
    expect(await get(world, "compare", dilan.token, { buckets: same, fromBucket: 0 })).toMatchObject({ logs: [] });
    const [changed] = served;
    if (changed === undefined) throw new Error("There are three.");
    await push(dilan.token, changed.logId, [nextEntry(dilan, changed.first).bytes]);
    const differing = await get(world, "compare", dilan.token, { buckets: same, fromBucket: 0 });
    expect(differing.logs).toEqual([expect.objectContaining({ logId: changed.logId, end: 2 })]);
  });
});

describe("the line of control entries", () => {
  it("takes one after the other, tells who came second what is there, and takes the same again as taken", async () => {
    const { logId, first, append } = await openCase("control");
    const one = nextEntry(nour, first, { kind: "control", control: first.hash }, "one");
    const two = nextEntry(nour, first, { kind: "control", control: first.hash }, "two");
    const after = (entry: MadeEntry): ControlAppend => ({
      ...append,
      after: first.hash,
      entry: entry.bytes,
      wraps: [],
    });
    expect(await get(world, "append-control", nour.token, after(one))).toEqual({ isAppended: true, tip: one.hash });
    expect(await get(world, "append-control", nour.token, after(two))).toEqual({ isAppended: false, tip: one.hash });
    expect(await get(world, "append-control", nour.token, after(one))).toEqual({ isAppended: true, tip: one.hash });
    expect((await pull(nour.token, logId))?.end).toBe(2);
  });

  it.each([
    [
      "names another place than its header",
      (append: ControlAppend, first: MadeEntry) => ({ ...append, after: first.hash }),
    ],
    ["names another log", (append: ControlAppend) => ({ ...append, logId: logIdFor("elsewhere"), wraps: [] })],
    ["names another kind of log", (append: ControlAppend) => ({ ...append, kind: "organisation" as const })],
    ["serves nobody", (append: ControlAppend) => ({ ...append, serving: { keys: [] } })],
    ["says nothing of whom it is served", (append: ControlAppend) => ({ ...append, serving: undefined })],
    [
      "brings a wrap of another log",
      (append: ControlAppend) => ({ ...append, wraps: [wrapFor(logIdFor("x"), keyIdFor("y"))] }),
    ],
    ["brings something that is no wrap", (append: ControlAppend) => ({ ...append, wraps: [encodeCbor([1])] })],
    [
      "is content",
      (append: ControlAppend, first: MadeEntry) => ({
        ...append,
        after: first.hash,
        entry: nextEntry(nour, first).bytes,
      }),
    ],
  ])("refuses an entry whose request %s", async (name, change) => {
    const { append, entry } = beginLog(nour, logIdFor(name), "case");
    expect(await ask(world, "append-control", nour.token, change(append, entry))).toEqual(refusal("NotUnderstood"));
  });
});

describe("cases begun together", () => {
  it("are each begun by itself, durably, with their keys, and once", async () => {
    const made = ["one", "two", "three"].map((name) => beginLog(nour, logIdFor(`together ${name}`), "case", [nour]));
    const [first, other, third] = made.map(({ append: { logId, entry, wraps, serving } }) => ({
      logId,
      entry,
      wraps,
      serving: serving ?? { keys: [] },
    }));
    if (first === undefined || other === undefined || third === undefined) throw new Error("There are three.");
    const swapped = { ...other, entry: third.entry };
    const foreign = { ...third, wraps: first.wraps };
    const begin = (logs: RequestOf<"begin-logs">["logs"]) => get(world, "begin-logs", nour.token, { logs });
    expect(await begin([first, swapped, foreign])).toEqual({ results: ["begun", "malformed", "malformed"] });
    expect(await begin([first, other, third])).toEqual({ results: ["begun", "begun", "begun"] });
    for (const { logId, entry, wraps } of [first, other, third]) {
      expect((await pull(nour.token, logId))?.entries).toEqual([entry]);
      expect(await get(world, "read-wraps", nour.token, { logs: [logId] })).toEqual({ logs: [{ logId, wraps }] });
    }
    const unserved = { ...beginLog(nour, logIdFor("together four"), "case", [nour]).append, serving: { keys: [] } };
    expect(await begin([unserved])).toEqual({ results: ["malformed"] });
    const notOnIt = { ...unserved, serving: { keys: [keeper.account.receivingKey] } };
    expect(await begin([notOnIt])).toEqual({ results: ["not-for-you"] });
  });
});

describe("wraps", () => {
  it("come to the account that they are for and to no other, and more may follow", async () => {
    const reader = await joinBy(world, keeper, "Reader of wraps");
    const { logId, append } = await openCase("wraps", [nour, reader]);
    expect(await get(world, "read-wraps", nour.token, { logs: [logId] })).toEqual({
      logs: [{ logId, wraps: [append.wraps[0]] }],
    });
    const later = wrapFor(logId, reader.account.receivingKey, "of an earlier epoch");
    await get(world, "add-wraps", nour.token, { logId, wraps: [later] });
    const read = await get(world, "read-wraps", reader.token, { logs: [logId] });
    expect(read.logs[0]?.wraps).toEqual([append.wraps[1], later]);
  });

  it("come with the entries they belong to where that was asked for: whole logs, as many as fit, and only with a control entry", async () => {
    const cases = [await openCase("wraps beside, one"), await openCase("wraps beside, two")] as const;
    const [{ logId, first, append }, other] = cases;
    const [note] = chain(nour, first, 1);
    await push(nour.token, logId, note === undefined ? [] : [note.bytes]);
    const wraps = cases.map((each) => ({ logId: each.logId, wraps: [each.append.wraps[0]] }));
    const ask = async (bytesMax: number, withWraps = true) => {
      const wants = cases.map((each) => ({ logId: each.logId, after: 0, digest: digestOfNone() }));
      return get(world, "pull", nour.token, { wants, bytesMax, withWraps });
    };
    expect((await ask(1_000_000)).wraps).toEqual(wraps);
    expect((await ask(1_000_000, false)).wraps).toEqual([]);
    const length = (append.wraps[0]?.length ?? 0) + 3;
    const all = [first, note, other.first].reduce((sum, entry) => sum + (entry?.bytes.length ?? 0), 0);
    expect(all).toBeLessThan(2 * length);
    expect((await ask(2 * length)).wraps).toEqual(wraps);
    expect((await ask(2 * length - 1)).wraps).toEqual(wraps.slice(0, 1));
    expect((await ask(length - 1)).wraps).toEqual([]);
    const further = { logId, after: 1, digest: nextDigest(digestOfNone(), first.hash) };
    const after = await get(world, "pull", nour.token, { wants: [further], bytesMax: 1_000_000, withWraps: true });
    expect(after.logs[0]?.entries).toHaveLength(1);
    expect(after.wraps).toEqual([]);
    const reader = await joinBy(world, keeper, "Nobody's reader");
    const wants = [{ logId, after: 0, digest: digestOfNone() }];
    expect(await get(world, "pull", reader.token, { wants, bytesMax: 1_000_000, withWraps: true })).toEqual({
      logs: [],
      wraps: [],
    });
  });
});

describe("erasing", () => {
  it("leaves husks, and says from when no backup holds the bodies", async () => {
    const { logId, first } = await openCase("erasing", [nour, keeper]);
    const [note] = chain(nour, first, 1);
    if (note === undefined) throw new Error("There is one.");
    await push(nour.token, logId, [note.bytes]);
    const act = async (by: Person, sender: Member, before: MadeEntry, destroys: Bytes): Promise<MadeEntry> => {
      const after = before.header.kind === "control" ? before.hash : before.header.control;
      const entry = nextEntry(by, before, { kind: "control", control: after, destroys });
      const append = { logId, kind: "case", after, entry: entry.bytes, wraps: [], serving: undefined } as const;
      await get(world, "append-control", sender.token, { ...append, organisation: undefined });
      return entry;
    };
    const [ofNote, ofCase] = [
      { logId, entries: [note.hash] },
      { logId, entries: [] },
    ];
    const proposal = await act(nour, nour, note, scopeOfProposal(ofNote));
    // Somebody alone can make up an author, and the server checks no signature.
    const madeUp = await act(keeper, nour, proposal, scopeOfConfirmation(ofNote, proposal.hash));
    const confirmation = await act(keeper, keeper, madeUp, scopeOfConfirmation(ofNote, proposal.hash));
    const order = { logId, proposal: proposal.hash, confirmation: confirmation.hash };
    for (const alone of [proposal.hash, madeUp.hash]) {
      const byOne = { ...order, confirmation: alone };
      expect(await ask(world, "erase", nour.token, { ...byOne, entries: [note.hash] })).toEqual(refusal("NotForYou"));
      expect(await ask(world, "shred", nour.token, byOne)).toEqual(refusal("NotForYou"));
    }
    const erased = await get(world, "erase", nour.token, { ...order, entries: [note.hash] });
    expect(erased.goneFromBackupsAt - world.now()).toBe(90 * 86_400_000);
    const pulled = await pull(nour.token, logId);
    expect(pulled?.entries[1]?.length).toBeLessThan(note.bytes.length - 200);
    expect(await ask(world, "shred", nour.token, order)).toEqual(refusal("NotForYou"));
    const whole = await act(nour, nour, confirmation, scopeOfProposal(ofCase));
    const agreed = await act(keeper, keeper, whole, scopeOfConfirmation(ofCase, whole.hash));
    const wholeCase = { logId, proposal: whole.hash, confirmation: agreed.hash };
    const shredded = await get(world, "shred", nour.token, wholeCase);
    expect(shredded.goneFromBackupsAt - world.now()).toBe(14 * 86_400_000);
    expect((await get(world, "read-wraps", nour.token, { logs: [logId] })).logs.flatMap(({ wraps }) => wraps)).toEqual(
      [],
    );
  });

  it("is done for what both have named, and never for what else a colleague wrote", async () => {
    const { logId, first } = await openCase("erasing alone", [nour, keeper]);
    const [note] = chain(nour, first, 1);
    if (note === undefined) throw new Error("There is one.");
    await push(nour.token, logId, [note.bytes]);
    const wanted = [scopeOfProposal({ logId, entries: [note.hash] }), undefined] as const;
    let before = note;
    const hashes: EntryHash[] = [];
    for (const [place, by] of [nour, keeper].entries()) {
      const after = before.header.kind === "control" ? before.hash : before.header.control;
      const destroys = wanted[place];
      before = nextEntry(by, before, { kind: "control", control: after, ...(destroys && { destroys }) });
      const append = { logId, kind: "case", after, entry: before.bytes, wraps: [], serving: undefined } as const;
      await get(world, "append-control", by.token, { ...append, organisation: undefined });
      hashes.push(before.hash);
    }
    const [proposal, confirmation] = hashes as [EntryHash, EntryHash];
    const acts = { logId, proposal, confirmation };
    expect(await ask(world, "erase", nour.token, { ...acts, entries: [note.hash] })).toEqual(refusal("NotForYou"));
    expect(await ask(world, "shred", nour.token, acts)).toEqual(refusal("NotForYou"));
  });

  it("lasts where the server was put back to before the entry was written: only the husk comes again", async () => {
    const { logId, first } = await openCase("erased before", [nour]);
    const [note, next] = chain(nour, first, 2);
    if (note === undefined || next === undefined) throw new Error("There are two.");
    const signedIn = await world.storage.signInByToken({ tokenHash: sha256(nour.token), now: world.now() });
    if (signedIn === undefined) throw new Error("Nour is signed in.");
    const row = { organisation: signedIn.by.organisation, logId, proposal: first.hash, confirmation: first.hash };
    await world.storage.replayLedger({ rows: [{ ...row, entry: note.hash, at: world.now() }] });
    expect(await push(nour.token, logId, [note.bytes, next.bytes])).toEqual(["stored", "stored"]);
    const lengths = (await pull(nour.token, logId))?.entries.map(({ length }) => length) ?? [];
    expect(lengths[1]).toBeLessThan(note.bytes.length - 200);
    expect(lengths[2]).toBe(next.bytes.length);
  });
});

describe("recovery", () => {
  const recoveryKey = keyIdFor("the recovery key");

  it("is seen by all, opens after 24 hours to who asked, is used once, and leaves no wraps when it is ended", async () => {
    const { logId } = await openCase("to recover");
    const wrap = wrapFor(logId, recoveryKey);
    await get(world, "add-wraps", nour.token, { logId, wraps: [wrap] });
    const { recovery, opensAt } = await get(world, "request-recovery", keeper.token, { recoveryKey });
    expect(opensAt - world.now()).toBe(24 * 3_600_000);
    const seen = await get(world, "read-recoveries", nour.token, {});
    expect(seen.recoveries).toEqual([
      expect.objectContaining({ recovery, state: "waiting", by: keeper.account.receivingKey }),
    ]);
    const read = { recovery, after: 0 };
    expect(await ask(world, "read-recovery-wraps", keeper.token, read)).toEqual(refusal("NotNow"));
    await world.stayUp(24 * 3_600_000 - 1);
    expect(await ask(world, "read-recovery-wraps", keeper.token, read)).toEqual(refusal("NotNow"));
    await world.stayUp(1);
    expect(await ask(world, "read-recovery-wraps", nour.token, read)).toEqual(refusal("NotNow"));
    expect(await get(world, "read-recovery-wraps", keeper.token, read)).toEqual({
      wraps: [{ logId, wrap }],
      next: undefined,
    });
    expect(await ask(world, "request-recovery", keeper.token, { recoveryKey })).toEqual(refusal("AlreadyUsed"));
    expect(await ask(world, "forbid-recovery", nour.token, { recovery })).toEqual(refusal("NotForYou"));
    await get(world, "forbid-recovery", keeper.token, { recovery });
    expect(await ask(world, "read-recovery-wraps", keeper.token, read)).toEqual(refusal("NotNow"));
    // A device that has not heard of it gives the server another, to the same sheets.
    await get(world, "add-wraps", nour.token, { logId, wraps: [wrapFor(logId, recoveryKey, "since")] });
    expect(await ask(world, "read-recovery-wraps", keeper.token, read)).toEqual(refusal("NotNow"));
    expect(await ask(world, "request-recovery", keeper.token, { recoveryKey })).toEqual(refusal("AlreadyUsed"));
  });

  it("counts no hour at which no server was up, and no clock that was set ahead", async () => {
    const { recovery } = await get(world, "request-recovery", nour.token, { recoveryKey: keyIdFor("an outage's key") });
    const isShut = async () => {
      const read = await ask(world, "read-recovery-wraps", nour.token, { recovery, after: 0 });
      expect(read).toEqual(refusal("NotNow"));
      const { recoveries } = await get(world, "read-recoveries", keeper.token, {});
      expect(recoveries.find((each) => toHex(each.recovery) === toHex(recovery))?.state).toBe("waiting");
    };
    await world.stayUp(12 * 3_600_000);
    world.pass(48 * 3_600_000);
    await isShut();
    await world.storage.noteUp({ now: world.now(), pauseMillisecondsMax: 60_000 });
    await isShut();
    await world.stayUp(12 * 3_600_000 - 1);
    await isShut();
    await world.stayUp(1);
    expect((await ask(world, "read-recovery-wraps", nour.token, { recovery, after: 0 })).ok).toBe(true);
  });

  it("that a keeper forbade never opens", async () => {
    const { recovery } = await get(world, "request-recovery", nour.token, { recoveryKey: keyIdFor("another key") });
    await get(world, "forbid-recovery", keeper.token, { recovery });
    await get(world, "forbid-recovery", keeper.token, { recovery });
    await world.stayUp(25 * 3_600_000);
    expect(await ask(world, "read-recovery-wraps", nour.token, { recovery, after: 0 })).toEqual(refusal("NotNow"));
  });

  /** Eight colleagues ask for nine each, and end them: more than are ever shown. */
  const askLoudly = async ({ keeper: own }: Founded): Promise<void> => {
    for (const by of ["one", "two", "three", "four", "five", "six", "seven", "eight"]) {
      const loud = await joinBy(world, own, `${own.name} ${by}`);
      for (let number = 0; number < 9; number++) {
        world.pass(1000);
        const asked = await get(world, "request-recovery", loud.token, { recoveryKey: keyIdFor(`${by} ${number}`) });
        await get(world, "forbid-recovery", loud.token, { recovery: asked.recovery });
      }
    }
    const { recoveries } = await get(world, "read-recoveries", own.token, {});
    expect(recoveries).toHaveLength(recoveriesPerReadMax);
  };

  it("stays in sight while it can be forbidden, however many others are asked for and ended since", async () => {
    const own = await found(world, "In sight");
    const asker = await joinBy(world, own.keeper, "The quiet one");
    const { recovery } = await get(world, "request-recovery", asker.token, { recoveryKey: keyIdFor("the quiet one") });
    await askLoudly(own);
    const { recoveries } = await get(world, "read-recoveries", own.keeper.token, {});
    expect(recoveries.map((each) => toHex(each.recovery))).toContain(toHex(recovery));
  });

  it("that was used is shown as used for good, whoever ends it and however many others are asked for since", async () => {
    const own = await found(world, "Used and ended");
    const asker = await joinBy(world, own.keeper, "Who used the sheets");
    const order = { recoveryKey: keyIdFor("the sheets that were used") };
    await world.stayUp(0);
    const { recovery } = await get(world, "request-recovery", asker.token, order);
    await world.stayUp(24 * 3_600_000);
    await get(world, "read-recovery-wraps", asker.token, { recovery, after: 0 });
    const stateOf = async () =>
      (await get(world, "read-recoveries", own.keeper.token, {})).recoveries.find(
        (each) => toHex(each.recovery) === toHex(recovery),
      )?.state;
    expect(await stateOf()).toBe("used");
    await get(world, "forbid-recovery", asker.token, { recovery });
    expect(await stateOf()).toBe("used");
    await askLoudly(own);
    expect(await stateOf()).toBe("used");
  });

  it("is asked for by nobody so often that the server keeps more and more of it", async () => {
    const own = await found(world, "Without end");
    for (let number = 0; number < 40; number++) {
      world.pass(1000);
      const asked = await get(world, "request-recovery", own.keeper.token, { recoveryKey: keyIdFor(`${number}`) });
      await get(world, "forbid-recovery", own.keeper.token, { recovery: asked.recovery });
    }
    const { recoveries } = await get(world, "read-recoveries", own.keeper.token, {});
    expect(recoveries.map(({ state }) => state)).toEqual(Array.from({ length: 9 }, () => "forbidden"));
  });

  it("is ended by whoever asked for it as well, and by no other colleague", async () => {
    const { recovery } = await get(world, "request-recovery", nour.token, { recoveryKey: keyIdFor("third key") });
    const dilan = await joinBy(world, keeper, "Dilan who ends nothing");
    expect(await ask(world, "forbid-recovery", dilan.token, { recovery })).toEqual(refusal("NotForYou"));
    const stateOf = async () =>
      (await get(world, "read-recoveries", nour.token, {})).recoveries.find(
        (each) => toHex(each.recovery) === toHex(recovery),
      )?.state;
    expect(await stateOf()).toBe("waiting");
    await get(world, "forbid-recovery", nour.token, { recovery });
    expect(await stateOf()).toBe("forbidden");
  });

  it("hands out no person's wraps, and no team's", async () => {
    const own = await found(world, "Recovering");
    const team = keyIdFor("a team's key");
    const entry = nextEntry(own.keeper, own.log, { kind: "control", control: own.log.hash });
    await get(world, "append-control", own.keeper.token, {
      logId: own.logId,
      kind: "organisation",
      after: own.log.hash,
      entry: entry.bytes,
      wraps: [],
      serving: undefined,
      organisation: {
        teams: [{ team, people: [own.keeper.account.receivingKey] }],
        leavers: [],
        keepers: undefined,
      },
    });
    for (const recoveryKey of [own.keeper.account.receivingKey, team])
      expect(await ask(world, "request-recovery", own.keeper.token, { recoveryKey })).toEqual(refusal("NotForYou"));
  });

  it("destroys no wraps to a key that was named for it before it became a team's", async () => {
    const own = await found(world, "Named too early");
    await world.stayUp(0);
    const team = keyIdFor("the team's next key");
    const { recovery } = await get(world, "request-recovery", own.keeper.token, { recoveryKey: team });
    await world.stayUp(24 * 3_600_000);
    await get(world, "read-recovery-wraps", own.keeper.token, { recovery, after: 0 });
    const entry = nextEntry(own.keeper, own.log, { kind: "control", control: own.log.hash });
    const people = [own.keeper.account.receivingKey];
    await get(world, "append-control", own.keeper.token, {
      ...{ logId: own.logId, kind: "organisation", after: own.log.hash, entry: entry.bytes, serving: undefined },
      wraps: [wrapFor(own.logId, team)],
      organisation: { teams: [{ team, people }], leavers: [], keepers: undefined },
    });
    const wraps = async () => (await get(world, "read-wraps", own.keeper.token, { logs: [own.logId] })).logs[0]?.wraps;
    const before = await wraps();
    expect(before).toContainEqual(wrapFor(own.logId, team));
    await get(world, "forbid-recovery", own.keeper.token, { recovery });
    expect(await wraps()).toEqual(before);
  });
});

describe("waking", () => {
  const subscription = {
    endpoint: "https://push.example.org/a",
    publicKey: new Uint8Array(65).fill(4),
    authentication: new Uint8Array(16),
  };

  it("by a push service is off where the server does not do it", async () => {
    expect(await ask(world, "set-wake-up", nour.token, { subscription })).toEqual(refusal("NotUnderstood"));
    expect(await get(world, "set-wake-up", nour.token, { subscription: undefined })).toEqual({ serverKey: undefined });
  });
});

/** The header's bytes within an entry: a CBOR array of three whose first is a byte string. */
const headerBytesOf = (entry: Bytes): Bytes => {
  const length = entry[1] === 0x58 ? [entry[2] ?? 0, 3] : [((entry[2] ?? 0) << 8) | (entry[3] ?? 0), 4];
  const [size = 0, start = 0] = length;
  return entry.slice(start, start + size);
};

/** The same entry with another version in its header. */
const ofVersion = (version: number, entry: Bytes): Bytes => {
  const header = headerBytesOf(entry);
  const start = entry[1] === 0x58 ? 3 : 4;
  const changed = header.slice();
  changed[1] = version;
  return concat(entry.slice(0, start), changed, entry.slice(start + header.length));
};
