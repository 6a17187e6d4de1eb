/** Signing in, and what an account may do with itself, over a real store. */

import { later } from "@amana/kernel";
import { encodeCbor, sha256 } from "@amana/log";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  beginLog,
  deviceIdFor,
  digestOf,
  logIdFor,
  loginKeyFor,
  makePerson,
  signWith,
  type Person,
} from "../testing/people.ts";
import { noting } from "../testing/noting.ts";
import {
  accountBytesOf,
  ask,
  found,
  get,
  joinBy,
  openWorld,
  signIn,
  signatureFor,
  type Member,
  type World,
} from "../testing/world.ts";
import { hashOfCode } from "../set-up-code.ts";
import { makeRelay } from "./relay.ts";

let world: World;
let keeper: Member;
beforeAll(async () => {
  world = await openWorld();
  keeper = (await found(world, "Shilan")).keeper;
});
afterAll(() => world.close());

const refusal = (code: string, afterSeconds?: number): unknown => ({
  ok: false,
  error: { type: "Refused", code, afterSeconds },
});

describe("signing in", () => {
  it("with the account's key gives a token that opens the account's own vault", async () => {
    const { token } = await signIn(world, keeper);
    expect(await get(world, "read-vault", token, {})).toEqual({ generation: 1, vault: keeper.account.vault });
  });

  it("is refused alike for a wrong key, for an account that is not there, and for a challenge of another", async () => {
    const stranger = makePerson("nobody's account");
    const { account } = keeper.account;
    const { challenge } = await get(world, "begin-sign-in", undefined, { account });
    const { challenge: other } = await get(world, "begin-sign-in", undefined, { account: stranger.account.account });
    const asked = [
      { account, challenge, signature: signatureFor(stranger, challenge), device: keeper.device },
      { account, challenge: other, signature: signatureFor(keeper, other), device: keeper.device },
      {
        account,
        challenge,
        signature: signatureFor(keeper, challenge, "https://other.example.org"),
        device: keeper.device,
      },
      {
        account: stranger.account.account,
        challenge: other,
        signature: signatureFor(stranger, other),
        device: keeper.device,
      },
    ];
    for (const request of asked)
      for (const isFresh of [false, true])
        expect(await ask(world, "sign-in", undefined, { ...request, isFresh })).toEqual(refusal("NotSignedIn"));
  });

  it("asks the store the same questions whether there is such an account or not", async () => {
    const questions: string[] = [];
    const watched = { relay: makeRelay({ ...world.options, storage: noting(world.storage, questions) }) };
    const traceOf = async (name: string): Promise<readonly string[]> => {
      const person = name === "Shilan" ? keeper : makePerson(name);
      const { account } = person.account;
      questions.length = 0;
      const { challenge } = await get(watched, "begin-sign-in", undefined, { account });
      const signature = signatureFor(makePerson("someone else"), challenge);
      await ask(watched, "sign-in", undefined, { account, challenge, signature, device: person.device, isFresh: true });
      return [...questions];
    };
    expect(await traceOf("nobody at all")).toEqual(await traceOf("Shilan"));
  });

  it("is bound to two minutes", async () => {
    const { account } = keeper.account;
    const { challenge } = await get(world, "begin-sign-in", undefined, { account });
    world.pass(120_000);
    const signature = signatureFor(keeper, challenge);
    const request = { account, challenge, signature, device: keeper.device, isFresh: true };
    expect(await ask(world, "sign-in", undefined, request)).toEqual(refusal("NotSignedIn"));
  });

  it("brings a fresh device its account vault and the list of its logs, once, and nothing of anybody else's", async () => {
    const { account } = keeper.account;
    const { challenge } = await get(world, "begin-sign-in", undefined, { account });
    const signature = signatureFor(keeper, challenge);
    const request = { account, challenge, signature, device: deviceIdFor("a fresh phone"), isFresh: true };
    const { token, fresh } = await get(world, "sign-in", undefined, request);
    const compared = await get(world, "compare", token, { buckets: undefined, fromBucket: 0 });
    expect(compared.logs).toHaveLength(1);
    expect(fresh).toEqual({ ...(await get(world, "read-vault", token, {})), ...compared });
    expect(await ask(world, "sign-in", undefined, request)).toEqual(refusal("NotSignedIn"));
  });

  it("ends by itself after its time", async () => {
    const { token } = await signIn(world, { ...keeper, device: deviceIdFor("an old phone") });
    world.pass(30 * 86_400_000 - 1);
    expect((await ask(world, "read-vault", token, {})).ok).toBe(true);
    world.pass(1);
    expect(await ask(world, "read-vault", token, {})).toEqual(refusal("NotSignedIn"));
  });

  it("keeps of a token nothing that could be used as one", async () => {
    const { token } = await signIn(world, keeper);
    expect(await ask(world, "read-vault", sha256(token), {})).toEqual(refusal("NotSignedIn"));
    expect(await ask(world, "read-vault", undefined, {})).toEqual(refusal("NotSignedIn"));
    expect(await ask(world, "read-vault", token.slice(1), {})).toEqual(refusal("NotSignedIn"));
  });
});

describe("devices", () => {
  it("are listed, signed out one by one and at once, and all together", async () => {
    const nour = await joinBy(world, await signIn(world, keeper), "Nour");
    const phone = await signIn(world, { ...nour, device: deviceIdFor("Nour's phone") });
    const { devices } = await get(world, "list-devices", nour.token, {});
    expect(devices.map(({ device, isThis }) => [device, isThis]).sort()).toEqual(
      [
        [nour.device, true],
        [phone.device, false],
      ].sort(),
    );
    await get(world, "sign-out", nour.token, { device: phone.device });
    expect(await ask(world, "read-vault", phone.token, {})).toEqual(refusal("NotSignedIn"));
    const again = await signIn(world, { ...nour, device: deviceIdFor("Nour's phone") });
    await get(world, "sign-out", again.token, { device: undefined });
    for (const { token } of [nour, again])
      expect(await ask(world, "read-vault", token, {})).toEqual(refusal("NotSignedIn"));
  });

  it("of one person are none of another's business", async () => {
    const keeperNow = await signIn(world, keeper);
    const dilan = await joinBy(world, keeperNow, "Dilan");
    await get(world, "sign-out", dilan.token, { device: keeper.device });
    expect((await ask(world, "read-vault", keeperNow.token, {})).ok).toBe(true);
  });
});

describe("changing the password", () => {
  /** Signs with another login key. */
  const loginOf = (name: string): Pick<Person, "sign"> => ({
    sign: (purpose, message) => signWith(loginKeyFor(name).privateKey, purpose, message),
  });
  const changeBy = (person: Member, to: string, generation: number, by: Pick<Person, "sign"> = person) => {
    const { publicKey } = loginKeyFor(to);
    const vault = digestOf(`vault of ${to}`);
    const signature = by.sign("password-change", encodeCbor([accountBytesOf(person), publicKey, sha256(vault)]));
    return { loginPublic: publicKey, generation, vault, signature };
  };

  it("replaces key and vault together, signs every other device out, and may be sent again", async () => {
    const sara = await joinBy(world, await signIn(world, keeper), "Sara");
    const other = await signIn(world, { ...sara, device: deviceIdFor("Sara's other phone") });
    const change = changeBy(sara, "Sara's new password", 2);
    await get(world, "change-password", sara.token, change);
    expect(await get(world, "read-vault", sara.token, {})).toEqual({ generation: 2, vault: change.vault });
    expect(await ask(world, "read-vault", other.token, {})).toEqual(refusal("NotSignedIn"));
    expect((await ask(world, "change-password", sara.token, change)).ok).toBe(true);
    const { account } = sara.account;
    const { challenge } = await get(world, "begin-sign-in", undefined, { account });
    const signedBefore = signatureFor(sara, challenge);
    const old = { account, challenge, signature: signedBefore, device: sara.device, isFresh: true };
    expect(await ask(world, "sign-in", undefined, old)).toEqual(refusal("NotSignedIn"));
    const { privateKey } = loginKeyFor("Sara's new password");
    const signature = signWith(
      privateKey,
      "login-signature",
      encodeCbor(["https://amana.example.org", accountBytesOf(sara), challenge]),
    );
    expect((await ask(world, "sign-in", undefined, { ...old, signature })).ok).toBe(true);
  });

  it("is given back to a server that was put back to before it, by nobody but who signed it, and only as the next one", async () => {
    const tara = await joinBy(world, await signIn(world, keeper), "Tara");
    const { account } = tara.account;
    const [first, second] = [
      changeBy(tara, "Tara's second", 2),
      changeBy(tara, "Tara's third", 3, loginOf("Tara's second")),
    ];
    const repeat = (change: ReturnType<typeof changeBy>, of = account) =>
      ask(world, "repeat-password-change", undefined, { account: of, ...change });
    const taken = refusal("AlreadyUsed");
    expect(await repeat(second)).toEqual(taken);
    expect(await repeat(changeBy(tara, "Tara's second", 2, makePerson("stranger")))).toEqual(taken);
    expect(await repeat(first, makePerson("nobody").account.account)).toEqual(taken);
    expect((await repeat(first)).ok).toBe(true);
    // A device that is in with the password before is out, as with any change.
    expect(await ask(world, "read-vault", tara.token, {})).toEqual(refusal("NotSignedIn"));
    expect(await repeat(first)).toEqual(taken);
    expect((await repeat(second)).ok).toBe(true);
    expect(await repeat(first)).toEqual(taken);
    const { token } = await signIn(world, { ...tara, ...loginOf("Tara's third") });
    expect(await get(world, "read-vault", token, {})).toEqual({ generation: 3, vault: second.vault });
  });

  it("is refused without the old key's signature, with a key that is none, and for another generation", async () => {
    const rezan = await joinBy(world, await signIn(world, keeper), "Rezan");
    const stranger = { ...makePerson("stranger"), token: rezan.token };
    const refused = async (change: ReturnType<typeof changeBy>): Promise<unknown> =>
      ask(world, "change-password", rezan.token, change);
    expect(await refused(changeBy(rezan, "Rezan new", 2, stranger))).toEqual(refusal("NotForYou"));
    expect(await refused(changeBy(rezan, "Rezan new", 3))).toEqual(refusal("AlreadyUsed"));
    expect(await refused(changeBy(rezan, "Rezan new", 1))).toEqual(refusal("AlreadyUsed"));
    const smallOrder = new Uint8Array(32).fill(0, 1);
    smallOrder[0] = 1;
    expect(await refused({ ...changeBy(rezan, "Rezan new", 2), loginPublic: smallOrder })).toEqual(
      refusal("NotUnderstood"),
    );
    expect(await get(world, "read-vault", rezan.token, {})).toMatchObject({ generation: 1 });
  });
});

describe("coming in", () => {
  it("takes a code or an invitation, each once, and whoever guesses learns nothing", async () => {
    const again = await found(world, "Hana");
    const person = makePerson("guesser");
    const guess = { invitation: digestOf("guess").slice(0, 16), answer: digestOf("x"), account: person.account };
    expect(await ask(world, "answer-invitation", undefined, guess)).toEqual(refusal("AlreadyUsed"));
    const invitation = digestOf("used").slice(0, 16);
    await get(world, "open-invitation", again.keeper.token, { invitation, expiresAt: later(world.now(), 60_000) });
    const first = { invitation, answer: digestOf("a"), account: makePerson("first").account };
    await get(world, "answer-invitation", undefined, first);
    expect((await ask(world, "answer-invitation", undefined, first)).ok).toBe(true);
    expect(await ask(world, "answer-invitation", undefined, { ...first, account: person.account })).toEqual(
      refusal("AlreadyUsed"),
    );
    expect(await get(world, "read-answers", again.keeper.token, {})).toEqual({
      answers: [{ invitation, answer: digestOf("a") }],
    });
  });

  it("to found may be sent again when the answer was lost, and makes nothing twice", async () => {
    const person = makePerson("Lana");
    const code = digestOf("code of Lana");
    await world.storage.addSetUpCode({ codeHash: sha256(code), expiresAt: later(world.now(), 60_000) });
    const { append } = beginLog(person, logIdFor("Lana's organisation"), "organisation");
    const request = { code, account: person.account, log: append };
    const { organisations } = await world.storage.counts();
    expect((await ask(world, "found", undefined, request)).ok).toBe(true);
    expect((await ask(world, "found", undefined, request)).ok).toBe(true);
    expect((await world.storage.counts()).organisations).toBe(organisations + 1);
    const other = { ...request, account: makePerson("someone who found the link").account };
    expect(await ask(world, "found", undefined, other)).toEqual(refusal("AlreadyUsed"));
  });

  it("back as the only keeper takes a code that was given out for it, and no other code opens that door", async () => {
    const { keeper: rojda } = await found(world, "Rojda");
    const shno = await joinBy(world, rojda, "Shno");
    const [forFounding, code] = [digestOf("code for founding"), digestOf("code of Shno")];
    const expiresAt = later(world.now(), 3_600_000);
    await world.storage.addSetUpCode({ codeHash: hashOfCode("found", forFounding), expiresAt });
    await world.storage.addSetUpCode({ codeHash: hashOfCode("come-back", code), expiresAt });
    const place = { invitation: digestOf("place of Rojda").slice(0, 16), expiresAt: later(world.now(), 60_000) };
    expect(await ask(world, "open-invitation", shno.token, place)).toEqual(refusal("NotForYou"));
    for (const wrong of [forFounding, digestOf("a guess")])
      expect(await ask(world, "open-come-back", shno.token, { ...place, code: wrong })).toEqual(refusal("AlreadyUsed"));
    const tooLong = { ...place, code, expiresAt: later(world.now(), 25 * 3_600_000) };
    expect(await ask(world, "open-come-back", shno.token, tooLong)).toEqual(refusal("NotUnderstood"));
    await get(world, "open-come-back", shno.token, { ...place, code });
    const back = makePerson("Rojda come back");
    await get(world, "answer-invitation", undefined, { ...place, answer: digestOf("a"), account: back.account });
    const { token } = await signIn(world, back);
    // Whoever took the place may nothing yet.
    const another = { invitation: digestOf("another place").slice(0, 16), expiresAt: later(world.now(), 60_000) };
    expect(await ask(world, "open-invitation", token, another)).toEqual(refusal("NotForYou"));
    const { receivingKey } = back.account;
    expect(await ask(world, "let-back", shno.token, { code: forFounding, receivingKey })).toEqual(
      refusal("AlreadyUsed"),
    );
    const own = { code, receivingKey: shno.account.receivingKey };
    expect(await ask(world, "let-back", shno.token, own)).toEqual(refusal("NotForYou"));
    await get(world, "let-back", shno.token, { code, receivingKey });
    await get(world, "let-back", shno.token, { code, receivingKey });
    expect((await get(world, "compare", token, { buckets: undefined, fromBucket: 0 })).logs).toHaveLength(1);
    await get(world, "open-invitation", token, another);
    expect(await ask(world, "open-come-back", shno.token, { ...place, code })).toEqual(refusal("AlreadyUsed"));
    // A code to come back by founds nothing.
    const other = digestOf("code of somebody else");
    await world.storage.addSetUpCode({ codeHash: hashOfCode("come-back", other), expiresAt });
    const person = makePerson("founds with it");
    const { append } = beginLog(person, logIdFor("founded with it"), "organisation");
    const founding = { code: other, account: person.account, log: append };
    expect(await ask(world, "found", undefined, founding)).toEqual(refusal("AlreadyUsed"));
  });

  it("is closed after the invitation's time, and when the keeper closes it", async () => {
    const { keeper: hero } = await found(world, "Hero");
    const open = async (name: string): Promise<{ invitation: ReturnType<typeof digestOf> }> => {
      const invitation = digestOf(name).slice(0, 16);
      await get(world, "open-invitation", hero.token, { invitation, expiresAt: later(world.now(), 60_000) });
      return { invitation };
    };
    const closed = await open("closed");
    const late = await open("late");
    await get(world, "close-invitation", hero.token, closed);
    world.pass(60_001);
    for (const { invitation } of [closed, late]) {
      const request = { invitation, answer: digestOf("a"), account: makePerson("late one").account };
      expect(await ask(world, "answer-invitation", undefined, request)).toEqual(refusal("AlreadyUsed"));
    }
  });

  it("is never open for longer than a day", async () => {
    const { keeper: avin } = await found(world, "Avin");
    for (const hours of [0, -1, 25]) {
      const request = {
        invitation: digestOf(`${hours}`).slice(0, 16),
        expiresAt: later(world.now(), hours * 3_600_000),
      };
      expect(await ask(world, "open-invitation", avin.token, request)).toEqual(refusal("NotUnderstood"));
    }
  });
});
