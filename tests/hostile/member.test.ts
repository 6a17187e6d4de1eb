/**
 * A member with a client of their own (SECURITY §6.2): whatever they seal and send has no effect on others but a mark.
 *
 * Nour supervises and has been bribed; Rami is a caseworker who reads the case; Sara is enrolled and reads none. They
 * write with the vault directly. Azad and Shilan are honest, on devices as they ship.
 */

import type { CaseCommand, CaseEvent } from "@amana/casefile";
import { assert } from "@amana/kernel";
import {
  encodeCbor,
  encodeEntry,
  fromAscii,
  fromHex,
  scopeOfConfirmation,
  scopeOfProposal,
  toHex,
  type CborValue,
  type EntryHash,
  type LogId,
  type SealedEntry,
} from "@amana/log";
import {
  entryKeyOf,
  makeCaseKey,
  makeReceivingKey,
  platformDeflate,
  shreddingKey,
  wrap,
  writeCaseControlEvent,
  writeOrganisationEvent,
  type Deflate,
  type EpochMember,
  type PersonId,
  type SealedEvent,
} from "@amana/vault";
import { beforeEach, describe, expect, it } from "vitest";
import { riskLevel } from "../../packages/casefile/src/risk/risk.ts";
import { safeContactOf } from "../../packages/casefile/src/survivor/safe-contact.ts";
import { consentStanding, isDecidedAgainst } from "../../packages/casefile/src/consent/standing.ts";
import { bestInterests, consent, openCase } from "../../packages/casefile/src/testing/commands.ts";
import { codeOf } from "../../packages/casefile/src/testing/people.ts";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { appendTo } from "../device/memory-server/state.ts";
import {
  act,
  invite,
  makeCaseWorld,
  must,
  openNewCase,
  syncAll,
  type CaseWorld,
  type Handset,
} from "../device/case-world.ts";
import { clientOf, falseWrap } from "./client-of.ts";
import type { HostileMember } from "./hostile-member.ts";
import { withHeader } from "./misdeeds.ts";
import { beliefOf, sightOf, write } from "./hostile-world.ts";

type Bribed = CaseWorld & {
  readonly logId: LogId;
  readonly organisation: LogId;
  readonly rami: Handset;
  readonly ids: Readonly<Record<"nour" | "azad" | "shilan" | "rami" | "sara", PersonId>>;
  /** The hostile clients of those three, on devices of their own. */
  readonly hostile: Readonly<Record<"nour" | "rami" | "sara", HostileMember>>;
};

let world: Bribed;
let stories = 0;

beforeEach(async () => {
  world = await bribe(`member ${stories++}`);
});

const bribe = async (seed: string): Promise<Bribed> => {
  const { handset, ...started } = await makeCaseWorld(seed);
  const { nour, azad, shilan } = started;
  const [rami, sara] = [handset("rami"), handset("sara")];
  await invite(nour, rami);
  await invite(nour, sara);
  await syncAll(nour, azad, shilan, rami, sara);
  const logId = await openNewCase(shilan);
  must(await shilan.device().giveAccess(logId, { kind: "person", person: await personOf(rami) }));
  await write(shilan, logId, "first");
  await syncAll(shilan, nour, azad, rami);
  const known = nour.unlocked().organisation();
  assert(known !== undefined, "The organisation was founded.");
  const organisation = known.logId;
  const hostile = {
    nour: await clientOf(started, `${seed} hostile nour`, nour),
    rami: await clientOf(started, `${seed} hostile rami`, rami),
    sara: await clientOf(started, `${seed} hostile sara`, sara),
  };
  for (const client of [hostile.nour, hostile.rami]) await client.readCase(logId);
  const ids = {
    nour: await personOf(nour),
    azad: await personOf(azad),
    shilan: await personOf(shilan),
    rami: await personOf(rami),
    sara: await personOf(sara),
  };
  return { ...started, handset, logId, organisation, rami, ids, hostile };
};

const personOf = async ({ device }: Handset): Promise<PersonId> => {
  const person = must(await device().ownPerson());
  assert(person !== undefined, "Everybody here is enrolled.");
  return person;
};

const event = (type: CaseEvent["type"] | (string & {}), data: CborValue, version = 1): SealedEvent => ({
  type,
  version,
  data,
});
const raised = (because: string): SealedEvent => event("RiskRaised", { level: "high", because });
const noted = (text: string): SealedEvent => event("NoteWritten", { note: `note-${text.length}`, about: "case", text });

/** What the honest see; they see the same, and go on writing. */
const seenByHonest = async () => {
  const { azad, shilan, logId } = world;
  await syncAll(azad, shilan);
  const [one, other] = [await beliefOf(azad, logId), await beliefOf(shilan, logId)];
  expect(one.state).toEqual(other.state);
  expect(one.marks).toEqual(other.marks);
  expect(one.openers).toEqual(other.openers);
  expect(one.organisation).toEqual(other.organisation);
  const notices = [azad, shilan].flatMap(({ device }) =>
    device()
      .notices()
      .map(({ type }) => type),
  );
  return { ...one, kinds: one.marks.map(({ kind }) => kind).sort(), notices };
};

/** What is written afterwards by somebody honest is read by the other. */
const expectWriting = async (): Promise<void> => {
  const { azad, shilan, logId } = world;
  await write(shilan, logId, "going-on");
  await syncAll(shilan, azad);
  expect((await sightOf(azad, logId)).facts).toContain("going-on");
  await seenByHonest();
};

/** And nothing rests on something that is not there. */
const expectGoingOn = async (): Promise<void> => {
  await expectWriting();
  expect((await sightOf(world.azad, world.logId)).isBehind).toBe(false);
};

const proposeLowering = async (): Promise<EntryHash> => {
  const { shilan, azad, logId } = world;
  must(await shilan.device().tell(logId, { type: "RaiseRisk", level: "high", because: "He knows the address." }));
  must(await shilan.device().tell(logId, { type: "ProposeLowerRisk", level: "normal", because: "He is far away." }));
  await syncAll(shilan, azad);
  const [proposal] = [...must(await azad.device().viewCase(logId)).state.approvals.proposalsByEntry.keys()];
  assert(proposal !== undefined, "It was proposed.");
  return proposal as EntryHash;
};

const approval = (proposal: EntryHash): SealedEvent => event("ApprovalGiven", { proposal, what: "risk-lowering" });

describe("a hostile member's approval", () => {
  it.each(["rami", "sara"] as const)("without the role for it (%s) approves nothing", async (name) => {
    const { hostile, logId } = world;
    const proposal = await proposeLowering();
    await withServed(async () => {
      const caseKey = name === "sara" ? { caseKey: keyOfCase() } : {};
      await hostile[name].push(logId, await hostile[name].forge(logId, [approval(proposal)], caseKey));
    });
    const seen = await seenByHonest();
    expect(seen.state.approvals.answersByEntry.size).toBe(0);
    expect(seen.kinds).toEqual(name === "sara" ? ["without-authority"] : []);
    await expectGoingOn();
  });

  it("of one's own proposal, from a second device, approves nothing", async () => {
    const { hostile, logId } = world;
    const { nour } = hostile;
    await nour.push(logId, await nour.forge(logId, [raised("He has asked for money.")]));
    const proposal = await nour.forge(logId, [event("RiskLoweringProposed", { level: "normal", because: "Bribed." })]);
    await nour.push(logId, proposal);
    const tablet = await clientOf(world, "a second device of nour", world.nour);
    await tablet.readCase(logId);
    await tablet.push(logId, await tablet.forge(logId, [approval(proposal.hash)]));
    const { state } = await seenByHonest();
    expect(state.approvals.proposalsByEntry.has(proposal.hash)).toBe(true);
    expect(state.approvals.answersByEntry.size).toBe(0);
    await expectGoingOn();
  });

  it("of what they say they had not seen approves nothing", async () => {
    const { hostile, logId } = world;
    const proposal = await proposeLowering();
    const proposed = world.server.state.logs.get(logId)?.entries.find(({ hash }) => hash === proposal);
    const before = proposed?.header.previous;
    assert(before !== undefined, "The risk was raised before.");
    // Of two that do not know of each other the smaller hash comes first: this one comes after what it approves.
    let given = await hostile.nour.forge(logId, [approval(proposal)], { header: { parents: [before] } });
    while (given.hash < proposal)
      given = await hostile.nour.forge(logId, [approval(proposal)], { header: { parents: [before] } });
    await hostile.nour.push(logId, given);
    expect((await seenByHonest()).state.approvals.answersByEntry.size).toBe(0);
    await expectGoingOn();
  });

  it("in another's name is nobody's", async () => {
    const { hostile, logId, azad, server } = world;
    const proposal = await proposeLowering();
    const forged = await hostile.rami.forge(logId, [approval(proposal)]);
    const { keyId } = azad.unlocked().own.identityKey;
    const substituted = withHeader(forged, { author: keyId });
    await hostile.rami.push(logId, substituted);
    const { kinds, state } = await seenByHonest();
    expect(state.approvals.answersByEntry.size).toBe(0);
    expect(kinds).toEqual(["unauthentic"]);
    expect(server.state.logs.get(logId)?.places.has(substituted.hash)).toBe(true);
    await expectGoingOn();
  });
});

/** Names the key of the newest epoch, as everybody sees it. */
const newestCommitment = (): string => {
  const { entries } = world.server.state.logs.get(world.logId) ?? { entries: [] };
  const begun = entries.findLast(({ header }) => header.keyCommitment !== undefined);
  assert(begun?.header.keyCommitment !== undefined, "The case has begun.");
  return toHex(begun.header.keyCommitment);
};

/** By Azad, who did not write it: everybody is told what holds them up, and whose it is. */
const leaveUnread = async (entry: EntryHash, author: keyof Bribed["ids"]): Promise<void> => {
  const { azad, shilan, logId, ids } = world;
  expect(must(await azad.device().peopleWhoCanRead(logId)).heldUpBy).toEqual([{ entry, by: ids[author] }]);
  must(await azad.device().leaveUnread(logId, [entry]));
  await syncAll(azad, shilan);
  expect(must(await azad.device().pendingChanges())).toEqual([]);
};

/** The key of the newest epoch, as an accomplice would hand it on. */
const keyOfCase = () => {
  const key = world.hostile.rami.keys.get(newestCommitment());
  assert(key !== undefined, "Rami reads the case.");
  return key;
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
    const { kinds, notices } = await seenByHonest();
    expect(kinds).toEqual([]);
    expect(notices).not.toContain("DeviceCopied");
    await expectGoingOn();
  });

  it("that one of two keys opens is damage to all, whoever holds the other", async () => {
    const { hostile, logId } = world;
    const forged = await hostile.rami.forge(logId, [raised("For some eyes.")], {
      caseKey: makeCaseKey(seededRandomness("another key")),
    });
    await hostile.rami.push(logId, forged);
    const { kinds, state, notices, isBehind } = await seenByHonest();
    expect({ kinds, isBehind, said: state.risk.said }).toEqual({ kinds: ["damaged"], isBehind: false, said: [] });
    expect(notices).toContain("DamagedEntry");
    await expectGoingOn();
  });

  it("of which there are two under one counter is set aside, both of them, and only that device's", async () => {
    const { hostile, logId, rami } = world;
    const one = await hostile.rami.forge(logId, [noted("To Azad.")]);
    const two = await hostile.rami.forge(logId, [noted("To Shilan.")]);
    expect(one.header.counter).toBe(two.header.counter);
    put(one, two);
    const { kinds, state } = await seenByHonest();
    expect(kinds).toEqual(["quarantined", "quarantined"]);
    expect([...state.notes.saidById]).toEqual([]);
    await write(rami, logId, "from-the-true-device");
    await syncAll(rami);
    expect((await seenByHonest()).state.facts.saidByFact.size).toBe(2);
    await expectGoingOn();
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
    const before = await seenByHonest();
    expect([before.kinds, careful(before)]).toEqual([[], ["high", ["survivor/removal"], "unsafe", 1]]);
    put(await hostile.rami.forge(logId, [noted("Something else.")], { header: { counter: said.header.counter } }));
    const after = await seenByHonest();
    const stands = ["high", ["survivor/removal"], "unsafe", 0];
    expect([after.kinds, careful(after)]).toEqual([["quarantined", "quarantined"], stands]);
    // Whoever learns of both at once believes the same.
    await syncAll(world.nour);
    expect((await beliefOf(world.nour, logId)).state).toEqual(after.state);
    // Nor once they are taken out of the case: whoever did that had seen it.
    must(await shilan.device().takeAccess(logId, { kind: "person", person: ids.rami }));
    await syncAll(shilan, azad, rami);
    expect(careful(await seenByHonest())).toEqual(stands);
    // And whoever has seen it answers it, as anybody's word.
    const lowering = { type: "ProposeLowerRisk", level: "normal", because: "He is in prison." } as const;
    must(await shilan.device().tell(logId, lowering));
    await syncAll(shilan, azad);
    const [proposal] = [...(await seenByHonest()).state.approvals.proposalsByEntry.values()].map(
      ({ mark }) => mark.entry,
    );
    assert(proposal !== undefined, "A lower level was proposed.");
    must(await azad.device().tell(logId, { type: "Approve", proposal, what: "risk-lowering" }));
    await syncAll(azad, shilan);
    expect(riskLevel((await seenByHonest()).state)).toBe("normal");
    await expectGoingOn();
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
    expect(decided(await seenByHonest())).toEqual(["no", "yes", true]);
    put(await hostile.rami.forge(logId, [noted("Something else.")], { header: { counter } }));
    const after = await seenByHonest();
    expect([after.kinds, decided(after)]).toEqual([Array(3).fill("quarantined"), ["no", "none", true]]);
    // Two proposals in one entry say nothing certain: what was approved was the other one.
    const two = [event("RiskLoweringProposed", { level: "normal", because: "He is gone." }), alone];
    put(await hostile.rami.forge(logId, two, { header: { counter } }));
    expect((await seenByHonest()).state.approvals.proposalsByEntry.size).toBe(1);
    await expectGoingOn();
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
    const { state, kinds } = await seenByHonest();
    expect([kinds, state.referrals.stepsById.get("r-1")?.length]).toEqual([[], 96]);
    expect(must(await azad.device().listCases())).toMatchObject([{ logId }]);
    await expectGoingOn();
  });

  it("that says more than any command does is damage, and nothing of it counts", async () => {
    const { hostile, logId } = world;
    const many = Array.from({ length: 9 }, (_, at) => raised(`Threat ${at}.`));
    await hostile.rami.push(logId, await hostile.rami.forge(logId, many));
    const { kinds, state } = await seenByHonest();
    expect({ kinds, said: state.risk.said }).toEqual({ kinds: ["event-damaged"], said: [] });
    await expectGoingOn();
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
    const { kinds, isBehind } = await seenByHonest();
    expect({ kinds, isBehind }).toEqual({ kinds: ["damaged"], isBehind: false });
    await expectGoingOn();
  });

  it("with anything at all for what happened changes nothing but a mark", async () => {
    const { hostile, logId } = world;
    const expected = new Map<EntryHash, string>();
    for (const [payload, mark, deflate = platformDeflate] of poisons) {
      const entry = await hostile.rami.forge(logId, [payload], { deflate });
      await hostile.rami.push(logId, entry);
      expected.set(entry.hash, mark);
    }
    const { marks, state } = await seenByHonest();
    expect(new Map(marks.map(({ entry, kind }) => [entry, kind]))).toEqual(expected);
    expect(state.risk.said).toEqual([]);
    expect(({} as Record<string, unknown>)["level"]).toBeUndefined();
    await expectGoingOn();
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
      const { kinds, state, isBehind } = await seenByHonest();
      expect({ kinds, said: state.risk.said, isBehind }).toEqual({ kinds: ["newer"], said: [], isBehind: true });
      await expectWriting();
      await leaveUnread(forged.hash, "rami");
      expect((await seenByHonest()).kinds).toEqual(["newer"]);
      await expectGoingOn();
    },
  );

  it("under an organisation that does not exist holds up nobody once a supervisor leaves it unread", async () => {
    const { hostile, logId } = world;
    const organisationHead = "ab".repeat(32) as EntryHash; // 64 hexadecimal digits are a hash.
    const forged = await hostile.rami.forge(logId, [raised("As of nowhere.")], { header: { organisationHead } });
    put(forged);
    const { kinds, state, isBehind } = await seenByHonest();
    expect({ kinds, said: state.risk.said, isBehind }).toEqual({
      kinds: ["organisation-unknown"],
      said: [],
      isBehind: true,
    });
    await expectWriting();
    await leaveUnread(forged.hash, "rami");
    await expectGoingOn();
  });

  it("with invented parents waits, and keeps nobody from writing", async () => {
    const { hostile, logId } = world;
    const parents = ["ab".repeat(32) as EntryHash]; // 64 hexadecimal digits are a hash.
    put(await hostile.rami.forge(logId, [raised("Mischief.")], { header: { parents } }));
    const { kinds, state, isBehind } = await seenByHonest();
    expect({ kinds, said: state.risk.said }).toEqual({ kinds: ["waiting"], said: [] });
    expect(isBehind).toBe(true);
    await expectWriting();
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
    const { marks, state } = await seenByHonest();
    expect(marks).toEqual([{ entry: back.hash, kind: "without-authority" }]);
    expect(state.risk.said).toHaveLength(1);
    await expectGoingOn();
  });

  it("after they were taken out of the case counts for nothing, though they keep every key they had", async () => {
    const { hostile, logId, shilan, ids } = world;
    must(await shilan.device().takeAccess(logId, { kind: "person", person: ids.rami }));
    const before = await hostile.rami.forge(logId, [raised("Kept back, of before.")]);
    await syncAll(shilan, world.azad);
    put(before);
    const { kinds, state } = await seenByHonest();
    expect(kinds).toEqual(["quarantined"]);
    expect(state.risk.said).toEqual([]);
    await expectGoingOn();
    // What was written since is under a key that they do not have.
    expect(hostile.rami.keys.has(newestCommitment())).toBe(false);
  });
});

const control = writeCaseControlEvent;
const personMember = ({ unlocked }: Handset): EpochMember => ({
  kind: "person",
  keyId: unlocked().own.receivingKey.keyId,
});

describe("a hostile member's control entry", () => {
  it("that begins an epoch gives the case no single opener, no stranger, and none by who may not", async () => {
    const { hostile, logId, rami, nour, azad } = world;
    const stranger: EpochMember = { kind: "person", keyId: (await makeReceivingKey(seededRandomness("x"))).keyId };
    const before = (await seenByHonest()).openers;
    const begun = async (by: HostileMember, members: readonly EpochMember[]) => {
      const key = makeCaseKey(seededRandomness(`epoch ${attempts++}`));
      const recipients = [nour, azad, world.shilan, rami].map(({ unlocked }) => unlocked().own.receivingKey);
      const author = by.own.identityKey;
      const wraps = await Promise.all(
        recipients.map((recipient) =>
          wrap({ purpose: "key-wrap", logId, key, recipient, author }, seededRandomness(recipient.keyId)),
        ),
      );
      const event = control({ type: "EpochBegun", members, cut: [], reason: "" });
      return by.appendControl(logId, [event], { beginsEpoch: true, caseKey: key, wraps });
    };
    let attempts = 0;
    // Each breaks one rule and keeps the others, so that no rule is covered by another.
    const alone = await begun(hostile.nour, [personMember(nour)]);
    const strange = await begun(hostile.rami, [rami, nour, azad].map(personMember).concat(stranger));
    const without = await begun(hostile.rami, [nour, azad].map(personMember));
    const unwatched = await begun(hostile.rami, [rami, world.shilan].map(personMember));
    const sara: EpochMember = { kind: "person", keyId: hostile.sara.own.receivingKey.keyId };
    const outside = await withServed(() => begun(hostile.sara, [nour, azad].map(personMember).concat(sara)));
    const { marks, openers } = await seenByHonest();
    const flagged = marks.filter(({ kind }) => kind === "without-authority").map(({ entry }) => entry);
    expect(new Set(flagged)).toEqual(new Set([alone, strange, without, unwatched, outside].map(({ hash }) => hash)));
    expect(openers).toEqual(before);
    // It stands in the history of who could open the case, with who tried it.
    const { history } = must(await azad.device().peopleWhoCanRead(logId));
    const tried = history.filter(({ standing }) => standing === "without-authority");
    expect(tried.map(({ entry, by, given }) => [entry, by, given])).toContainEqual([alone.hash, world.ids.nour, []]);
    expect(tried).toHaveLength(5);
    await expectGoingOn();
  });

  it("that proposes an erasure and confirms it erases nothing, here or at the server", async () => {
    const { hostile, logId, server } = world;
    const entries = [...(server.state.logs.get(logId)?.entries ?? [])]
      .filter(({ header }) => header.kind === "content")
      .map(({ hash }) => hash);
    const scope = { logId, entries };
    const proposes = { header: { destroys: scopeOfProposal(scope) } };
    const proposal = await hostile.nour.appendControl(logId, [control({ type: "ErasureProposed", entries })], proposes);
    const confirmed = control({ type: "ErasureConfirmed", proposal: proposal.hash });
    const tablet = await clientOf(world, "a second device of nour", world.nour);
    await tablet.readCase(logId);
    const confirms = { header: { destroys: scopeOfConfirmation(scope, proposal.hash) } };
    const confirmation = await tablet.appendControl(logId, [confirmed], confirms);
    const asked = { logId, proposal: proposal.hash, confirmation: confirmation.hash, entries };
    expect((await hostile.nour.call("erase", asked)).ok).toBe(false);
    const { marks, state } = await seenByHonest();
    expect(marks).toEqual([{ entry: confirmation.hash, kind: "without-authority" }]);
    expect(state.facts.saidByFact.size).toBe(1);
    expect(server.state.ledger).toEqual([]);
    await expectGoingOn();
  });

  it("whose proposal shows one entry and asks for another in its header finds nobody's device that confirms it", async () => {
    const { hostile, logId, azad } = world;
    const [shown, meant] = [...(world.server.state.logs.get(logId)?.entries ?? [])].map(({ hash }) => hash);
    assert(shown !== undefined && meant !== undefined, "The case has entries.");
    const destroys = scopeOfProposal({ logId, entries: [meant] });
    const said = control({ type: "ErasureProposed", entries: [shown] });
    const proposal = await hostile.nour.appendControl(logId, [said], { header: { destroys } });
    must(await azad.device().sync());
    must(await azad.device().confirmErasure(logId, proposal.hash));
    must(await azad.device().sync());
    expect(must(await azad.device().pendingChanges()).map(({ refusedAs }) => refusedAs)).toEqual(["NotToConfirm"]);
  });

  it("that tells of a shredding nobody else agreed to shreds nothing, also on a device that has no keys", async () => {
    const { hostile, logId, organisation, server, azad } = world;
    const entries: readonly EntryHash[] = [];
    const proposal = await hostile.nour.appendControl(logId, [control({ type: "ErasureProposed", entries })]);
    const confirmed = control({ type: "ErasureConfirmed", proposal: proposal.hash });
    const confirmation = await hostile.nour.appendControl(logId, [confirmed]);
    const caseKey = hostile.nour.keys.get(newestCommitment());
    const { keyCommitment } = server.state.logs.get(organisation)?.entries[0]?.header ?? {};
    const organisationKey = keyCommitment === undefined ? undefined : hostile.nour.keys.get(toHex(keyCommitment));
    assert(caseKey !== undefined && organisationKey !== undefined, "Nour reads both logs.");
    const [first] = (await hostile.nour.entriesOf(logId)).flatMap((each) =>
      each.kind === "entry" ? [each.entry] : [],
    );
    assert(first !== undefined, "The case has begun.");
    const told = [first, proposal, confirmation].map(async (entry) => {
      return { entry: entry.hash, key: await entryKeyOf(entry, caseKey) };
    });
    const keys = await Promise.all(told);
    const tell = control({ type: "ShreddingTold", confirmation: confirmation.hash, keys });
    const sealing = { beginsEpoch: true, caseKey: await shreddingKey(organisationKey, logId) };
    const telling = await hostile.nour.appendControl(logId, [tell], sealing);
    const { marks, state } = await seenByHonest();
    const worthless = [confirmation, telling].map(({ hash }) => ({ entry: hash, kind: "without-authority" }));
    expect(marks).toEqual(worthless.sort((one, other) => (one.entry < other.entry ? -1 : 1)));
    expect(state.facts.saidByFact.size).toBe(1);
    // The server helps: it keeps the keys back from a new device, which can read what was told and nothing else.
    const log = server.state.logs.get(logId);
    assert(log !== undefined, "The case has begun.");
    const kept = log.wraps.splice(0);
    const tablet = world.handset("azad's tablet");
    const digits = must(await azad.device().kit());
    must(
      await tablet
        .device()
        .enrolWithKit({ digits, password: "the river runs past four white houses", language: "ckb" }),
    );
    must(await tablet.device().sync());
    expect(must(await tablet.device().viewCase(logId))).toMatchObject({ isShredded: false, isBehind: true });
    log.wraps.push(...kept);
    await expectGoingOn();
  });

  it("by who keeps nothing, in the organisation's log, holds up nobody: not spoiled, and not under a key of its own", async () => {
    const { hostile, organisation, nour, ids } = world;
    const met = [writeOrganisationEvent({ type: "PersonMet", person: ids.rami })];
    const ownKey = () => makeCaseKey(seededRandomness("Sara's own key"));
    const spoiled = await hostile.sara.appendControl(organisation, met, { caseKey: ownKey() });
    const begun = await hostile.sara.appendControl(organisation, met, { beginsEpoch: true, caseKey: ownKey() });
    const seen = await seenByHonest();
    expect(seen.isBehind).toBe(false);
    expect(seen.organisation?.withoutAuthority).toEqual(expect.arrayContaining([spoiled.hash, begun.hash]));
    await expectGoingOn();
    // Those who keep the organisation go on as well, and can send Sara away.
    await syncAll(nour);
    expect(must(await nour.device().personLeft(ids.sara)).stands).toBe("counts");
    expect((await seenByHonest()).organisation?.people.get(ids.sara)?.hasLeft).toBe(true);
  });

  it("gives nobody a role of their own making", async () => {
    const { hostile, organisation, ids } = world;
    const before = (await seenByHonest()).organisation;
    const give = (person: PersonId) => [writeOrganisationEvent({ type: "RoleGiven", person, role: "supervisor" })];
    const own = await hostile.rami.appendControl(organisation, give(ids.rami));
    const proposed = await hostile.nour.appendControl(organisation, give(ids.sara));
    const tablet = await clientOf(world, "a second device of nour", world.nour);
    const confirmed = writeOrganisationEvent({ type: "Confirmed", proposal: proposed.hash });
    await tablet.appendControl(organisation, [confirmed]);
    const after = (await seenByHonest()).organisation;
    expect([...(after?.people.get(ids.rami)?.roles ?? [])]).toEqual(["caseworker"]);
    expect([...(after?.people.get(ids.sara)?.roles ?? [])]).toEqual(["caseworker"]);
    expect([...(after?.proposals.keys() ?? [])]).toEqual([proposed.hash]);
    expect(after?.withoutAuthority).toContain(own.hash);
    expect(after?.people).toEqual(before?.people);
    await expectGoingOn();
  });

  it("that hands colleagues a false key names whoever signed it, and a supervisor begins the next epoch", async () => {
    const { hostile, logId, nour, azad, shilan, ids } = world;
    const members = [nour, azad, shilan].map(personMember);
    const { nour: bribed } = hostile;
    const begins = { beginsEpoch: true, caseKey: makeCaseKey(seededRandomness("the epoch's key")) };
    const begun = control({ type: "EpochBegun", members, cut: [], reason: "" });
    const entry = await bribed.forge(logId, [begun], { ...begins, header: { kind: "control" } });
    const { keyCommitment } = entry.header;
    assert(keyCommitment !== undefined, "It begins an epoch.");
    const wraps = await Promise.all(
      [azad, shilan].map(({ unlocked }) => falseWrap(bribed, logId, keyCommitment, unlocked().own.receivingKey)),
    );
    const serving = members.map(({ keyId }) => keyId);
    await bribed.appendControl(logId, [begun], { ...begins, wraps, serving });
    await syncAll(azad, shilan);
    for (const each of [azad, shilan])
      expect(each.device().notices()).toContainEqual({ type: "FalseKey", logId, from: bribed.own.identityKey.keyId });
    const seen = await seenByHonest();
    expect(seen.isBehind).toBe(true);
    expect(seen.marks).toMatchObject([{ kind: "no-key" }]);
    expect([...seen.state.facts.saidByFact.keys()]).toEqual(["first"]);
    // What is written meanwhile is kept, and shown as not sent.
    await write(shilan, logId, "kept");
    await syncAll(shilan);
    const { state, unsent } = must(await shilan.device().viewCase(logId));
    expect([[...state.facts.saidByFact.keys()].sort(), unsent.length]).toEqual([["first", "kept"], 1]);
    for (const each of [azad, shilan])
      expect(each.device().notices()).toContainEqual({ type: "EpochWithoutKey", logId, by: ids.nour });
    // Nothing changes who reads until a person has looked at who reads from then on.
    must(await azad.device().giveAccess(logId, { kind: "person", person: ids.sara }));
    await syncAll(azad, shilan);
    expect(must(await azad.device().pendingChanges())).toMatchObject([{ refusedAs: "EpochUnread" }]);
    must(await azad.device().passOverEpoch(logId));
    await syncAll(azad, shilan, azad);
    expect(must(await shilan.device().viewCase(logId)).unsent).toEqual([]);
    expect((await sightOf(azad, logId)).facts).toContain("kept");
    expect(must(await azad.device().pendingChanges())).toEqual([]);
    await expectGoingOn();
    // What its maker still writes under it is for nobody, and holds up nobody.
    await bribed.push(logId, await bribed.forge(logId, [raised("For nobody.")], { caseKey: begins.caseKey }));
    await expectGoingOn();
  });
});

/** The server is Sara's accomplice, and serves her the case. */
const withServed = async <T>(act: () => Promise<T>): Promise<T> => {
  const log = world.server.state.logs.get(world.logId);
  assert(log !== undefined, "The case has begun.");
  log.serving = new Set([...log.serving, world.hostile.sara.own.receivingKey.keyId]);
  return act();
};
