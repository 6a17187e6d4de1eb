/** Whatever a hostile member writes into a case (SECURITY §6.2): it has no effect on others but a mark. */

import type { CaseCommand } from "@amana/casefile";
import { assert } from "@amana/kernel";
import {
  encodeCbor,
  encodeEntry,
  fromAscii,
  fromHex,
  toHex,
  type CborValue,
  type EntryHash,
  type SealedEntry,
} from "@amana/log";
import { makeCaseKey, platformDeflate, type Deflate, type SealedEvent } from "@amana/vault";
import { beforeEach, describe, expect, it } from "vitest";
import { riskLevel } from "../../packages/casefile/src/risk/risk.ts";
import { safeContactOf } from "../../packages/casefile/src/survivor/safe-contact.ts";
import { consentStanding, isDecidedAgainst } from "../../packages/casefile/src/consent/standing.ts";
import { bestInterests, consent, openCase } from "../../packages/casefile/src/testing/commands.ts";
import { codeOf } from "../../packages/casefile/src/testing/people.ts";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { appendTo } from "../device/memory-server/state.ts";
import { act, must, syncAll, type Handset } from "../device/case-world.ts";
import { clientOf } from "./client-of.ts";
import { beliefOf, write } from "./hostile-world.ts";
import {
  bribe,
  event,
  expectGoingOn,
  expectWriting,
  newestCommitment,
  noted,
  raised,
  seenByHonest,
  type Bribed,
} from "./bribed-world.ts";

let world: Bribed;
beforeEach(async () => {
  world = await bribe();
});

/** By Azad, who did not write it: everybody is told what holds them up, and whose it is. */
const leaveUnread = async (entry: EntryHash, author: keyof Bribed["ids"]): Promise<void> => {
  const { azad, shilan, logId, ids } = world;
  expect(must(await azad.device().peopleWhoCanRead(logId)).heldUpBy).toEqual([{ entry, by: ids[author] }]);
  must(await azad.device().leaveUnread(logId, [entry]));
  await syncAll(azad, shilan);
  expect(must(await azad.device().pendingChanges())).toEqual([]);
};

/** Whatever the server would have refused is there all the same: it may be their accomplice. */
const put = (...entries: readonly SealedEntry[]): void => {
  const log = world.server.state.logs.get(world.logId);
  assert(log !== undefined, "The case has begun.");
  for (const entry of entries) appendTo(log, { hash: entry.hash, header: entry.header, bytes: encodeEntry(entry) });
};

const openingAgain = ({ unlocked }: Handset): CaseCommand => ({
  ...openCase,
  code: codeOf("KRI-2026-0044"),
  searchedAt: unlocked().now(),
});

const because = "x".repeat(600);
const deepest = Array.from({ length: 12 }).reduce<CborValue>((inner) => [inner], 1);

/** A field of that name, which no encoder of ours would write. */
const withProto: Deflate = {
  ...platformDeflate,
  deflate: (bytes) => {
    const [from, to] = [toHex(fromAscii("prototype")), toHex(fromAscii("__proto__"))];
    return platformDeflate.deflate(fromHex(toHex(bytes).replace(from, to)) ?? new Uint8Array());
  },
};

const poisons: readonly (readonly [SealedEvent, string, Deflate?])[] = [
  [event("RiskRaised", [1, 2, 3]), "event-damaged"],
  [event("RiskRaised", { level: "terrible", because }), "event-damaged"],
  [event("RiskRaised", { level: "high", because, also: 1 }), "event-damaged"],
  [event("RiskRaised", { level: "high", because, prototype: { level: "high" } }), "damaged", withProto],
  [event("RiskRaised", { level: "high", because: 2 ** 31 }), "event-damaged"],
  [event("RiskRaised", { level: "high", because: "x".repeat(60_000) }), "event-damaged"],
  [event("RiskRaised", { level: "high", because: deepest }), "event-damaged"],
  [event("RiskRaised", { level: "high", because: Array<number>(9000).fill(0) }), "event-damaged"],
];

describe("a hostile member's entry", () => {
  it("under a colleague's device id sets aside nothing of the colleague's", async () => {
    const { hostile, logId, azad } = world;
    const { device } = azad.unlocked().deviceVault();
    const forged = await hostile.rami.forge(logId, [raised("Mischief.")], { header: { device } });
    await hostile.rami.push(logId, forged);
    await write(azad, logId, "of-azad");
    const { kinds, notices } = await seenByHonest(world);
    expect(kinds).toEqual([]);
    expect(notices).not.toContain("DeviceCopied");
    await expectGoingOn(world);
  });

  it("that one of two keys opens is damage to all, whoever holds the other", async () => {
    const { hostile, logId } = world;
    const forged = await hostile.rami.forge(logId, [raised("For some eyes.")], {
      caseKey: makeCaseKey(seededRandomness("another key")),
    });
    await hostile.rami.push(logId, forged);
    const { kinds, state, notices, isBehind } = await seenByHonest(world);
    expect({ kinds, isBehind, said: state.risk.said }).toEqual({ kinds: ["damaged"], isBehind: false, said: [] });
    expect(notices).toContain("DamagedEntry");
    await expectGoingOn(world);
  });

  it("of which there are two under one counter is set aside, both of them, and only that device's", async () => {
    const { hostile, logId, rami } = world;
    const one = await hostile.rami.forge(logId, [noted("To Azad.")]);
    const two = await hostile.rami.forge(logId, [noted("To Shilan.")]);
    expect(one.header.counter).toBe(two.header.counter);
    put(one, two);
    const { kinds, state } = await seenByHonest(world);
    expect(kinds).toEqual(["quarantined", "quarantined"]);
    expect([...state.notes.saidById]).toEqual([]);
    await write(rami, logId, "from-the-true-device");
    await syncAll(rami);
    expect((await seenByHonest(world)).state.facts.saidByFact.size).toBe(2);
    await expectGoingOn(world);
  });

  it("takes back no level they raised, no consent they recorded as withdrawn and no contact they found unsafe", async () => {
    const { hostile, logId, azad, shilan, rami, ids } = world;
    const withdrawn = event("ConsentWithdrawn", { whose: "survivor", purpose: "removal", toldWhatStops: true });
    const unsafe = event("SafeContactUnsafe", { because: "He answered." });
    const said = await hostile.rami.forge(logId, [raised("Threats."), withdrawn, unsafe, noted("Beside them.")]);
    put(said);
    const careful = ({ state }: Awaited<ReturnType<typeof seenByHonest>>) => [
      riskLevel(state),
      [...state.consent.saidByWhoseAndPurpose.keys()],
      safeContactOf(state, world.now()).kind,
      state.notes.saidById.size,
    ];
    const before = await seenByHonest(world);
    expect([before.kinds, careful(before)]).toEqual([[], ["high", ["survivor/removal"], "unsafe", 1]]);
    put(await hostile.rami.forge(logId, [noted("Something else.")], { header: { counter: said.header.counter } }));
    const after = await seenByHonest(world);
    const stands = ["high", ["survivor/removal"], "unsafe", 0];
    expect([after.kinds, careful(after)]).toEqual([["quarantined", "quarantined"], stands]);
    // Whoever learns of both at once believes the same.
    await syncAll(world.nour);
    expect((await beliefOf(world.nour, logId)).state).toEqual(after.state);
    // Nor once they are taken out of the case: whoever did that had seen it.
    must(await shilan.device().takeAccess(logId, { kind: "person", person: ids.rami }));
    await syncAll(shilan, azad, rami);
    expect(careful(await seenByHonest(world))).toEqual(stands);
    // And whoever has seen it answers it, as anybody's word.
    const lowering = { type: "ProposeLowerRisk", level: "normal", because: "He is in prison." } as const;
    must(await shilan.device().tell(logId, lowering));
    await syncAll(shilan, azad);
    const [proposal] = [...(await seenByHonest(world)).state.approvals.proposalsByEntry.values()].map(
      ({ mark }) => mark.entry,
    );
    assert(proposal !== undefined, "A lower level was proposed.");
    must(await azad.device().tell(logId, { type: "Approve", proposal, what: "risk-lowering" }));
    await syncAll(azad, shilan);
    expect(riskLevel((await seenByHonest(world)).state)).toBe("normal");
    await expectGoingOn(world);
  });

  it("takes back no answer of no, and no decision against that a supervisor approved; a yes they do", async () => {
    const { hostile, logId, azad } = world;
    const answered = (purpose: string, answer: string): SealedEvent => {
      const { type: _type, ...told } = { ...consent("removal", "T-stopncii"), purpose, answer };
      return event("ConsentRecorded", told);
    };
    const decided = ({ state }: Awaited<ReturnType<typeof seenByHonest>>) => [
      consentStanding(state, world.now(), "survivor", "removal", "T-stopncii").kind,
      consentStanding(state, world.now(), "survivor", "referral", "T-stopncii").kind,
      isDecidedAgainst(state, "removal", "T-stopncii"),
    ];
    const answers = await hostile.rami.forge(logId, [answered("removal", "no"), answered("referral", "yes")]);
    put(answers);
    const { counter } = answers.header;
    const { type: _command, ...against } = bestInterests("removal", "T-stopncii", { decision: "do-not" });
    const alone = event("BestInterestsProposed", against);
    const next = { counter: counter + 1, previous: answers.hash, parents: [] };
    const proposed = await hostile.rami.forge(logId, [alone, noted("Beside it.")], { header: next });
    put(proposed);
    await syncAll(azad);
    must(await azad.device().tell(logId, { type: "Approve", proposal: proposed.hash, what: "best-interests" }));
    expect(decided(await seenByHonest(world))).toEqual(["no", "yes", true]);
    put(await hostile.rami.forge(logId, [noted("Something else.")], { header: { counter } }));
    const after = await seenByHonest(world);
    expect([after.kinds, decided(after)]).toEqual([Array(3).fill("quarantined"), ["no", "none", true]]);
    // Two proposals in one entry say nothing certain: what was approved was the other one.
    const two = [event("RiskLoweringProposed", { level: "normal", because: "He is gone." }), alone];
    put(await hostile.rami.forge(logId, two, { header: { counter } }));
    expect((await seenByHonest(world)).state.approvals.proposalsByEntry.size).toBe(1);
    await expectGoingOn(world);
  });

  it("sends referrals to more providers than the caseload has room for, and keeps nobody from reading and writing", async () => {
    const { hostile, logId, azad } = world;
    const referrals = ["r-1", "r-2", "r-3"];
    const prepared = referrals.map((referral) =>
      event("ReferralPrepared", {
        ...{ referral, service: "mental-health", recipient: "p", fields: [], urgency: "now", reason: "None." },
      }),
    );
    const sent = referrals.flatMap((referral) =>
      Array.from({ length: 96 }, (_, at) =>
        event("ReferralSent", { referral, recipient: `${referral}-${at}-`.padEnd(128, "x"), fields: [] }),
      ),
    );
    let last = await hostile.rami.forge(logId, prepared);
    const entries = [last];
    for (let at = 0; at < sent.length; at += 8) {
      const next = { counter: last.header.counter + 1, previous: last.hash, parents: [] };
      last = await hostile.rami.forge(logId, sent.slice(at, at + 8), { header: next });
      entries.push(last);
    }
    put(...entries);
    const { state, kinds } = await seenByHonest(world);
    expect([kinds, state.referrals.stepsById.get("r-1")?.length]).toEqual([[], 96]);
    expect(must(await azad.device().listCases())).toMatchObject([{ logId }]);
    await expectGoingOn(world);
  });

  it("that says more than any command does is damage, and nothing of it counts", async () => {
    const { hostile, logId } = world;
    const many = Array.from({ length: 9 }, (_, at) => raised(`Threat ${at}.`));
    await hostile.rami.push(logId, await hostile.rami.forge(logId, many));
    const { kinds, state } = await seenByHonest(world);
    expect({ kinds, said: state.risk.said }).toEqual({ kinds: ["event-damaged"], said: [] });
    await expectGoingOn(world);
  });

  it("in the place of the one that opened the case makes it vanish from nobody's list, with what is due in it", async () => {
    const { shilan, azad, rami, logId, server } = world;
    must(await azad.device().tell(logId, { type: "RaiseRisk", level: "high", because: "He knows the address." }));
    await syncAll(azad, shilan, rami);
    const program = await clientOf(world, "a program of Shilan's", shilan);
    await program.readCase(logId);
    const opening = server.state.logs.get(logId)?.entries.find(({ header }) => header.kind === "content");
    assert(opening !== undefined, "The case was opened.");
    const { device, counter, previous } = opening.header;
    put(await program.forge(logId, [raised("Another beginning.")], { header: { device, counter, previous } }));
    for (const each of [azad, rami]) {
      await syncAll(each);
      expect(must(await each.device().viewCase(logId)).marks.map(({ kind }) => kind)).toContain("quarantined");
      const [row] = must(await each.device().listCases());
      expect([row?.stage, row?.level]).toEqual(["open", "high"]);
      expect(must(await each.device().due()).map(({ kind }) => kind)).toContain("risk-clock");
      must(await each.device().tell(logId, { type: "RecordRiskResponse", measures: "She is at her aunt's." }));
    }
    // Whoever carries it on gives it a code again.
    must(await azad.device().tell(logId, openingAgain(azad)));
    expect(must(await azad.device().listCases())[0]?.codes).toEqual(["KRI-2026-0044"]);
  });

  it("that inflates to forty million bytes is damage, and holds up nobody", async () => {
    const { hostile, logId } = world;
    // All that it says is well formed: whoever inflates it whole reads an event of theirs, and finds it too long.
    const event = ["RiskRaised", 1, { level: "high", because: "x".repeat(40_000_000) }];
    const bomb = await platformDeflate.deflate(encodeCbor([1_795_255_200_000, [event]]));
    const deflate = { ...platformDeflate, deflate: () => Promise.resolve(bomb) };
    await hostile.rami.push(logId, await hostile.rami.forge(logId, [raised("x".repeat(60_000))], { deflate }));
    const { kinds, isBehind } = await seenByHonest(world);
    expect({ kinds, isBehind }).toEqual({ kinds: ["damaged"], isBehind: false });
    await expectGoingOn(world);
  });

  it("with anything at all for what happened changes nothing but a mark", async () => {
    const { hostile, logId } = world;
    const expected = new Map<EntryHash, string>();
    for (const [payload, mark, deflate = platformDeflate] of poisons) {
      const entry = await hostile.rami.forge(logId, [payload], { deflate });
      await hostile.rami.push(logId, entry);
      expected.set(entry.hash, mark);
    }
    const { marks, state } = await seenByHonest(world);
    expect(new Map(marks.map(({ entry, kind }) => [entry, kind]))).toEqual(expected);
    expect(state.risk.said).toEqual([]);
    expect(({} as Record<string, unknown>)["level"]).toBeUndefined();
    await expectGoingOn(world);
  });

  it.each([
    ["type", event("constructor", {})],
    ["version", event("RiskRaised", { level: "high", because: "x" }, 99)],
  ])(
    "of a %s that nobody knows is named, and holds up nobody once a supervisor leaves it unread",
    async (_what, payload) => {
      const { hostile, logId } = world;
      const forged = await hostile.rami.forge(logId, [payload]);
      await hostile.rami.push(logId, forged);
      const { kinds, state, isBehind } = await seenByHonest(world);
      expect({ kinds, said: state.risk.said, isBehind }).toEqual({ kinds: ["newer"], said: [], isBehind: true });
      await expectWriting(world);
      await leaveUnread(forged.hash, "rami");
      expect((await seenByHonest(world)).kinds).toEqual(["newer"]);
      await expectGoingOn(world);
    },
  );

  it("under an organisation that does not exist holds up nobody once a supervisor leaves it unread", async () => {
    const { hostile, logId } = world;
    const organisationHead = "ab".repeat(32) as EntryHash; // 64 hexadecimal digits are a hash.
    const forged = await hostile.rami.forge(logId, [raised("As of nowhere.")], { header: { organisationHead } });
    put(forged);
    const { kinds, state, isBehind } = await seenByHonest(world);
    expect({ kinds, said: state.risk.said, isBehind }).toEqual({
      kinds: ["organisation-unknown"],
      said: [],
      isBehind: true,
    });
    await expectWriting(world);
    await leaveUnread(forged.hash, "rami");
    await expectGoingOn(world);
  });

  it("with invented parents waits, and keeps nobody from writing", async () => {
    const { hostile, logId } = world;
    const parents = ["ab".repeat(32) as EntryHash]; // 64 hexadecimal digits are a hash.
    put(await hostile.rami.forge(logId, [raised("Mischief.")], { header: { parents } }));
    const { kinds, state, isBehind } = await seenByHonest(world);
    expect({ kinds, said: state.risk.said }).toEqual({ kinds: ["waiting"], said: [] });
    expect(isBehind).toBe(true);
    await expectWriting(world);
  });

  it("as of an organisation of before, which they have already seen changed, has no say", async () => {
    const { hostile, logId, organisation, nour, server } = world;
    const early = server.state.logs.get(organisation)?.tip;
    await act(nour, [{ type: "PersonNamed", person: world.ids.sara, name: "Sara" }]);
    await hostile.rami.push(
      logId,
      await hostile.rami.forge(logId, [event("RiskRaised", { level: "medium", because: "x" })]),
    );
    const back = await hostile.rami.forge(logId, [raised("As before.")], { header: { organisationHead: early } });
    await hostile.rami.push(logId, back);
    const { marks, state } = await seenByHonest(world);
    expect(marks).toEqual([{ entry: back.hash, kind: "without-authority" }]);
    expect(state.risk.said).toHaveLength(1);
    await expectGoingOn(world);
  });

  it("after they were taken out of the case counts for nothing, though they keep every key they had", async () => {
    const { hostile, logId, shilan, ids } = world;
    must(await shilan.device().takeAccess(logId, { kind: "person", person: ids.rami }));
    const before = await hostile.rami.forge(logId, [raised("Kept back, of before.")]);
    await syncAll(shilan, world.azad);
    put(before);
    const { kinds, state } = await seenByHonest(world);
    expect(kinds).toEqual(["quarantined"]);
    expect(state.risk.said).toEqual([]);
    await expectGoingOn(world);
    // What was written since is under a key that they do not have.
    expect(hostile.rami.keys.has(newestCommitment(world))).toBe(false);
  });
});
