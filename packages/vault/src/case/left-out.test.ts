/** Whoever is left out of a case, replaced or supervises no more: what counts of what they write, and what they read. */

import type { EntryHash, SealedEntry } from "@amana/log";
import { beforeEach, describe, expect, it } from "vitest";
import { removedIn } from "../index.ts";
import {
  beginEpoch,
  control,
  find,
  hashesIn,
  makePerson,
  makeWorldWithCase,
  memberOf,
  must,
  noted,
  whoIn,
  type TestLog,
  type World,
} from "../testing/world.ts";

let world: World;
let log: TestLog;
let first: SealedEntry;
beforeEach(async () => {
  ({ world, log, first } = await makeWorldWithCase());
});

describe("a member who is left out", () => {
  const leaveOutRojin = async (cut: readonly EntryHash[]) => beginEpoch(log, world.azad, [world.nour, world.azad], cut);

  it("keeps what was accepted, and what nobody had accepted waits until someone adopts it", async () => {
    const before = await log.write(world.rojin, noted("before"));
    await leaveOutRojin([before.hash]);
    const links = { control: first.hash, previous: before.hash, counter: 2, parents: [] };
    const caseKey = must([...log.keys.values()][0]);
    const late = await log.write(world.rojin, noted("late"), { header: links, caseKey });
    const reading = await world.readCase(log);
    expect(whoIn(reading, before)).toBe(world.rojin.id);
    expect(hashesIn(reading)).not.toContain(late.hash);
    expect([...reading.review.quarantined]).toEqual([late.hash]);
    expect(reading.review.heads).not.toContain(late.hash);
    expect(reading.mustCatchUp).toBe(false);

    await log.write(world.nour, control({ type: "Adopted", entries: [late.hash] }), { header: { kind: "control" } });
    const adopted = await world.readCase(log);
    expect(whoIn(adopted, late)).toBe(world.rojin.id);
    expect(adopted.review.quarantined.size).toBe(0);
  });

  it("keeps what the epoch's own entry follows, though its writer left it out of the cut", async () => {
    const before = await log.write(world.rojin, noted("before"));
    await leaveOutRojin([]);
    expect(whoIn(await world.readCase(log), before)).toBe(world.rojin.id);
  });

  it("cannot read what is written after, though they keep every key they had", async () => {
    await leaveOutRojin([]);
    const secret = await log.write(world.nour, noted("after"));
    const had = must(first.header.keyCommitment);
    const keyOf = (commitment: typeof had) =>
      commitment.every((byte, at) => byte === had[at]) ? log.keyOf(had) : undefined;
    const reading = await world.readCase(log, log.entries, keyOf);
    expect(find(reading, secret).content).toEqual({ kind: "no-key" });
  });

  it("has no say after, not by a control entry, not by adopting themselves, not by an older organisation", async () => {
    const seen = must(world.organisation.entries.at(-1)).entry.hash;
    await leaveOutRojin([]);
    const caseKey = must([...log.keys.values()][1]);
    const act = await log.write(world.rojin, control({ type: "Adopted", entries: [first.hash] }), {
      header: { kind: "control", organisationHead: seen },
      caseKey,
    });
    const epoch = await log.write(
      world.rojin,
      control({ type: "EpochBegun", members: [world.rojin, world.nour].map(memberOf), cut: [], reason: "" }),
      { beginsEpoch: true, isKeptBack: false },
    );
    const reading = await world.readCase(log);
    expect(reading.withoutAuthority).toEqual([act.hash, epoch.hash]);
    expect(reading.epochs).toHaveLength(2);
    expect(whoIn(reading, act)).toBeUndefined();
  });

  it("is a member again when a later epoch brings them back", async () => {
    await leaveOutRojin([]);
    const caseKey = must([...log.keys.values()][0]);
    const late = await log.write(world.rojin, noted("late"), {
      header: { control: first.hash, previous: undefined, counter: 1, parents: [] },
      caseKey,
    });
    expect((await world.readCase(log)).review.quarantined.size).toBe(1);
    await beginEpoch(log, world.nour, [world.nour, world.azad, world.rojin], []);
    const reading = await world.readCase(log);
    expect(removedIn(reading.epochs).size).toBe(0);
    expect(whoIn(reading, late)).toBe(world.rojin.id);
  });
});

describe("a present member's entry of an earlier epoch", () => {
  it("is accepted, as of a device that was offline", async () => {
    await beginEpoch(log, world.azad, [world.nour, world.azad, world.rojin]);
    const caseKey = must([...log.keys.values()][0]);
    const late = await log.write(world.rojin, noted("offline"), {
      header: { control: first.hash, previous: undefined, counter: 1, parents: [] },
      caseKey,
    });
    const reading = await world.readCase(log);
    expect(find(reading, late)).toMatchObject({ by: { person: world.rojin.id }, content: { kind: "body" } });
  });
});

describe("a key that was replaced after its phone was lost", () => {
  it("writes nothing more in its owner's name once an epoch has begun that knows of it", async () => {
    const seen = must(world.organisation.entries.at(-1)).entry.hash;
    const before = await log.write(world.rojin, noted("before it was lost"));
    const { identityKey, receivingKey } = await makePerson("Rojin's new phone");
    const proposal = await world.act(world.nour, {
      type: "KeysReplaced",
      person: world.rojin.id,
      identityKey,
      receivingKey,
    });
    await world.act(world.azad, { type: "Confirmed", proposal: proposal.hash });
    const caseKey = must([...log.keys.values()][0]);
    const renewed = { ...world.rojin, identityKey, receivingKey };
    await beginEpoch(log, world.nour, [world.nour, world.azad, renewed], [before.hash]);
    const header = { control: first.hash, previous: before.hash, counter: 2, parents: [], organisationHead: seen };
    const thiefs = await log.write(world.rojin, noted("she withdrew her consent"), { header, caseKey });
    const own = await log.write(renewed, noted("it is me again"), { header: { previous: undefined, counter: 1 } });
    const reading = await world.readCase(log);
    expect([...reading.review.quarantined]).toEqual([thiefs.hash]);
    expect(whoIn(reading, before)).toBe(world.rojin.id);
    expect(whoIn(reading, own)).toBe(world.rojin.id);
  });
});

describe("a supervisor who is one no more", () => {
  it("stays a member, and makes no late approval as of the time when they still were", async () => {
    const seen = must(world.organisation.entries.at(-1)).entry.hash;
    const inTime = await log.write(world.azad, noted("approved in time"));
    const promoted = await world.act(world.nour, { type: "RoleGiven", person: world.rojin.id, role: "supervisor" });
    await world.act(world.azad, { type: "Confirmed", proposal: promoted.hash });
    await world.act(world.nour, { type: "RoleTaken", person: world.azad.id, role: "supervisor" });
    const caseKey = must([...log.keys.values()][0]);
    await beginEpoch(log, world.nour, [world.nour, world.azad, world.rojin], [inTime.hash]);
    const header = { control: first.hash, previous: inTime.hash, counter: 2, parents: [], organisationHead: seen };
    const late = await log.write(world.azad, noted("approved"), { header, caseKey });
    const reading = await world.readCase(log);
    expect(find(reading, inTime).by?.roles).toEqual(new Set(["caseworker", "supervisor"]));
    expect(find(reading, late).by?.roles).toEqual(new Set(["caseworker"]));
  });
});
