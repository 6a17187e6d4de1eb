/** The list of where all logs of an account stand, however it is asked for: what it costs, and how many are made at once. */

import { logsPerBeginMax } from "@amana/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Storage } from "../storage/storage.ts";
import { beginLog, deviceIdFor, logIdFor } from "../testing/people.ts";
import {
  ask,
  found,
  get,
  joinBy,
  openWorld,
  signatureFor,
  type Member,
  type Reachable,
  type World,
} from "../testing/world.ts";
import { makeRelay } from "./relay.ts";

let world: World;
let keeper: Member;
let colleague: Member;
const batches = 8;

beforeAll(async () => {
  world = await openWorld();
  keeper = (await found(world, "Who has very many cases")).keeper;
  colleague = await joinBy(world, keeper, "Who has few cases");
  for (let batch = 0; batch < batches; batch++) {
    const logs = Array.from({ length: logsPerBeginMax }, (_, at) => {
      const { append } = beginLog(keeper, logIdFor(`one of very many ${batch} ${at}`), "case");
      const serving = { keys: [keeper.account.receivingKey] };
      return { logId: append.logId, entry: append.entry, wraps: [], serving };
    });
    await get(world, "begin-logs", keeper.token, { logs });
  }
});
afterAll(() => world.close());

const compare = async (to: Reachable, { token }: Member) => {
  const compared = await ask(to, "compare", token, { buckets: new Uint8Array(2048), fromBucket: 0 });
  return compared.ok ? "compared" : compared.error.type === "Refused" && compared.error.code;
};

const signIn = async (to: Reachable, person: Member, isFresh: boolean) => {
  const { account } = person.account;
  const { challenge } = await get(to, "begin-sign-in", undefined, { account });
  const signature = signatureFor(person, challenge);
  const request = { account, challenge, signature, device: deviceIdFor("a fresh phone"), isFresh };
  return ask(to, "sign-in", undefined, request);
};

const signedInFresh = async (to: Reachable, person: Member) => {
  const answer = await signIn(to, person, true);
  if (!answer.ok) throw new Error(`Who has a place signs in: ${answer.error.type}`);
  return answer.value;
};

/** What a test waits for, and gives itself. */
const makeSignal = (): { readonly given: Promise<void>; readonly give: () => void } => {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
};

describe("where all logs of an account stand", () => {
  const narrow = (): Reachable => {
    const account = { count: 65_536, capacity: 4, perSecond: 1 };
    return { relay: makeRelay({ ...world.options, bounds: { ...world.options.bounds, account } }) };
  };

  it("of very many logs counts as more than one request, and of few it does not", async () => {
    const to = narrow();
    const thrice = async (who: Member) => [await compare(to, who), await compare(to, who), await compare(to, who)];
    expect(await thrice(keeper)).toEqual(["compared", "compared", "TooManyRequests"]);
    expect(await thrice(colleague)).toEqual(["compared", "compared", "compared"]);
  });

  it("counts also where a fresh device is told of it as it signs in", async () => {
    const to = narrow();
    await signedInFresh(to, keeper);
    expect([await compare(to, keeper), await compare(to, keeper)]).toEqual(["compared", "TooManyRequests"]);
  });

  it("is told to fresh devices of an account no oftener than the account may ask; others, and devices it has, come in", async () => {
    const to = narrow();
    for (let times = 0; times < 2; times++) await signedInFresh(to, keeper);
    expect(await signIn(to, keeper, true)).toMatchObject({ ok: false, error: { code: "TooManyRequests" } });
    expect((await signIn(to, keeper, false)).ok).toBe(true);
    expect((await signIn(to, colleague, true)).ok).toBe(true);
  });

  it("is read for four at once in one organisation, and one that signs in waits as one that compares", async () => {
    const atOnce = 4;
    const [allRead, gate, vaultRead] = [makeSignal(), makeSignal(), makeSignal()];
    let reading = 0;
    const positionsServed: Storage["positionsServed"] = async (question) => {
      if (++reading === atOnce) allRead.give();
      await gate.given;
      return world.storage.positionsServed(question);
    };
    const vaultOf: Storage["vaultOf"] = async (question) => {
      const vault = await world.storage.vaultOf(question);
      vaultRead.give();
      return vault;
    };
    const slow = { relay: makeRelay({ ...world.options, storage: { ...world.storage, positionsServed, vaultOf } }) };
    const compared = Array.from({ length: atOnce }, () => compare(slow, keeper));
    await allRead.given;
    const signedIn = signedInFresh(slow, keeper);
    await vaultRead.given;
    // All that goes on without the list has gone on by the next turn.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(reading).toBe(atOnce);
    gate.give();
    await Promise.all(compared);
    expect((await signedIn).fresh?.logs.length).toBeGreaterThan(batches * logsPerBeginMax);
  });
});
