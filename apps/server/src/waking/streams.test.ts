/** Who is told to come, over a real store; what is scheduled runs when the test says so. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { beginLog, deviceIdFor, logIdFor, nextEntry } from "../testing/people.ts";
import type { Change, OrganisationId, Storage } from "../storage/storage.ts";
import { makeTimers, type Timers } from "../testing/running-server.ts";
import { found, get, joinBy, openWorld, signIn, type Founded, type Member, type World } from "../testing/world.ts";
import { makeStreams, streamLimits, type Streams } from "./streams.ts";

let world: World;
let timers: Timers;
let streams: Streams;
let founded: Founded;
let nour: Member;
let dilan: Member;
const mistakes: unknown[] = [];

beforeEach(async () => {
  world = await openWorld();
  timers = makeTimers();
  streams = makeStreams(world.storage, streamLimits, timers.schedule, (error) => mistakes.push(error));
  founded = await found(world, "Shilan");
  nour = await joinBy(world, founded.keeper, "Nour");
  dilan = await joinBy(world, founded.keeper, "Dilan");
});
afterEach(async () => {
  streams.close();
  await world.close();
  expect(mistakes).toEqual([]);
});

type Ear = { readonly heard: string[]; readonly next: () => Promise<string> };

/** Listens as a device does, and notes what it is told. */
const listen = async (person: Member): Promise<Ear> => {
  const signedIn = await world.relay.signedIn(person.token);
  if (!signedIn.ok) throw new Error("A test's listener is signed in.");
  const heard: string[] = [];
  let wake: (what: string) => void = () => undefined;
  const hear = (what: string) => (): void => {
    heard.push(what);
    wake(what);
  };
  const close = streams.open({
    organisation: signedIn.value.by.organisation,
    account: signedIn.value.by.account,
    come: hear("come"),
    beat: hear("beat"),
    end: hear("end"),
    isSignedIn: async () => (await world.relay.signedIn(person.token)).ok,
  });
  if (close === undefined) throw new Error("A test's listener finds room.");
  const next = (): Promise<string> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  return { heard, next };
};

const openCase = async (name: string, served: readonly Member[]) => {
  const { append, entry } = beginLog(nour, logIdFor(name), "case", served);
  await get(world, "append-control", nour.token, append);
  return { logId: append.logId, entry };
};

/** Lets what was gathered be told, and waits until one of these has heard. */
const flushUntil = async (ear: Ear): Promise<string> => {
  const next = ear.next();
  timers.run(streamLimits.gatherMilliseconds);
  return next;
};

describe("a stream", () => {
  it("tells those who are served a log that it grew, and nobody else", async () => {
    const [served, outsider] = [await listen(nour), await listen(dilan)];
    const stranger = await found(world, "Stranger");
    const elsewhere = await listen(stranger.keeper);
    await openCase("the case", [nour]);
    expect(await flushUntil(served)).toBe("come");
    expect([outsider.heard, elsewhere.heard]).toEqual([[], []]);
  });

  it("tells many changes of a moment once", async () => {
    const ear = await listen(nour);
    const { logId, entry } = await openCase("busy", [nour]);
    for (const text of ["one", "two", "three"]) {
      await get(world, "push", nour.token, { logs: [{ logId, entries: [nextEntry(nour, entry, {}, text).bytes] }] });
    }
    await flushUntil(ear);
    expect(ear.heard).toEqual(["come"]);
  });

  it("tells everyone when more logs changed than are looked at one by one", async () => {
    const ear = await listen(dilan);
    for (let number = 0; number <= streamLimits.logsGatheredMax; number++) await openCase(`case ${number}`, [nour]);
    expect(await flushUntil(ear)).toBe("come");
  });

  it("ends when its device is signed out, and others of the organisation go on", async () => {
    const phone = await signIn(world, { ...nour, device: deviceIdFor("Nour's phone") });
    const [lost, other] = [await listen(phone), await listen(dilan)];
    await get(world, "sign-out", nour.token, { device: phone.device });
    const heard = other.next();
    expect(await flushUntil(lost)).toBe("end");
    expect(await heard).toBe("come");
  });

  it("ends for who left, at once", async () => {
    const ear = await listen(dilan);
    await get(world, "append-control", founded.keeper.token, {
      logId: founded.logId,
      kind: "organisation",
      after: founded.log.hash,
      entry: nextEntry(founded.keeper, founded.log, { kind: "control", control: founded.log.hash }).bytes,
      wraps: [],
      serving: undefined,
      organisation: { teams: [], leavers: [dilan.account.receivingKey], keepers: undefined },
    });
    expect(await flushUntil(ear)).toBe("end");
  });

  it("ends by itself when the sign-in is over, though nothing was told", async () => {
    const ear = await listen(nour);
    world.pass(31 * 86_400_000);
    const ended = ear.next().then(ear.next);
    for (let beats = 0; beats < streamLimits.heartbeatsPerCheck; beats++)
      timers.run(streamLimits.heartbeatMilliseconds);
    await ended;
    while (ear.heard.at(-1) !== "end") await ear.next();
    expect(ear.heard.filter((what) => what === "beat")).toHaveLength(streamLimits.heartbeatsPerCheck);
  });

  it("wakes everyone alike at the moments of the day", async () => {
    const ears = [await listen(nour), await listen(dilan), await listen(founded.keeper)];
    streams.wakeAll();
    for (const { heard } of ears) expect(heard).toEqual(["come"]);
  });
});

describe("streams", () => {
  it("are bounded for one account, one organisation and in all", async () => {
    const few = makeStreams(
      world.storage,
      { ...streamLimits, streamsMax: 4, streamsPerAccountMax: 2, streamsPerOrganisationMax: 3 },
      timers.schedule,
      (error) => mistakes.push(error),
    );
    const open = async (person: Member): Promise<(() => void) | undefined> => {
      const signedIn = await world.relay.signedIn(person.token);
      if (!signedIn.ok) throw new Error("A test's listener is signed in.");
      const { organisation, account } = signedIn.value.by;
      const silent = { come: () => undefined, beat: () => undefined, end: () => undefined };
      return few.open({ organisation, account, ...silent, isSignedIn: () => Promise.resolve(true) });
    };
    const first = await open(nour);
    expect(await open(nour)).toBeDefined();
    expect(await open(nour)).toBeUndefined();
    expect(await open(dilan)).toBeDefined();
    expect(await open(founded.keeper)).toBeUndefined();
    // Another organisation finds the place that is left.
    const other = (await found(world, "Of another organisation")).keeper;
    expect(await open(other)).toBeDefined();
    expect(await open(other)).toBeUndefined();
    first?.();
    expect(await open(founded.keeper)).toBeDefined();
    expect(few.count()).toBe(4);
    few.close();
    expect(few.count()).toBe(0);
  });

  it("of one organisation are looked through once at a time, and those of another meanwhile", async () => {
    let change: (changed: Change) => void = () => undefined;
    const asked: string[] = [];
    const ends: ((fails: boolean) => void)[] = [];
    const failed: unknown[] = [];
    const slow: Pick<Storage, "watch" | "accountsServed"> = {
      watch: (listener) => {
        change = listener;
        return () => undefined;
      },
      accountsServed: ({ organisation }) => {
        asked.push(organisation);
        return new Promise((resolve, reject) => {
          ends.push((fails) => (fails ? reject(new Error("The store is away.")) : resolve([nour.account.account])));
        });
      },
    };
    const patient = makeStreams(slow, streamLimits, timers.schedule, (error) => failed.push(error));
    const heard: string[] = [];
    const [one, other] = ["0000000000aa", "0000000000bb"] as unknown as readonly [OrganisationId, OrganisationId];
    for (const organisation of [one, other]) {
      const ear = { come: () => heard.push(organisation), beat: () => undefined, end: () => undefined };
      patient.open({ organisation, account: nour.account.account, ...ear, isSignedIn: () => Promise.resolve(true) });
    }
    const changeIn = (organisation: OrganisationId): void => {
      change({ kind: "log", organisation, logId: logIdFor("busy") });
      timers.run(streamLimits.gatherMilliseconds);
    };
    for (const organisation of [one, one, one, other]) changeIn(organisation);
    expect(asked).toEqual([one, other]);
    const settle = async (fails: boolean): Promise<void> => {
      ends.splice(0).forEach((end) => end(fails));
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      timers.run(streamLimits.gatherMilliseconds);
    };
    await settle(true);
    // What came meanwhile is told, though the store was away the first time.
    expect([asked, heard, failed.length]).toEqual([[one, other, one], [], 2]);
    await settle(false);
    expect([asked.length, heard]).toEqual([3, [one]]);
    patient.close();
  });
});
