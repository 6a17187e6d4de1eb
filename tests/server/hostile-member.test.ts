/**
 * A member with a client of their own, over real HTTP: what the shipped server refuses by its form alone, and what it must take
 * and devices only mark. SECURITY §6.2.
 */

import { err, later, ok } from "@amana/kernel";
import { encodeEntry, type KeyId, type LogId, type SealedEntry } from "@amana/log";
import { digestOfNone } from "@amana/sync";
import { makeCaseKey, writeOrganisationEvent, type SealedEvent } from "@amana/vault";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { origin } from "../../apps/server/src/testing/world.ts";
import { fetchTransport } from "../../apps/casework/src/worker/transport.ts";
import { sealedEventOf } from "../../packages/device/src/case/draft.ts";
import { cheapKdf, seededRandomness } from "../../packages/vault/src/testing/world.ts";
import { encodeEvent } from "@amana/casefile";
import { makeHostileMember, type HostileMember } from "../hostile/hostile-member.ts";
import { withHeader } from "../hostile/misdeeds.ts";
import {
  bringIn,
  makeTown,
  openCase,
  openOffice,
  reads,
  syncAll,
  take,
  viewOf,
  write,
  type Office,
  type Person,
} from "./people.ts";
import { serve, type Served } from "./served.ts";
import { entriesOf, rowsOf } from "./tables.ts";

let served: Served;
let office: Office;
let rami: Person;
let hostile: HostileMember;
/** Rami may read the one, and not the other. */
let own: LogId;
let foreign: LogId;
beforeAll(async () => {
  served = await serve();
  const town = makeTown(served, served, "hostile member");
  office = await openOffice(town);
  const { nour, rojin, azad } = office;
  rami = await bringIn(town, nour, "Rami");
  await syncAll(nour, rojin, azad);
  own = await openCase(rojin, nour, rami);
  foreign = await openCase(rojin, nour);
  await write(rojin, own, "true");
  await syncAll(rojin, nour, rami, rojin);
  const organisation = (await organisationLog()) as LogId; // A log id of the store is one.
  const [first] = await entriesOf(served.storage, organisation);
  if (first === undefined) throw new Error("The organisation has a first entry.");
  hostile = await makeHostileMember({
    server: fetchTransport(served.address),
    origin,
    randomness: seededRandomness("a client of Rami's own"),
    kdf: cheapKdf,
    kit: rami.kit,
    password: rami.password,
    root: first.hash,
    organisation,
  });
  await hostile.readCase(own);
});
afterAll(() => served.close());

const organisationLog = async (): Promise<string> => {
  const log = (await rowsOf(served.storage, "logs")).find(({ kind }) => kind === 1);
  const id = log?.["log_id"];
  return id instanceof Uint8Array ? Buffer.from(id).toString("hex") : "";
};

const refused = (code: string) => err({ type: "Refused", code, afterSeconds: undefined });
const raised = (because: string): readonly SealedEvent[] => [
  sealedEventOf(encodeEvent({ type: "RiskRaised", level: "high", because })),
];
const pushTo = (logId: LogId, ...entries: readonly SealedEntry[]) =>
  hostile.call("push", { logs: [{ logId, entries: entries.map(encodeEntry) }] });

describe("the server, to a member with a client of their own,", () => {
  it("answers nothing of a case that they are not served, and takes nothing for it", async () => {
    const wants = [{ logId: foreign, after: 0, digest: digestOfNone() }];
    expect(await hostile.call("pull", { wants, bytesMax: 1000, withWraps: true })).toEqual(ok({ logs: [], wraps: [] }));
    expect(await hostile.call("read-wraps", { logs: [foreign] })).toEqual(ok({ logs: [] }));
    expect(await hostile.call("list-hashes", { logId: foreign, after: 0 })).toEqual(refused("NotForYou"));
    const entry = await hostile.forge(own, raised("elsewhere"), { header: { logId: foreign } });
    expect(await pushTo(foreign, entry)).toEqual(ok({ logs: [] }));
  });

  it("takes no entry of another log, without its body, after what is not there, or as control by the way of content", async () => {
    const entry = await hostile.forge(own, raised("in order"));
    const elsewhere = await hostile.forge(own, raised("elsewhere"), { header: { logId: foreign } });
    const unlinked = await hostile.forge(own, raised("unlinked"), { header: { parents: [elsewhere.hash] } });
    const control = await hostile.forge(own, raised("control"), { header: { kind: "control" } });
    const before = (await entriesOf(served.storage, own)).length;
    const husk = { ...entry, ciphertext: undefined };
    const results = ["malformed", "malformed", "link-missing", "link-missing"];
    expect(await pushTo(own, elsewhere, husk, unlinked, control)).toEqual(ok({ logs: [{ logId: own, results }] }));
    expect(await entriesOf(served.storage, own)).toHaveLength(before);
  });

  it("puts a control entry nowhere but behind the last one", async () => {
    const [first, opening] = await entriesOf(served.storage, own);
    if (first === undefined || opening === undefined) throw new Error("The case has two entries.");
    const second = await hostile.forge(own, raised("aside"), { header: { kind: "control" } });
    const append = { logId: own, kind: "case", wraps: [], serving: undefined, organisation: undefined } as const;
    const beside = { ...append, after: undefined, entry: encodeEntry(second) };
    expect(await hostile.call("append-control", beside)).toEqual(refused("NotUnderstood"));
    // Asked for behind the last one, and saying itself that it follows another.
    const astray = await hostile.forge(own, raised("astray"), { header: { kind: "control", control: opening.hash } });
    const said = { ...append, after: first.hash, entry: encodeEntry(astray) };
    expect(await hostile.call("append-control", said)).toEqual(refused("NotUnderstood"));
  });

  it("lets nobody but a keeper open a place, forbid a recovery, or say whom the organisation serves", async () => {
    const invitation = new Uint8Array(16).fill(3);
    expect(await hostile.call("open-invitation", { invitation, expiresAt: served.now() })).toEqual(
      refused("NotForYou"),
    );
    const code = new Uint8Array(32).fill(4);
    const place = { code, invitation, expiresAt: later(served.now(), 60_000) };
    expect(await hostile.call("open-come-back", place)).toEqual(refused("AlreadyUsed"));
    const key = hostile.own.receivingKey.keyId;
    expect(await hostile.call("let-back", { code, receivingKey: key })).toEqual(refused("NotForYou"));
    expect(await hostile.call("forbid-recovery", { recovery: invitation })).toEqual(refused("NotForYou"));
    const event = writeOrganisationEvent({ type: "RoleGiven", person: rami.id, role: "supervisor" });
    const logId = (await organisationLog()) as LogId; // A log id of the store is one.
    const entry = await hostile.forge(logId, [event]);
    const append = { logId, kind: "organisation", after: entry.header.control, entry: encodeEntry(entry) } as const;
    for (const more of [
      { serving: { keys: [key] }, organisation: undefined },
      { serving: undefined, organisation: { teams: [], leavers: [], keepers: [key] } },
      { serving: undefined, organisation: { teams: [{ team: key, people: [key] }], leavers: [], keepers: undefined } },
    ]) {
      expect(await hostile.call("append-control", { ...append, wraps: [], ...more })).toEqual(refused("NotForYou"));
    }
  });

  it("closes no case for those who can put it right", async () => {
    const { nour, rojin } = office;
    const logId = await openCase(rojin, nour, rami);
    await syncAll(rojin, nour, rami);
    await hostile.readCase(logId);
    const entry = await hostile.forge(logId, raised("closed"), { header: { kind: "control" } });
    const append = { logId, kind: "case", after: entry.header.control, entry: encodeEntry(entry), wraps: [] } as const;
    const send = (serving: readonly KeyId[]) =>
      hostile.call("append-control", { ...append, serving: { keys: serving }, organisation: undefined });
    expect(await send([])).toEqual(refused("NotUnderstood"));
    const people = (await take(() => nour.device.organisation()))?.people;
    const others = [nour, rojin].flatMap(({ id }) => people?.get(id)?.receivingKey.keyId ?? []);
    expect(others).toHaveLength(2);
    expect(await send(others)).toEqual(refused("NotForYou"));
    // Alone: a colleague is left out by it, and the supervisor is not.
    expect(await send([hostile.own.receivingKey.keyId])).toEqual(ok({ isAppended: true, tip: entry.hash }));
    await syncAll(nour);
    expect((await viewOf(nour, logId)).marks.map((mark) => mark.entry)).toContain(entry.hash);
    await take(() => nour.device.takeAccess(logId, { kind: "person", person: rami.id }));
    await write(nour, logId, "put-right");
    await syncAll(nour, rojin);
    expect(await reads(rojin, logId)).toEqual(["put-right"]);
    expect(await hostile.call("list-hashes", { logId, after: 0 })).toEqual(refused("NotForYou"));
  });

  it("hands out no colleague's keys as if theirs were the recovery key", async () => {
    const accounts = await rowsOf(served.storage, "accounts");
    for (const { receiving_key: key } of accounts) {
      const recoveryKey = Buffer.from(key instanceof Uint8Array ? key : []).toString("hex") as KeyId; // As the store has it.
      expect(await hostile.call("request-recovery", { recoveryKey })).toEqual(refused("NotForYou"));
    }
  });

  it("erases and shreds nothing on the word of one", async () => {
    const log = await entriesOf(served.storage, own);
    const [first, opening] = log;
    if (first === undefined || opening === undefined) throw new Error("The case has two entries.");
    const order = { logId: own, proposal: first.hash, confirmation: first.hash };
    expect(await hostile.call("shred", order)).toEqual(refused("NotForYou"));
    expect(await hostile.call("erase", { ...order, entries: [opening.hash] })).toEqual(refused("NotForYou"));
    const mixed = { ...order, confirmation: opening.hash };
    expect(await hostile.call("erase", { ...mixed, entries: [opening.hash] })).toEqual(refused("NotForYou"));
  });
});

describe("what the server must take, since it can read none of it,", () => {
  const markedOnAll = async (entry: SealedEntry, ...kinds: readonly string[]): Promise<void> => {
    await syncAll(office.nour, office.rojin);
    for (const each of [office.nour, office.rojin]) {
      const marks = (await viewOf(each, own)).marks.filter(({ entry: marked }) => marked === entry.hash);
      expect(marks.map(({ kind }) => kind)).toEqual(kinds);
    }
  };
  const riskOf = async (person: Person) => (await viewOf(person, own)).state.risk;

  it("a body under another key opens for nobody, is marked, and closes nothing", async () => {
    const entry = await hostile.forge(own, raised("under two keys"), {
      caseKey: makeCaseKey(seededRandomness("another key")),
    });
    await pushTo(own, entry);
    await markedOnAll(entry, "damaged");
  });

  it("a poisoned event is marked, and the case goes on", async () => {
    const events = [{ type: "RiskRaised", version: 1, data: { level: "highest", because: ["x"] } }];
    const entry = await hostile.forge(own, events);
    await hostile.push(own, entry);
    await syncAll(office.nour, office.rojin);
    const marks = (await viewOf(office.nour, own)).marks.filter(({ entry: marked }) => marked === entry.hash);
    expect(marks).toHaveLength(1);
    await write(office.rojin, own, "and-on");
    await syncAll(office.rojin, office.nour);
    expect(await reads(office.nour, own)).toEqual(["and-on", "true"]);
  });

  it("one counter signed twice sets that device aside, never the case", async () => {
    const one = await hostile.forge(own, raised("one"));
    const other = await hostile.forge(own, raised("other"), {
      header: { counter: one.header.counter, previous: one.header.previous },
    });
    await pushTo(own, one, other);
    await syncAll(office.nour, office.rojin);
    const kinds = (await viewOf(office.nour, own)).marks
      .filter(({ entry }) => entry === one.hash || entry === other.hash)
      .map(({ kind }) => kind);
    expect(kinds).toEqual(["quarantined", "quarantined"]);
    await write(office.rojin, own, "still");
    await syncAll(office.rojin, office.nour);
    expect(await reads(office.nour, own)).toContain("still");
  });

  it("a role that they give to themselves is no role", async () => {
    const event = writeOrganisationEvent({ type: "RoleGiven", person: rami.id, role: "supervisor" });
    await hostile.appendControl((await organisationLog()) as LogId, [event]); // A log id of the store is one.
    await syncAll(office.nour, office.rojin);
    const person = (await take(() => office.nour.device.organisation()))?.people.get(rami.id);
    expect([...(person?.roles ?? [])]).toEqual(["caseworker"]);
  });

  it("another's words change nothing, and are marked", async () => {
    const before = await riskOf(office.nour);
    const author = (await entriesOf(served.storage, own))[0]?.header.author;
    if (author === undefined) throw new Error("The case has an author.");
    const written = await hostile.forge(own, raised("in Rojin's name"));
    const entry = withHeader(written, { author });
    expect(await pushTo(own, entry)).toEqual(ok({ logs: [{ logId: own, results: ["stored"] }] }));
    await markedOnAll(entry, "unauthentic");
    expect(await riskOf(office.nour)).toEqual(before);
  });

  it("is over once they have left: every request is refused, and nothing they kept ready is taken", async () => {
    const late = await hostile.forge(own, raised("too late"));
    await take(() => office.nour.device.personLeft(rami.id));
    expect(await pushTo(own, late)).toEqual(refused("NotSignedIn"));
    expect(await hostile.call("compare", { buckets: undefined, fromBucket: 0 })).toEqual(refused("NotSignedIn"));
    expect(await hostile.call("read-vault", {})).toEqual(refused("NotSignedIn"));
  });
});
