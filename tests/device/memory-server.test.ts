/** The server in memory keeps the rules of the wire, so that what is tested against it holds against a real one. */

import { assert, later, type Instant, type Result } from "@amana/kernel";
import {
  encodeEntry,
  parseEntry,
  scopeOfConfirmation,
  scopeOfProposal,
  toHex,
  type Bytes,
  type EntryHash,
  type Header,
  type KeyId,
  type LogId,
  type SealedEntry,
} from "@amana/log";
import { call, digestOfNone, nextDigest, type ControlAppend, type WireError } from "@amana/sync";
import {
  deriveAccount,
  encodeWrap,
  makeAccountSecret,
  makeAccountVault,
  makeReceivingKey,
  sealAccountVault,
  signIn,
  wrap,
  platformDeflate,
  type AccountVault,
  type CaseKey,
  type Unlocked,
} from "@amana/vault";
import {
  cheapKdf,
  makeLog,
  makePerson,
  noted,
  seededRandomness,
  type TestLog,
} from "../../packages/vault/src/testing/world.ts";
import { describe, expect, test } from "vitest";
import { connect } from "./failing-network.ts";
import { makeMemoryServer, type MemoryServer } from "./memory-server.ts";

const origin = "https://amana.test";
const startAt = 1_795_255_200_000 as Instant; // 2026-11-21T10:00:00Z

type Someone = {
  readonly account: Unlocked;
  readonly own: AccountVault;
  readonly id: string;
  readonly begun: { account: string; loginPublic: Bytes; receivingKey: KeyId; vault: Bytes };
  token: Bytes | undefined;
};

const makeSomeone = async (name: string): Promise<Someone> => {
  const randomness = seededRandomness(name);
  const account = await deriveAccount(makeAccountSecret(randomness), `the password of ${name}`, cheapKdf);
  const own = await makeAccountVault(randomness);
  const vault = await sealAccountVault(own, account, 1, { randomness, deflate: platformDeflate });
  const id = toHex(account.accountId);
  const begun = { account: id, loginPublic: account.loginKey.publicKey, receivingKey: own.receivingKey.keyId, vault };
  return { account, own, id, begun, token: undefined };
};

const device = (await makePerson("any")).device;

const signInAs = async (server: MemoryServer, person: Someone, at = origin): Promise<Result<unknown, WireError>> => {
  const begun = await call(server, "begin-sign-in", undefined, { account: person.id });
  assert(begun.ok, "A challenge is given to anyone.");
  const { challenge } = begun.value;
  const signature = await signIn(person.account, at, challenge);
  const request = { account: person.id, challenge, signature, device, isFresh: false };
  const answer = await call(server, "sign-in", undefined, request);
  if (answer.ok) person.token = answer.value.token;
  return answer;
};

type World = {
  readonly server: MemoryServer;
  readonly clock: { now: Instant };
  readonly founder: Someone;
  readonly organisation: TestLog;
  readonly code: Bytes;
  readonly append: ControlAppend;
};

const foundWorld = async (): Promise<World> => {
  const clock = { now: startAt };
  const server = makeMemoryServer({ clock: () => clock.now, randomness: seededRandomness("server"), origin });
  const founder = await makeSomeone("founder");
  const organisation = makeLog("organisation", "organisation", () => undefined);
  const first = await organisation.write(await makePerson("founder"), noted("founded"));
  const append = await appendOf(organisation, first, founder, [founder.own.receivingKey.keyId]);
  const code = server.makeSetUpCode();
  await call(server, "found", undefined, { code, account: founder.begun, log: append });
  await signInAs(server, founder);
  return { server, clock, founder, organisation, code, append };
};

const appendOf = async (
  log: TestLog,
  entry: SealedEntry,
  by: Someone,
  serving: readonly KeyId[] | undefined,
): Promise<ControlAppend> => {
  const key = [...log.keys.values()].at(-1);
  assert(key !== undefined, "The log has a key.");
  return {
    logId: log.logId,
    kind: entry.header.logKind,
    after: entry.header.control,
    entry: encodeEntry(entry),
    wraps: [await wrapTo(log.logId, key, by, by)],
    serving: serving === undefined ? undefined : { keys: serving },
    organisation: undefined,
  };
};

const wrapTo = async (logId: LogId, key: CaseKey, by: Someone, to: { own: AccountVault }): Promise<Bytes> =>
  encodeWrap(
    await wrap(
      { purpose: "key-wrap", logId, key, recipient: to.own.receivingKey, author: by.own.identityKey },
      seededRandomness(`wrap ${logId}`),
    ),
  );

const code = (answer: Result<unknown, WireError>): string =>
  answer.ok ? "ok" : answer.error.type === "Refused" ? answer.error.code : answer.error.type;

/** A case of the founder's, begun on the server. */
const openCaseIn = async (
  { server, founder, organisation }: World,
  name: string,
  served: readonly Someone[] = [founder],
): Promise<TestLog> => {
  const log = makeLog(name, "case", () => organisation.entries.at(-1)?.entry.hash);
  const first = await log.write(await makePerson("founder"), noted("begun"));
  const serving = served.map(({ own }) => own.receivingKey.keyId);
  const append = await appendOf(log, first, founder, serving);
  const answer = await call(server, "append-control", founder.token, append);
  assert(answer.ok && answer.value.isAppended, "A case is begun by anyone of the organisation.");
  return log;
};

/** Invites, answers, and lets the newcomer be served the organisation's log. */
const enrolIn = async ({ server, founder }: World, name: string): Promise<Someone> => {
  const invitation = seededRandomness(name)(16);
  await call(server, "open-invitation", founder.token, { invitation, expiresAt: later(startAt, 3_600_000) });
  const person = await makeSomeone(name);
  const answered = await call(server, "answer-invitation", undefined, {
    invitation,
    answer: new Uint8Array(64),
    account: person.begun,
  });
  assert(answered.ok, "An open invitation is answered.");
  await signInAs(server, person);
  return person;
};

describe("An organisation", () => {
  test("is founded once with a code, and the same request again is the same founding", async () => {
    const { server, founder, code: setUp, append } = await foundWorld();
    expect(code(await call(server, "found", undefined, { code: setUp, account: founder.begun, log: append }))).toBe(
      "ok",
    );
    const other = await makeSomeone("other");
    const again = await call(server, "found", undefined, { code: setUp, account: other.begun, log: append });
    expect(code(again)).toBe("AlreadyUsed");
    const unknown = { code: new Uint8Array(32), account: other.begun, log: append };
    expect(code(await call(server, "found", undefined, unknown))).toBe("NotForYou");
  });
});

describe("Signing in", () => {
  test("needs the login key's signature over this origin and a challenge used once", async () => {
    const { server, founder } = await foundWorld();
    const stranger = await makeSomeone("stranger");
    expect(code(await signInAs(server, stranger))).toBe("NotSignedIn");
    expect(code(await signInAs(server, founder, "https://elsewhere.test"))).toBe("NotSignedIn");
    expect(code(await signInAs(server, { ...stranger, id: founder.id }))).toBe("NotSignedIn");
    expect(code(await signInAs(server, founder))).toBe("ok");
  });

  test("ends with sign-out, everywhere or on one device", async () => {
    const { server, founder } = await foundWorld();
    expect(code(await call(server, "read-vault", founder.token, {}))).toBe("ok");
    await call(server, "sign-out", founder.token, { device: undefined });
    expect(code(await call(server, "read-vault", founder.token, {}))).toBe("NotSignedIn");
  });
});

describe("A log on the server", () => {
  test("is served to nobody else, and looks to them as if it were not there", async () => {
    const world = await foundWorld();
    const log = await openCaseIn(world, "a case");
    const person = await enrolIn(world, "newcomer");
    const missing = makeLog("no case", "case", () => undefined);
    for (const logId of [log.logId, missing.logId]) {
      expect(code(await call(world.server, "list-hashes", person.token, { logId, after: 0 }))).toBe("NotForYou");
      const want = { logId, after: 0, digest: digestOfNone() };
      const pulled = await call(world.server, "pull", person.token, {
        wants: [want],
        bytesMax: 100_000,
        withWraps: false,
      });
      expect(pulled.ok && pulled.value.logs).toEqual([]);
    }
  });

  test("takes each entry once, in contiguous places under one digest, and none before what it names", async () => {
    const world = await foundWorld();
    const log = await openCaseIn(world, "a case");
    const founder = await makePerson("founder");
    const [one, two] = [await log.write(founder, noted("one")), await log.write(founder, noted("two"))];
    const pushed = async (...entries: readonly SealedEntry[]): Promise<unknown> => {
      const request = { logs: [{ logId: log.logId, entries: entries.map(encodeEntry) }] };
      const answer = await call(world.server, "push", world.founder.token, request);
      return answer.ok && answer.value.logs[0]?.results;
    };
    expect(await pushed(two)).toEqual(["link-missing"]);
    expect(await pushed(one, two)).toEqual(["stored", "stored"]);
    expect(await pushed(two, one)).toEqual(["known", "known"]);
    const want = { logId: log.logId, after: 0, digest: digestOfNone() };
    const pulled = await call(world.server, "pull", world.founder.token, {
      wants: [want],
      bytesMax: 100_000,
      withWraps: false,
    });
    assert(pulled.ok, "A log is served to its opener.");
    const hashes = (pulled.value.logs[0]?.entries ?? []).map(hashIn);
    expect(hashes.slice(1)).toEqual([one.hash, two.hash]);
    const compared = await call(world.server, "compare", world.founder.token, { buckets: undefined, fromBucket: 0 });
    const position = compared.ok ? compared.value.logs.find(({ logId }) => logId === log.logId) : undefined;
    expect(position?.end).toBe(3);
    expect(position?.digest).toEqual(hashes.reduce(nextDigest, digestOfNone()));
    const wrong = { ...want, after: 1, digest: digestOfNone().fill(1) };
    const contradicted = await call(world.server, "pull", world.founder.token, {
      wants: [wrong],
      bytesMax: 100_000,
      withWraps: false,
    });
    expect(contradicted.ok && contradicted.value.logs[0]?.isSame).toBe(false);
  });

  test("takes nothing that names an organisation head which is nowhere", async () => {
    const world = await foundWorld();
    const log = await openCaseIn(world, "a case");
    const founder = await makePerson("founder");
    const header = { organisationHead: log.entries[0]?.entry.hash } as const;
    const content = await log.write(founder, noted("headless"), { header, isKeptBack: true });
    const request = { logs: [{ logId: log.logId, entries: [encodeEntry(content)] }] };
    const pushed = await call(world.server, "push", world.founder.token, request);
    expect(pushed.ok && pushed.value.logs[0]?.results).toEqual(["link-missing"]);
    const control = await log.write(founder, noted("line"), {
      header: { ...header, kind: "control" },
      isKeptBack: true,
    });
    const append = await appendOf(log, control, world.founder, undefined);
    expect(code(await call(world.server, "append-control", world.founder.token, append))).toBe("NotNow");
  });

  test("appends one control entry after the last, and tells the second where the line stands", async () => {
    const world = await foundWorld();
    const log = await openCaseIn(world, "a case");
    const founder = await makePerson("founder");
    const header = { kind: "control" } as const;
    const one = await log.write(founder, noted("one"), { header, isKeptBack: true });
    const two = await log.write(founder, noted("two"), { header, isKeptBack: true });
    const append = async (entry: SealedEntry): Promise<unknown> => {
      const request = await appendOf(log, entry, world.founder, undefined);
      const answer = await call(world.server, "append-control", world.founder.token, request);
      return answer.ok && answer.value;
    };
    expect(await append(one)).toEqual({ isAppended: true, tip: one.hash });
    expect(await append(two)).toEqual({ isAppended: false, tip: one.hash });
    expect(await append(one)).toEqual({ isAppended: true, tip: one.hash });
  });

  test("keeps on the list of who is served whoever could put it right", async () => {
    const world = await foundWorld();
    const person = await enrolIn(world, "newcomer");
    const log = await openCaseIn(world, "a case");
    const founder = await makePerson("founder");
    const [own, theirs] = [world.founder.own.receivingKey.keyId, person.own.receivingKey.keyId];
    const append = async (by: Someone, serving: readonly KeyId[], as: string): Promise<string> => {
      const entry = await log.write(founder, noted(as), { header: { kind: "control" }, isKeptBack: true });
      return code(await call(world.server, "append-control", by.token, await appendOf(log, entry, by, serving)));
    };
    const served = () => [...(world.server.state.logs.get(log.logId)?.serving ?? [])];
    expect(await append(world.founder, [], "nobody")).toBe("NotForYou");
    expect(await append(world.founder, [theirs], "others alone")).toBe("NotForYou");
    expect(served()).toEqual([own]);
    const state = world.server.state.logs.get(log.logId);
    assert(state !== undefined, "The case was begun.");
    state.serving = new Set([own, theirs]);
    expect(await append(person, [theirs], "alone")).toBe("ok");
    expect(served().sort()).toEqual([own, theirs].sort());
  });

  test("gives each reader only what is wrapped to them", async () => {
    const world = await foundWorld();
    const person = await enrolIn(world, "newcomer");
    const log = await openCaseIn(world, "a case");
    const key = [...log.keys.values()][0];
    assert(key !== undefined, "The case has a key.");
    const added = await wrapTo(log.logId, key, world.founder, person);
    expect(code(await call(world.server, "add-wraps", person.token, { logId: log.logId, wraps: [added] }))).toBe(
      "NotForYou",
    );
    await call(world.server, "add-wraps", world.founder.token, { logId: log.logId, wraps: [added] });
    const own = await call(world.server, "read-wraps", world.founder.token, { logs: [log.logId] });
    expect(own.ok && own.value.logs[0]?.wraps.length).toBe(1);
    const theirs = await call(world.server, "read-wraps", person.token, { logs: [log.logId] });
    expect(theirs.ok && theirs.value.logs).toEqual([]);
  });

  test("forgets a body when two people's entries name it, and never takes it again, even where it lost the entry", async () => {
    const world = await foundWorld();
    const colleague = await enrolIn(world, "colleague");
    const log = await openCaseIn(world, "a case", [world.founder, colleague]);
    const [founder, other] = [await makePerson("founder"), await makePerson("other")];
    const note = await log.write(founder, noted("a name"));
    await call(world.server, "push", world.founder.token, {
      logs: [{ logId: log.logId, entries: [encodeEntry(note)] }],
    });
    const act = async (by: typeof founder, sender: Someone, destroys: Header["destroys"]): Promise<EntryHash> => {
      const header = { kind: "control", ...(destroys && { destroys }) } as const;
      const entry = await log.write(by, noted("control"), { header });
      await call(world.server, "append-control", sender.token, await appendOf(log, entry, sender, undefined));
      return entry.hash;
    };
    const scope = { logId: log.logId, entries: [note.hash] };
    const proposal = await act(founder, world.founder, scopeOfProposal(scope));
    const confirms = scopeOfConfirmation(scope, proposal);
    const notAgreed = [
      await act(founder, colleague, confirms),
      await act(other, world.founder, confirms),
      await act(other, colleague, undefined),
      await act(other, colleague, scopeOfProposal(scope)),
    ];
    const confirmation = await act(other, colleague, confirms);
    const erase = (confirming: EntryHash): Promise<Result<unknown, WireError>> =>
      call(world.server, "erase", world.founder.token, {
        logId: log.logId,
        proposal,
        confirmation: confirming,
        entries: [note.hash],
      });
    for (const each of notAgreed) expect(code(await erase(each))).toBe("NotForYou");
    expect(code(await erase(confirmation))).toBe("ok");
    const stored = world.server.state.logs.get(log.logId);
    assert(stored !== undefined, "The case is there.");
    const bodyAfterPush = async (): Promise<Bytes | undefined> => {
      const logs = [{ logId: log.logId, entries: [encodeEntry(note)] }];
      await call(world.server, "push", world.founder.token, { logs });
      const parsed = parseEntry(stored.entries.find(({ hash }) => hash === note.hash)?.bytes ?? new Uint8Array());
      assert(parsed.ok && parsed.value.kind === "entry", "The entry is there.");
      return parsed.value.entry.ciphertext;
    };
    expect(await bodyAfterPush()).toBeUndefined();
    // As a server that was put back to before the entry came, with its ledger.
    stored.places.delete(note.hash);
    stored.entries.splice(1);
    stored.digests.splice(2);
    expect(await bodyAfterPush()).toBeUndefined();
  });
});

describe("People on the server", () => {
  test("come by an invitation that a keeper opened, one person each, in time", async () => {
    const world = await foundWorld();
    const person = await enrolIn(world, "newcomer");
    const other = await makeSomeone("other");
    const answer = (invitation: Bytes): Promise<Result<unknown, WireError>> =>
      call(world.server, "answer-invitation", undefined, {
        invitation,
        answer: new Uint8Array(64),
        account: other.begun,
      });
    expect(code(await answer(seededRandomness("newcomer")(16)))).toBe("AlreadyUsed");
    expect(code(await answer(seededRandomness("never opened")(16)))).toBe("NotForYou");
    const invitation = seededRandomness("late")(16);
    const expiresAt = later(startAt, 60_000);
    expect(code(await call(world.server, "open-invitation", person.token, { invitation, expiresAt }))).toBe(
      "NotForYou",
    );
    await call(world.server, "open-invitation", world.founder.token, { invitation, expiresAt });
    world.clock.now = later(startAt, 60_000);
    expect(code(await answer(invitation))).toBe("NotForYou");
  });

  test("who left are served nothing from that moment, and cannot sign in", async () => {
    const world = await foundWorld();
    const person = await enrolIn(world, "newcomer");
    const entry = await world.organisation.write(await makePerson("founder"), noted("left"));
    const append = await appendOf(world.organisation, entry, world.founder, undefined);
    const leaving = { teams: [], leavers: [person.own.receivingKey.keyId], keepers: undefined };
    await call(world.server, "append-control", world.founder.token, { ...append, organisation: leaving });
    expect(code(await call(world.server, "read-vault", person.token, {}))).toBe("NotSignedIn");
    expect(code(await signInAs(world.server, person))).toBe("NotSignedIn");
  });

  test("wait 24 hours for what is wrapped to the recovery key, and a keeper can forbid it", async () => {
    const world = await foundWorld();
    const { server, founder, clock } = world;
    const asPerson = { recoveryKey: founder.own.receivingKey.keyId };
    expect(code(await call(server, "request-recovery", founder.token, asPerson))).toBe("NotForYou");
    const { keyId: recoveryKey } = await makeReceivingKey(seededRandomness("recovery key"));
    const asked = await call(server, "request-recovery", founder.token, { recoveryKey });
    assert(asked.ok, "Anyone of the organisation may ask.");
    const { recovery } = asked.value;
    const read = (): Promise<Result<unknown, WireError>> =>
      call(server, "read-recovery-wraps", founder.token, { recovery, after: 0 });
    expect(code(await read())).toBe("NotNow");
    clock.now = later(startAt, 24 * 3_600_000);
    expect(code(await read())).toBe("ok");
    await call(server, "forbid-recovery", founder.token, { recovery });
    expect(code(await read())).toBe("NotForYou");
  });
});

describe("The network of the tests", () => {
  test("loses requests and answers, and what was lost after arriving has happened", async () => {
    const { server, founder } = await foundWorld();
    const faults = ["lost-before", "lost-after", "answer-cut", "none"] as const;
    let at = 0;
    const network = connect(server, () => faults[at++] ?? "none");
    const invitation = seededRandomness("lost")(16);
    const open = (): Promise<Result<unknown, WireError>> =>
      call(network, "open-invitation", founder.token, { invitation, expiresAt: startAt });
    expect(code(await open())).toBe("Unreachable");
    expect(server.state.invitations.size).toBe(0);
    expect(code(await open())).toBe("Unreachable");
    expect(server.state.invitations.size).toBe(1);
    expect(code(await open())).toBe("Unreachable");
    expect(code(await open())).toBe("ok");
  });
});

const hashIn = (bytes: Bytes): EntryHash => {
  const parsed = parseEntry(bytes);
  assert(parsed.ok, "The server serves entries.");
  return parsed.value.entry.hash;
};
