/** Cases that are asked for while others are read: lines that break, servers that lie, and what people do meanwhile. */

import { err, ok, type Result } from "@amana/kernel";
import { encodeEntry, fromAscii, logIdOf, sha256, type Bytes, type LogId } from "@amana/log";
import type { LogPulled, RequestOf, WireError } from "@amana/sync";
import { makeCaseKey, writeCaseControlEvent, type EpochMember } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { bytesAtFirst, bytesAtOnceMax } from "../../packages/device/src/logs/pace.ts";
import { pullLogs } from "../../packages/device/src/logs/pull.ts";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { clientOf } from "../hostile/client-of.ts";
import { makeHostileServer, type Lies } from "../hostile/hostile-server.ts";
import { makeHostileWorld, write } from "../hostile/hostile-world.ts";
import { entryOf, spoilSignature, withHeader } from "../hostile/misdeeds.ts";
import { makeCaseWorld, must, openNewCase, password, syncAll, type CaseWorld, type Handset } from "./case-world.ts";
import type { Carrier } from "./memory-server.ts";

/** As after three whole answers. */
const onGoodLine = (handset: Handset): void => {
  handset.unlocked().desk.bytesAtOnce = bytesAtOnceMax;
};

const casesOn = async ({ device }: Handset): Promise<number> => must(await device().listCases()).length;
const stillToFetchOn = async ({ device }: Handset): Promise<number> => must(await device().syncState()).stillToFetch;

const casesCount = 36;
const unreachable = err<WireError>({ type: "Unreachable" });
const signedOut = err<WireError>({ type: "Refused", code: "NotSignedIn", afterSeconds: undefined });

/**
 * Azad's device knows the organisation and none of 36 cases: it asks for 32 of them and for the four others. Neither is answered before
 * both were asked for and something was done; then the first and the second are answered so, or as it is.
 */
const twoUnderWay = async (
  seed: string,
  meanwhile: (azad: Handset, logIds: readonly LogId[]) => Promise<unknown>,
  answers: readonly (Result<Bytes, WireError> | undefined)[] = [],
) => {
  const world = await makeCaseWorld(seed);
  const logIds: LogId[] = [];
  for (let count = 0; count < casesCount; count++) logIds.push(await openNewCase(world.shilan));
  must(await world.shilan.device().sync());
  let asked = 0;
  let bothAsked = (): void => undefined;
  const asking = new Promise<void>((resolve) => {
    bothAsked = resolve;
  });
  const carrier: Carrier = {
    call: async (name, token, bytes) => {
      const place = name === "pull" ? asked++ : undefined;
      if (place === undefined || place > 1) return world.server.call(name, token, bytes);
      const answer = await world.server.call(name, token, bytes);
      if (place === 1) bothAsked();
      await done;
      return answers[place] ?? answer;
    },
  };
  const azad = world.handset("azad behind", carrier);
  await azad.restart(world.azad.store().contents());
  onGoodLine(azad);
  const done = asking.then(() => meanwhile(azad, logIds));
  const answer = await azad.device().sync();
  return { ...world, azad, logIds, answer };
};

/** Of both requests some. */
const followedMeanwhile = (logIds: readonly LogId[]): readonly LogId[] => {
  const inOrder = [...logIds].sort();
  return [...inOrder.slice(0, 2), ...inOrder.slice(-1)];
};

const nothing = async (): Promise<void> => Promise.resolve();

describe("two requests for cases under way together", () => {
  it.each([
    ["first", 0, [unreachable]],
    ["second", 32, [undefined, unreachable]],
    ["first and the second", 0, [unreachable, unreachable]],
  ])("of which the %s is lost bring what came before, and the next exchange the rest", async (which, came, answers) => {
    const { azad, answer } = await twoUnderWay(`lost ${which}`, nothing, answers);
    expect(answer).toEqual(unreachable);
    expect([await casesOn(azad), await stillToFetchOn(azad)]).toEqual([came, casesCount - came]);
    // However the other was answered that was begun before.
    expect(azad.unlocked().desk.bytesAtOnce).toBe(bytesAtFirst);
    must(await azad.device().sync());
    expect([await casesOn(azad), await stillToFetchOn(azad)]).toEqual([casesCount, 0]);
  });

  it.each([
    ["what they ask for", []],
    ["that they are signed in no more", [signedOut, signedOut]],
  ])("and answered %s once the device is locked write nothing any more, and all comes later", async (what, answers) => {
    let kept: ReadonlyMap<string, Bytes> = new Map();
    const lock = async ({ device, store }: Handset): Promise<void> => {
      await device().lock();
      kept = store().contents();
    };
    const { azad, answer } = await twoUnderWay(`locked, then ${what}`, lock, answers);
    expect(answer).toEqual(err({ type: "Locked" }));
    const store = azad.store();
    await azad.restart();
    expect(store.contents()).toEqual(kept);
    must(await azad.device().sync());
    expect(await casesOn(azad)).toBe(casesCount);
  });

  it("leave nothing behind once the device is erased", async () => {
    const { azad, answer } = await twoUnderWay("erased", ({ device }) => device().erase());
    expect(answer).toEqual(err({ type: "Locked" }));
    expect(await azad.device().phase()).toBe("new");
    expect(azad.store().contents().size).toBe(0);
  });

  it("that the server answers to nobody any more lock the device, once", async () => {
    const phases: string[] = [];
    const hear = async ({ device }: Handset): Promise<void> => {
      device().onChange((change) => void phases.push(change.type === "phase" ? change.phase : change.type));
      return Promise.resolve();
    };
    const { azad, answer } = await twoUnderWay("signed out", hear, [signedOut, signedOut]);
    expect(answer).toEqual(err({ type: "Locked" }));
    expect(await azad.device().phase()).toBe("locked");
    expect(phases.filter((each) => each === "signed-out")).toHaveLength(1);
    await azad.restart();
    must(await azad.device().sync());
    expect(await casesOn(azad)).toBe(casesCount);
  });

  it("take nothing back of a case that another step has followed meanwhile, and lose no other", async () => {
    const { azad, shilan, logIds, answer } = await twoUnderWay("followed meanwhile", async (device, all) => {
      await write(device, await openNewCase(device), "own");
      must(await pullLogs(device.unlocked(), followedMeanwhile(all)));
    });
    must(answer);
    expect([await casesOn(azad), await stillToFetchOn(azad)]).toEqual([casesCount + 1, 0]);
    expect(must(await azad.device().syncState()).unsent).toBe(0);
    for (const logId of followedMeanwhile(logIds)) await write(shilan, logId, "later");
    await syncAll(shilan, azad);
    for (const logId of followedMeanwhile(logIds))
      expect(must(await azad.device().viewCase(logId)).state.facts.saidByFact.size).toBe(1);
    expect(azad.device().notices()).toEqual([]);
  });
});

const cutBefore =
  (logId: LogId, place: number): NonNullable<Lies["pull"]> =>
  async ({ pass }) => {
    const answer = await pass();
    if (!answer.ok) return answer;
    const cut = (log: LogPulled): LogPulled =>
      log.logId === logId ? { ...log, entries: log.entries.slice(0, Math.max(0, place - log.after)) } : log;
    return ok({ ...answer.value, logs: answer.value.logs.map(cut) });
  };

describe("a case whose rest the server keeps back", () => {
  it("is told of all the same: who kept the key of an epoch that others have passed over", async () => {
    const world = await makeHostileWorld("rest kept back");
    const { nour, azad, shilan, fresh, hostile, server, logId } = world;
    const client = await clientOf(world, "rest kept back client", nour);
    await client.readCase(logId);
    const by = must(await nour.device().ownPerson());
    const members = [nour, azad, shilan].map(({ unlocked }): EpochMember => {
      return { kind: "person", keyId: unlocked().own.receivingKey.keyId };
    });
    const begun = writeCaseControlEvent({ type: "EpochBegun", members, cut: [], reason: "" });
    await client.appendControl(logId, [begun], {
      beginsEpoch: true,
      caseKey: makeCaseKey(seededRandomness("a key for nobody")),
      wraps: [],
      serving: members.map(({ keyId }) => keyId),
    });
    await syncAll(azad);
    must(await azad.device().passOverEpoch(logId));
    await syncAll(azad, shilan);
    const passedOver = server.state.logs.get(logId)?.entries.length ?? 0;
    await write(shilan, logId, "later");
    await syncAll(shilan);
    hostile.order({ lies: { pull: cutBefore(logId, passedOver) } });
    must(await fresh.device().sync());
    expect(must(await fresh.device().viewCase(logId)).isBehind).toBe(false);
    expect(fresh.device().notices()).toContainEqual({ type: "EpochWithoutKey", logId, by });
  });
});

describe("a case that was spoiled here, and of which the server says that it is longer than it is", () => {
  it("is behind no more once all of it was seen to be here", async () => {
    const { azad, hostile, logId } = await makeHostileWorld("longer than it is");
    must(await azad.device().sync());
    const [segment] = await azad.store().list(`log/${logId}/entries/`);
    await azad.store().write([{ name: segment?.name ?? "", value: Uint8Array.of(0x00) }]);
    await azad.restart();
    expect(must(await azad.device().viewCase(logId)).isBehind).toBe(true);
    const longer = (log: LogPulled): LogPulled => ({ ...log, end: log.end + 1 });
    hostile.order({
      lies: {
        pull: async ({ pass }) => {
          const answer = await pass();
          return answer.ok ? ok({ ...answer.value, logs: answer.value.logs.map(longer) }) : answer;
        },
      },
    });
    must(await azad.device().sync());
    hostile.order({});
    await azad.restart();
    must(await azad.device().sync());
    const { state, isBehind } = must(await azad.device().viewCase(logId));
    expect([state.facts.saidByFact.size, isBehind]).toEqual([4, false]);
  });
});

const rounds = ["a", "b", "c"] as const;

/** Nour's cases, each with a few entries. */
const withCases = async (seed: string, count: number) => {
  const world = await makeCaseWorld(seed);
  const { nour } = world;
  const logIds: LogId[] = [];
  for (let at = 0; at < count; at++) logIds.push(await openNewCase(nour));
  for (const round of rounds) {
    for (const logId of logIds) await write(nour, logId, `fact-${round}`);
    must(await nour.device().sync());
  }
  return { ...world, logIds };
};

/** So many logs that the server has made up of a true case's entry, so long; nobody has signed them. */
const madeUpFrom = (
  { server }: CaseWorld,
  logId: LogId,
  count: number,
  length: number,
): ReadonlyMap<LogId, readonly Bytes[]> => {
  const base = entryOf(server.state.logs.get(logId)?.entries[0]?.bytes ?? new Uint8Array());
  if (base === undefined) throw new Error("The case has begun.");
  const entryAt = (of: LogId, at: number): Bytes =>
    encodeEntry(withHeader(base, { logId: of, nonce: sha256(fromAscii(`${of} ${at}`)) }));
  const ids = Array.from({ length: count }, (_, at) => logIdOf(sha256(fromAscii(`made up ${at}`)).slice(0, 16)));
  return new Map(
    ids
      .filter((each) => each !== undefined)
      .map((each) => [each, Array.from({ length }, (_, at) => entryAt(each, at))]),
  );
};

/** Lists them besides what there is. */
const listingToo =
  (made: ReadonlyMap<LogId, readonly Bytes[]>): NonNullable<Lies["compare"]> =>
  async ({ pass }) => {
    const answer = await pass();
    if (!answer.ok) return answer;
    const others = [...made].map(([logId, { length: end }]) => {
      return { logId, end, digest: sha256(fromAscii(logId)), kind: "case" } as const;
    });
    const logs = [...answer.value.logs, ...others].sort((one, other) => (one.logId < other.logId ? -1 : 1));
    return ok({ ...answer.value, logs });
  };

/** With so many entries of each of them. */
const pulledToo =
  (made: ReadonlyMap<LogId, readonly Bytes[]>, count: () => number) =>
  ({ wants }: RequestOf<"pull">, honest: readonly LogPulled[]): readonly LogPulled[] => {
    const byId = new Map(honest.map((log) => [log.logId, log]));
    return wants.flatMap(({ logId, after }) => {
      const entries = made.get(logId);
      const log = byId.get(logId);
      if (entries === undefined) return log === undefined ? [] : [log];
      return [{ logId, after, isSame: true, entries: entries.slice(after, after + count()), end: entries.length }];
    });
  };

describe("a long log that the server has made up", () => {
  it("is asked for no further than it is looked at, and keeps no case away", async () => {
    const world = await withCases("made up and long", 3);
    const { logIds, nour, server, handset } = world;
    const [first] = logIds;
    if (first === undefined) throw new Error("There are cases.");
    const made = madeUpFrom(world, first, 2, 60);
    const pulled = pulledToo(made, () => 1);
    const asked: LogId[] = [];
    const hostile = makeHostileServer(server);
    const fresh = handset("fresh", hostile);
    must(await fresh.device().enrolWithKit({ digits: must(await nour.device().kit()), password, language: "ckb" }));
    const pull: Lies["pull"] = async ({ request, pass }) => {
      asked.push(...request.wants.flatMap(({ logId }) => (made.has(logId) ? [logId] : [])));
      const answer = await pass({
        ...request,
        wants: request.wants.filter(({ logId }) => !made.has(logId)),
        bytesMax: 1,
      });
      return answer.ok ? ok({ ...answer.value, logs: pulled(request, answer.value.logs) }) : answer;
    };
    hostile.order({ lies: { compare: listingToo(made), pull } });
    onGoodLine(fresh);
    must(await fresh.device().sync());
    // Once, and once more ahead: of each in the first exchange, of none in the second.
    expect(asked.length).toBeLessThanOrEqual(2 * made.size);
    for (const logId of logIds)
      expect(must(await fresh.device().viewCase(logId)).state.facts.saidByFact.size).toBe(rounds.length);
    asked.length = 0;
    must(await fresh.device().sync());
    expect(asked).toEqual([]);
  });
});

/** What a server may do to one log of an answer, by a byte that says how. Each can be written on the wire. */
const misdeeds: readonly ((log: LogPulled, byte: number) => readonly LogPulled[])[] = [
  (log, byte) => [{ ...log, entries: log.entries.slice(0, byte % (log.entries.length + 1)) }],
  (log) => [{ ...log, entries: [] }],
  () => [],
  (log, byte) => [{ ...log, end: log.end + 1 + (byte % 7) }],
  (log) => [{ ...log, end: log.after + log.entries.length }],
  (log) => [{ ...log, isSame: false, entries: [] }],
  (log) => [{ ...log, entries: [...log.entries, ...log.entries.slice(-1)], end: log.end + 1 }],
  (log) => [{ ...log, entries: log.entries.toReversed() }],
  (log, byte) => [{ ...log, entries: log.entries.map((bytes, at) => (at === byte % 4 ? new Uint8Array([1]) : bytes)) }],
  (log, byte) => [{ ...log, entries: log.entries.map((bytes, at) => (at === byte % 4 ? spoiled(bytes) : bytes)) }],
];

const spoiled = (bytes: Bytes): Bytes => {
  const entry = entryOf(bytes);
  return entry === undefined ? bytes : spoilSignature(entry);
};

/** Answers little at once, loses what it likes, and lies about cases; of the organisation's own log it tells the truth. */
const liesBy = (
  seed: string,
  organisation: LogId,
  made: ReadonlyMap<LogId, readonly Bytes[]>,
): { readonly lies: Lies; readonly pulls: () => number } => {
  const random = seededRandomness(seed);
  const byte = (): number => random(1)[0] ?? 0;
  const bytesMax = [1, 1500, 6000][byte() % 3] ?? 1;
  const often = byte();
  const pulled = pulledToo(made, () => byte() % 3);
  let pulls = 0;
  const done = (log: LogPulled): readonly LogPulled[] =>
    byte() > often ? [log] : (misdeeds[byte() % misdeeds.length]?.(log, byte()) ?? [log]);
  const lies: Lies = {
    compare: listingToo(made),
    pull: async ({ request, pass }) => {
      pulls++;
      const wants = request.wants.filter(({ logId }) => !made.has(logId));
      const answer = await pass({ ...request, wants, bytesMax: Math.min(bytesMax, request.bytesMax) });
      if (!answer.ok || byte() < 12) return answer.ok ? unreachable : answer;
      const given = answer.value.logs.flatMap((log) => (log.logId === organisation ? [log] : done(log)));
      const logs = pulled(request, given);
      const named = new Set(logs.map(({ logId }) => logId));
      return ok({ logs, wraps: answer.value.wraps.filter(({ logId }) => named.has(logId)) });
    },
  };
  return { lies, pulls: () => pulls };
};

describe("property: a server that cuts, leaves out, repeats, spoils and makes up what it likes", () => {
  it.each([
    { cases: 6, made: 4, seeds: 8 },
    { cases: 34, made: 34, seeds: 1 },
  ])("ends each exchange, and keeps nothing from who asks an honest one later: $cases cases", async (of) => {
    const world = await withCases(`property ${of.cases}`, of.cases);
    const { logIds, nour, server, handset } = world;
    const organisation = must(await nour.device().organisationLog());
    const [first] = logIds;
    if (organisation === undefined || first === undefined) throw new Error("There are cases.");
    const made = madeUpFrom(world, first, of.made, rounds.length);
    const digits = must(await nour.device().kit());
    const hostile = makeHostileServer(server);
    for (let seed = 0; seed < of.seeds; seed++) {
      hostile.order({});
      const fresh = handset(`fresh ${seed}`, hostile);
      must(await fresh.device().enrolWithKit({ digits, password, language: "ckb" }));
      const { lies, pulls } = liesBy(`lies ${of.cases} ${seed}`, organisation, made);
      hostile.order({ lies });
      for (let exchange = 0; exchange < 3; exchange++) {
        onGoodLine(fresh);
        const answer = await fresh.device().sync();
        expect(answer).toEqual(answer.ok ? ok({ ...answer.value, stillToFetch: 0 }) : unreachable);
      }
      // At most one for each entry that there is, true or not, in each round of each exchange, and once more where it repairs.
      expect(pulls()).toBeLessThan(3 * 3 * 2 * 5 * (of.cases + of.made));
      hostile.order({});
      await fresh.restart();
      onGoodLine(fresh);
      must(await fresh.device().sync());
      for (const logId of logIds) {
        const { state, isBehind } = must(await fresh.device().viewCase(logId));
        expect([state.facts.saidByFact.size, isBehind], `seed ${seed}`).toEqual([rounds.length, false]);
      }
      for (const logId of made.keys()) expect(fresh.unlocked().desk.positions?.has(logId)).toBe(false);
      expect(fresh.device().notices()).toEqual([]);
    }
  });
});
