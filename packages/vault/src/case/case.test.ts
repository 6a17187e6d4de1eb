/** Who can read a case: whom its key is wrapped to, and what two people have erased. */

import { assert } from "@amana/kernel";
import { huskOf, type Received, type SealedEntry } from "@amana/log";
import { beforeEach, describe, expect, it } from "vitest";
import {
  combineSheets,
  commitTo,
  exposeSecret,
  makeReceivingKey,
  makeRecoveryKey,
  makeTeamId,
  openersOf,
  platformDeflate,
  readCase,
  readOrganisation,
  receivingKeyFrom,
  unwrap,
  wrap,
} from "../index.ts";
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
  seededRandomness,
  type TestLog,
  type World,
} from "../testing/world.ts";

const randomness = seededRandomness("case.test");

let world: World;
let log: TestLog;
let first: SealedEntry;
beforeEach(async () => {
  ({ world, log, first } = await makeWorldWithCase());
});

describe("a case", () => {
  it("is read by those it is wrapped to, each entry with its author from the envelope", async () => {
    const note = await log.write(world.rojin, noted("I am Nour"));
    const reading = await world.readCase(log);
    expect(find(reading, note)).toMatchObject({
      by: { person: world.rojin.id },
      content: { kind: "body", body: { events: noted("I am Nour") } },
    });
    expect([...must(reading.epochs[0]).openers].sort()).toEqual(
      [world.nour, world.azad, world.rojin].map(({ id }) => id).sort(),
    );
    expect(reading.mustCatchUp).toBe(false);
    expect(reading.withoutAuthority).toEqual([]);
  });

  it("is read the same when this device remembers whose signatures it has verified", async () => {
    await log.write(world.rojin, noted("one"));
    const whole = await world.readCase(log);
    const verifiedBefore = new Set(hashesIn(whole));
    const spoiled = log.entries.map((each): Received =>
      each.kind === "entry" ? { kind: "entry", entry: { ...each.entry, signature: new Uint8Array(64) } } : each,
    );
    const organisation = await readOrganisation(
      {
        logId: world.organisation.logId,
        root: world.root,
        entries: world.organisation.entries,
        keyOf: world.organisation.keyOf,
        verifiedBefore: new Set(world.organisation.entries.map(({ entry }) => entry.hash)),
      },
      platformDeflate,
    );
    const source = { logId: log.logId, entries: spoiled, organisation, keyOf: log.keyOf };
    expect((await readCase({ ...source, verifiedBefore }, platformDeflate)).entries).toEqual(whole.entries);
    expect((await readCase(source, platformDeflate)).entries).toEqual([]);
  });

  it("says ordinarily that there is no key, and closes what rests on knowing everything", async () => {
    const reading = await world.readCase(log, log.entries, () => undefined);
    expect(reading.entries.map(({ content }) => content.kind)).toEqual(["no-key"]);
    expect(reading.mustCatchUp).toBe(true);
  });

  it("has no single opener", async () => {
    for (const members of [[world.nour], []]) {
      const alone = world.openCase("alone");
      const entry = await beginEpoch(alone, world.nour, members);
      const reading = await world.readCase(alone);
      expect(reading.withoutAuthority).toEqual([entry.hash]);
      expect(reading.epochs).toEqual([]);
    }
  });

  it("is begun only by someone who opens it, and never by an administrator as such", async () => {
    for (const [by, members] of [
      [world.rami, [world.nour, world.azad]],
      [world.hevi, [world.nour, world.azad]],
      [world.hevi, [world.hevi, world.nour, world.azad]],
    ] as const) {
      const other = world.openCase("begun");
      const entry = await beginEpoch(other, by, members);
      expect((await world.readCase(other)).withoutAuthority).toEqual([entry.hash]);
    }
  });

  it("has its author among its openers: whoever leaves themselves out would still have the key", async () => {
    const other = world.openCase("left out");
    await beginEpoch(other, world.rojin, [world.rojin, world.nour, world.azad]);
    const entry = await beginEpoch(other, world.rojin, [world.nour, world.azad]);
    const reading = await world.readCase(other);
    expect(reading.withoutAuthority).toEqual([entry.hash]);
    expect(reading.epochs.length).toBe(1);
  });

  it("is wrapped to teams and the recovery key of the organisation, and to nobody unknown", async () => {
    const key = await makeReceivingKey(randomness);
    const commitment = await commitTo(key.seed, world.organisation.logId);
    const team = {
      id: makeTeamId(randomness),
      receivingKey: key,
      commitment,
      supervisors: new Set([world.nour.id, world.azad.id]),
    };
    await world.act(world.nour, { type: "TeamFormed", team });
    const { recoveryKey } = await makeRecoveryKey(2, 3, randomness);
    const proposal = await world.act(world.nour, { type: "RecoveryKeySet", recoveryKey });
    await world.act(world.azad, { type: "Confirmed", proposal: proposal.hash });
    const { current } = await world.readOrganisation();
    const recovery = { kind: "recovery", keyId: recoveryKey.receivingKey.keyId } as const;
    const ofTeam = { kind: "team", keyId: key.keyId } as const;
    expect(openersOf([ofTeam, recovery, memberOf(world.rojin)], current)?.size).toBe(3);
    const stranger = await makePerson("stranger");
    for (const unknown of [
      memberOf(stranger),
      { ...recovery, keyId: key.keyId },
      { ...ofTeam, keyId: recovery.keyId },
      memberOf(world.hevi),
    ])
      expect(openersOf([ofTeam, unknown], current)).toBeUndefined();
  });

  it("goes to its reader as a wrap, and comes out as the key its epoch commits to", async () => {
    const caseKey = must([...log.keys.values()][0]);
    const author = world.nour.identityKey;
    const given = await wrap(
      { purpose: "key-wrap", logId: log.logId, key: caseKey, recipient: world.rojin.receivingKey, author },
      randomness,
    );
    const keyCommitment = must(first.header.keyCommitment);
    const asked = {
      wrap: given,
      purpose: "key-wrap",
      logId: log.logId,
      keyCommitment,
      recipient: world.rojin.receivingKey,
      author,
    } as const;
    const unwrapped = await unwrap("case-key", asked);
    expect(unwrapped.ok && exposeSecret(unwrapped.value)).toEqual(exposeSecret(caseKey));
  });
});

describe("a case wrapped to a team and to the recovery key", () => {
  it("opens for the team's supervisors, and for enough sheets in different hands", async () => {
    const { logId } = log;
    const caseKey = must([...log.keys.values()][0]);
    const author = world.nour.identityKey;
    const team = await makeReceivingKey(randomness);
    const teamCommitment = await commitTo(team.seed, world.organisation.logId);
    const toAzad = {
      purpose: "team-wrap",
      logId: world.organisation.logId,
      recipient: world.azad.receivingKey,
      author,
    } as const;
    const teamWrap = await wrap({ ...toAzad, key: team.seed }, randomness);
    const azads = await unwrap("receiving-seed", { ...toAzad, wrap: teamWrap, keyCommitment: teamCommitment });
    assert(azads.ok, "A supervisor opens the team's key.");
    const asTeam = await receivingKeyFrom(azads.value);
    const { recoveryKey, sheets } = await makeRecoveryKey(2, 3, randomness);
    const asRecovery = await combineSheets(sheets.slice(1), recoveryKey);
    assert(asRecovery.ok, "Two of three sheets are enough.");
    const keyCommitment = must(first.header.keyCommitment);
    for (const recipient of [asTeam, asRecovery.value]) {
      const asked = { purpose: "key-wrap", logId, recipient, author } as const;
      const given = await wrap({ ...asked, key: caseKey }, randomness);
      const unwrapped = await unwrap("case-key", { ...asked, wrap: given, keyCommitment });
      expect(unwrapped.ok && exposeSecret(unwrapped.value)).toEqual(exposeSecret(caseKey));
    }
  });
});

describe("erasure", () => {
  const husked = (entry: SealedEntry): readonly Received[] =>
    log.entries.map((each) =>
      each.kind === "entry" && each.entry.hash === entry.hash ? { kind: "entry", entry: huskOf(each.entry) } : each,
    );

  it("by two people makes a missing body right; without them it is damage", async () => {
    const note = await log.write(world.rojin, noted("a name"));
    const damaged = await world.readCase(log, husked(note));
    expect(find(damaged, note).content).toEqual({ kind: "damaged" });
    expect(damaged.mustCatchUp).toBe(true);
    const proposal = await log.write(world.nour, control({ type: "ErasureProposed", entries: [note.hash] }), {
      header: { kind: "control" },
    });
    expect(find(await world.readCase(log, husked(note)), note).content).toEqual({ kind: "damaged" });
    await log.write(world.azad, control({ type: "ErasureConfirmed", proposal: proposal.hash }), {
      header: { kind: "control" },
    });
    const reading = await world.readCase(log, husked(note));
    expect(find(reading, note)).toMatchObject({ by: { person: world.rojin.id }, content: { kind: "erased" } });
    expect([...reading.erased]).toEqual([note.hash]);
    expect(reading.mustCatchUp).toBe(false);
    // A copy that somebody held back or sends again says no more than the husk.
    expect(find(await world.readCase(log), note).content).toEqual({ kind: "erased" });
  });

  it("is not confirmed by who proposed it, nor by who is no opener, nor without a proposal", async () => {
    const note = await log.write(world.rojin, noted("a name"));
    const proposal = await log.write(world.nour, control({ type: "ErasureProposed", entries: [note.hash] }), {
      header: { kind: "control" },
    });
    for (const [by, event] of [
      [world.nour, { type: "ErasureConfirmed", proposal: proposal.hash }],
      [world.rami, { type: "ErasureConfirmed", proposal: proposal.hash }],
      [world.azad, { type: "ErasureConfirmed", proposal: note.hash }],
    ] as const) {
      const entry = await log.write(by, control(event), { header: { kind: "control" } });
      expect((await world.readCase(log)).withoutAuthority).toContain(entry.hash);
    }
    expect((await world.readCase(log)).erased.size).toBe(0);
  });
});
