/**
 * Every door (SECURITY §6.5): each name of the wire × who knocks. The table has a row for each name, or this does not compile and does not pass.
 *
 * To a stranger what exists and what is missing are the same answer by the same questions to the store.
 */

import { later } from "@amana/kernel";
import { scopeOfConfirmation, scopeOfProposal, type Bytes, type LogId } from "@amana/log";
import { digestOfNone, wire, type RequestName, type RequestOf } from "@amana/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noting } from "../testing/noting.ts";
import {
  beginLog,
  digestOf,
  keyIdFor,
  loginKeyFor,
  logIdFor,
  makePerson,
  nextEntry,
  wrapFor,
  type MadeEntry,
  type Person,
} from "../testing/people.ts";
import { ask, found, get, joinBy, openWorld, type Member, type World } from "../testing/world.ts";
import { askers } from "./answers.ts";
import { makeRelay } from "./relay.ts";

type Case = {
  readonly logId: LogId;
  readonly first: MadeEntry;
  readonly proposed: MadeEntry;
  readonly confirmed: MadeEntry;
};

let world: World;
let keeper: Member;
let organisationLog: { readonly logId: LogId; readonly log: MadeEntry };
/** Serves the case. */
let nour: Member;
/** Of the same organisation, not served the case. */
let dilan: Member;
/** Keeps another organisation. */
let stranger: Member;
/** Was served the case, and left. */
let gone: Member;
let theCase: Case;

const openCase = async (by: Member, name: string, served: readonly Person[]): Promise<Case> => {
  const logId = logIdFor(name);
  const { append, entry } = beginLog(by, logId, "case", served);
  await get(world, "append-control", by.token, append);
  // Proposal by one, confirmation by another: what erasing asks for.
  const scope = { logId, entries: [] };
  const proposed = nextEntry(by, entry, { kind: "control", control: entry.hash, destroys: scopeOfProposal(scope) });
  const agreed = { control: proposed.hash, destroys: scopeOfConfirmation(scope, proposed.hash) };
  const confirmed = nextEntry(gone, proposed, { kind: "control", parents: [], ...agreed });
  for (const [act, sender, after] of [
    [proposed, by, entry],
    [confirmed, gone, proposed],
  ] as const) {
    const acted = { ...append, after: after.hash, entry: act.bytes, wraps: [], serving: undefined };
    await get(world, "append-control", sender.token, acted);
  }
  return { logId, first: entry, proposed, confirmed };
};

beforeAll(async () => {
  world = await openWorld();
  const founded = await found(world, "Shilan");
  keeper = founded.keeper;
  organisationLog = founded;
  nour = await joinBy(world, keeper, "Nour");
  dilan = await joinBy(world, keeper, "Dilan");
  gone = await joinBy(world, keeper, "Gone");
  stranger = (await found(world, "Stranger")).keeper;
  theCase = await openCase(nour, "the case", [nour, gone]);
  const leaving = nextEntry(keeper, founded.log, { kind: "control", control: founded.log.hash });
  await get(world, "append-control", keeper.token, {
    logId: founded.logId,
    kind: "organisation",
    after: founded.log.hash,
    entry: leaving.bytes,
    wraps: [],
    serving: undefined,
    organisation: { teams: [], leavers: [gone.account.receivingKey], keepers: undefined },
  });
});
afterAll(() => world.close());

type Knock = { readonly logId: LogId; readonly case: Case };

/** For each name, a request about a log, or about nothing of anybody's. */
const requests: { readonly [Name in RequestName]: (knock: Knock) => RequestOf<Name> } = {
  "begin-sign-in": () => ({ account: makePerson("someone").account.account }),
  "sign-in": () => ({
    account: makePerson("someone").account.account,
    challenge: digestOf("challenge"),
    signature: new Uint8Array(64),
    device: nour.device,
    isFresh: true,
  }),
  found: () => {
    const person = makePerson("founder");
    const { append } = beginLog(person, logIdFor("founded"), "organisation");
    return { code: digestOf("no code"), account: person.account, log: append };
  },
  "answer-invitation": () => ({
    invitation: digestOf("no invitation").slice(0, 16),
    answer: digestOf("answer"),
    account: makePerson("invited").account,
  }),
  "repeat-password-change": () => ({
    account: makePerson("who changed it").account.account,
    loginPublic: loginKeyFor("other").publicKey,
    generation: 2,
    vault: digestOf("vault"),
    signature: new Uint8Array(64),
  }),
  "read-vault": () => ({}),
  "change-password": () => ({
    loginPublic: loginKeyFor("other").publicKey,
    generation: 2,
    vault: digestOf("vault"),
    signature: new Uint8Array(64),
  }),
  "list-devices": () => ({}),
  "sign-out": () => ({ device: keyDevice }),
  compare: () => ({ buckets: undefined, fromBucket: 0 }),
  pull: ({ logId }) => ({ wants: [{ logId, after: 0, digest: digestOfNone() }], bytesMax: 65_536, withWraps: true }),
  "list-hashes": ({ logId }) => ({ logId, after: 0 }),
  push: ({ logId, case: { first } }) => ({
    logs: [{ logId, entries: [nextEntry(nour, first, { logId }).bytes] }],
  }),
  "append-control": ({ logId, case: { confirmed } }) => ({
    logId,
    kind: "case",
    after: confirmed.hash,
    entry: nextEntry(nour, confirmed, { logId, kind: "control", control: confirmed.hash }).bytes,
    wraps: [],
    serving: undefined,
    organisation: undefined,
  }),
  "begin-logs": ({ logId }) => {
    const { append } = beginLog(nour, logId, "case", [nour]);
    return { logs: [{ logId, entry: append.entry, wraps: append.wraps, serving: append.serving ?? { keys: [] } }] };
  },
  "read-wraps": ({ logId }) => ({ logs: [logId] }),
  "add-wraps": ({ logId }) => ({ logId, wraps: [wrapFor(logId, keyIdFor("new reader"))] }),
  erase: ({ logId, case: { proposed, confirmed } }) => ({
    logId,
    proposal: proposed.hash,
    confirmation: confirmed.hash,
    entries: [],
  }),
  shred: ({ logId, case: { proposed, confirmed } }) => ({
    logId,
    proposal: proposed.hash,
    confirmation: confirmed.hash,
  }),
  "open-invitation": () => ({
    invitation: digestOf("opened").slice(0, 16),
    expiresAt: later(world.now(), 3_600_000),
  }),
  "open-come-back": () => ({
    code: digestOf("no code"),
    invitation: digestOf("come back").slice(0, 16),
    expiresAt: later(world.now(), 3_600_000),
  }),
  "let-back": () => ({ code: digestOf("no code"), receivingKey: keyIdFor("of nobody") }),
  "close-invitation": () => ({ invitation: digestOf("not there").slice(0, 16) }),
  "read-answers": () => ({}),
  "request-recovery": () => ({ recoveryKey: keyIdFor("recovery") }),
  "read-recoveries": () => ({}),
  "forbid-recovery": () => ({ recovery: digestOf("not there").slice(0, 16) }),
  "read-recovery-wraps": () => ({ recovery: digestOf("not there").slice(0, 16), after: 0 }),
  "set-wake-up": () => ({ subscription: undefined }),
};

const keyDevice = makePerson("device of nobody").device;
const names = Object.keys(wire) as readonly RequestName[];

/** What comes back, and which questions the store was asked. */
const knock = async (
  name: RequestName,
  token: Bytes | undefined,
  logId: LogId,
): Promise<{ readonly answer: unknown; readonly questions: readonly string[] }> => {
  const questions: string[] = [];
  const relay = makeRelay({ ...world.options, storage: noting(world.storage, questions) });
  const request = requests[name]({ logId, case: theCase }) as never;
  const answer = await ask({ relay }, name, token, request);
  return { answer, questions };
};

const refused = (code: string): unknown => ({ ok: false, error: { type: "Refused", code, afterSeconds: undefined } });

/** What those who are not served a log are told, by the shape of the answer: left out, or refused. */
const toOutsiders: Partial<Record<RequestName, unknown>> = {
  pull: { ok: true, value: { logs: [], wraps: [] } },
  push: { ok: true, value: { logs: [] } },
  "read-wraps": { ok: true, value: { logs: [] } },
  "list-hashes": refused("NotForYou"),
  "append-control": refused("NotForYou"),
  "add-wraps": refused("NotForYou"),
  erase: refused("NotForYou"),
  shred: refused("NotForYou"),
};

describe("every door of the wire", () => {
  it("has a row of who may ask, and the same in the wire's own table", () => {
    expect(Object.keys(askers).sort()).toEqual([...names].sort());
    for (const name of names) expect(wire[name].needsSignIn, name).toBe(askers[name] !== "anyone");
  });

  it.each(names.filter((name) => askers[name] !== "anyone"))("%s is shut to nobody, and to who left", async (name) => {
    const wrong = digestOf("a token of nobody");
    const tokens = [undefined, wrong, gone.token, nour.token.slice(1)];
    for (const token of tokens)
      expect((await knock(name, token, theCase.logId)).answer).toEqual(refused("NotSignedIn"));
  });

  it.each(names.filter((name) => askers[name] === "anyone"))(
    "%s is open, and lets nobody in without right",
    async (name) => {
      const { answer } = await knock(name, undefined, theCase.logId);
      if (name === "begin-sign-in") expect(answer).toMatchObject({ ok: true });
      else expect(answer).toEqual(refused(name === "sign-in" ? "NotSignedIn" : "AlreadyUsed"));
    },
  );

  it.each(names.filter((name) => askers[name] === "keeper"))("%s is shut to who is no keeper", async (name) => {
    expect((await knock(name, nour.token, theCase.logId)).answer).toEqual(refused("NotForYou"));
    expect((await knock(name, keeper.token, theCase.logId)).answer).not.toEqual(refused("NotForYou"));
  });

  const aboutLogs = names.filter((name) => name in toOutsiders);

  it("names every request that speaks of a log", () => {
    // These begin logs: of one that is there they say so in a test of their own.
    const beginning: readonly RequestName[] = ["found", "begin-logs"];
    const speaking = names.filter(
      (name) => !beginning.includes(name) && /logId|logs|wants/.test(requests[name].toString()),
    );
    expect(aboutLogs).toEqual(speaking);
  });

  it.each(aboutLogs)(
    "%s tells outsiders the same of a case, of another's and of none, by the same work",
    async (name) => {
      for (const outsider of [stranger, dilan]) {
        const there = await knock(name, outsider.token, theCase.logId);
        const nowhere = await knock(name, outsider.token, logIdFor("nowhere"));
        expect(there.answer, outsider.name).toEqual(toOutsiders[name]);
        expect(nowhere, outsider.name).toEqual(there);
      }
    },
  );

  it("begin-logs tells whoever is not served a case that it is not theirs to begin, and takes nothing", async () => {
    const { answer } = await knock("begin-logs", dilan.token, theCase.logId);
    expect(answer).toEqual({ ok: true, value: { results: ["not-for-you"] } });
    const { logs } = await get(world, "compare", dilan.token, { buckets: undefined, fromBucket: 0 });
    expect(logs).toEqual([]);
  });

  // Last of all: what a member may do changes the case.
  it.each([...aboutLogs.filter((name) => name !== "shred"), "shred" as const])(
    "%s is open to a member",
    async (name) => {
      const { answer } = await knock(name, nour.token, theCase.logId);
      expect(answer).toMatchObject({ ok: true });
      expect(answer).not.toEqual(toOutsiders[name]);
    },
  );
});

describe("the organisation's own log", () => {
  it("is changed, and its people sent away, by a keeper alone", async () => {
    const reader = await joinBy(world, keeper, "Reader");
    const after = await get(world, "append-control", keeper.token, {
      logId: organisationLog.logId,
      kind: "organisation",
      after: organisationLog.log.hash,
      entry: nextEntry(keeper, organisationLog.log, { kind: "control", control: organisationLog.log.hash }).bytes,
      wraps: [],
      serving: undefined,
      organisation: undefined,
    });
    const tip = after.tip ?? organisationLog.log.hash;
    const entry = nextEntry(keeper, organisationLog.log, { kind: "control", control: tip, previous: tip, counter: 3 });
    const append = {
      logId: organisationLog.logId,
      kind: "organisation" as const,
      after: tip,
      entry: entry.bytes,
      wraps: [],
      serving: { keys: [keeper.account.receivingKey, reader.account.receivingKey] },
      organisation: undefined,
    };
    expect(await ask(world, "append-control", reader.token, append)).toEqual(refused("NotForYou"));
    expect(await get(world, "append-control", keeper.token, append)).toMatchObject({ isAppended: true });
    const next = nextEntry(reader, entry, { kind: "control", control: entry.hash });
    for (const organisation of [
      { teams: [], leavers: [keeper.account.receivingKey], keepers: undefined },
      { teams: [], leavers: [], keepers: [reader.account.receivingKey] },
    ]) {
      const by = { ...append, after: entry.hash, entry: next.bytes, serving: undefined, organisation };
      expect(await ask(world, "append-control", reader.token, by)).toEqual(refused("NotForYou"));
    }
    expect((await ask(world, "read-vault", keeper.token, {})).ok).toBe(true);
  });
});
