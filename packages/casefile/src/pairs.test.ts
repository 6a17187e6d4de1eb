/**
 * Every command beside every other, given at once by two people who do not know of each other (SECURITY §3): both orders end the
 * same, both are kept, and whatever either of them closed, withdrew, raised or found unsafe stays so.
 */

import { describe, expect, test } from "vitest";
import { isClosed } from "./closure/closure.ts";
import { type CaseCommand, subjectOf } from "./command.ts";
import { isAgreed } from "./consent/require.ts";
import { recipientsNamed } from "./consent/standing.ts";
import { decide } from "./decide.ts";
import { type CaseEntry, foldCase } from "./evolve.ts";
import type { EntryHash } from "./ids.ts";
import { referralsOf } from "./referrals/referrals.ts";
import { transfersToBeStopped } from "./responsibility/responsibility.ts";
import { isHigher, riskLevel } from "./risk/risk.ts";
import type { CaseState } from "./state.ts";
import { narrowingsToTell } from "./sharing/sharing.ts";
import { safeContactOf } from "./survivor/safe-contact.ts";
import { adviceFor } from "./testing/advice.ts";
import {
  adultReadyToAct,
  assent,
  assessment,
  bestInterests,
  childReadyToAct,
  closeCase,
  consent,
  digitalItem,
  emergencyCall,
  goal,
  guardianConsent,
  lawStep,
  legalRisk,
  openCase,
  recordFact,
  referralTo,
  safetyItem,
  takedown,
  withdraw,
} from "./testing/commands.ts";
import { dateOf, hashOf, hours, itemOf, nasrin, omar, recipientOf, rezan, shilan, startAt } from "./testing/people.ts";
import { type World, must, newWorld, wholeCase } from "./testing/world.ts";
import { factsOf } from "./views/facts-of.ts";
import type { Purpose } from "./vocabulary.ts";

const change = { correction: { kind: "changed", because: "She said so." } } as const;
const shared = { mayShare: ["fact:harm", "safe-contact"] } as const;
const aims: readonly (readonly [Purpose, string])[] = [
  ["store-file", "own-organisation"],
  ["statistics", "own-organisation"],
  ["removal", "T-insm"],
  ["digital", "two-factor"],
  ["evidence", "survivor-side"],
  ["evidence", "own-organisation"],
  ["law", "A-community-police"],
  ["referral", "the-clinic"],
];

const contact = {
  type: "AgreeSafeContact",
  how: "telephone-call",
  reach: "0750 000 0001",
  when: "mornings",
  nameToUse: "the school",
  mayLeaveMessage: false,
  mustNotKnow: ["her brother"],
} as const;

const transfer = {
  type: "TransferCase",
  recipient: recipientOf("the-clinic"),
  fields: ["fact:harm"],
  because: "She moved.",
} as const;

/** What waits in the case, by which some commands are named. */
type Waiting = Readonly<Record<"lowering" | "exception" | "approved" | "offer" | "decision" | "acted", EntryHash>>;

/** A case in which everything is under way. */
const underWay = (world: World, agree: (purpose: Purpose, recipient: string) => void): Waiting => {
  for (const [purpose, recipient] of aims) agree(purpose, recipient);
  for (const fact of ["material-volunteered", "material-critical-to-safety", "immediate-danger"])
    must(world, shilan, recordFact(fact, "yes"));
  must(world, shilan, contact);
  must(world, shilan, legalRisk);
  must(world, shilan, { type: "RecordLawDecision", decision: "report", isVoluntary: true });
  must(world, shilan, { type: "AssessRisk" });
  must(world, shilan, { type: "RecordRiskResponse", measures: "She is at her aunt's." });
  must(world, shilan, safetyItem());
  must(world, shilan, digitalItem("two-factor"));
  must(world, shilan, goal());
  must(world, shilan, { type: "PlanFollowUp", followUp: itemOf("f-1"), about: "a call", dueAt: hours(48) });
  must(world, shilan, { type: "WriteNote", note: itemOf("n-1"), about: "case", text: "She is calm." });
  must(world, shilan, referralTo("the-clinic"));
  must(world, shilan, { type: "SendReferral", referral: itemOf("referral-1") });
  must(world, shilan, referralTo("the-clinic", { referral: itemOf("referral-2"), fields: ["fact:harm"] }));
  must(world, shilan, takedown("T-insm", startAt));
  const lowering = must(world, rezan, { type: "ProposeLowerRisk", level: "normal", because: "He left." });
  must(world, shilan, { ...transfer, fields: [] });
  const offer = must(world, shilan, { type: "OfferResponsibility", to: nasrin.person, because: "I am away." });
  const acted = must(world, rezan, emergencyCall());
  return { lowering, exception: lowering, approved: lowering, offer, decision: lowering, acted };
};

const adultUnderWay = (): { readonly state: CaseState; readonly waiting: Waiting } => {
  const world = newWorld();
  adultReadyToAct(world);
  const waiting = underWay(world, (purpose, recipient) => {
    must(world, shilan, consent(purpose, recipient, shared));
  });
  must(world, shilan, consent("referral", "the-clinic", { mayShare: ["fact:harm"] }));
  const propose = { type: "ProposeEvidenceException", because: "Her uncle.", criticalToSafety: "A threat." } as const;
  const approved = must(world, shilan, propose);
  must(world, nasrin, { type: "Approve", proposal: approved, what: "evidence-exception" });
  const receive = {
    type: "RecordEvidenceReceived",
    exception: approved,
    what: "messages",
    receivedAt: startAt,
  } as const;
  must(world, shilan, { ...receive, item: itemOf("e-1") });
  return { state: wholeCase(world), waiting: { ...waiting, approved, exception: must(world, rezan, propose) } };
};

const childUnderWay = (): { readonly state: CaseState; readonly waiting: Waiting } => {
  const world = newWorld();
  childReadyToAct(world, "no");
  const waiting = underWay(world, (purpose, recipient) => {
    must(world, shilan, assent(purpose, recipient, shared));
    if (purpose !== "law" && purpose !== "referral") must(world, shilan, guardianConsent(purpose, recipient, shared));
    else {
      const proposal = must(world, shilan, bestInterests(purpose, recipient, shared));
      must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    }
  });
  must(world, shilan, assent("referral", "the-clinic", { mayShare: ["fact:harm"] }));
  const decision = must(world, rezan, bestInterests("removal", "T-insm", { decision: "do-not" }));
  return { state: wholeCase(world), waiting: { ...waiting, decision } };
};

const commandsFor = ({ lowering, exception, approved, offer, decision, acted }: Waiting): readonly CaseCommand[] => [
  { ...openCase, searchedAt: startAt },
  { type: "TellLimits", wording: "child", duties: [] },
  { ...contact, mayLeaveMessage: true },
  { type: "DeclareContactUnsafe", because: "He has her telephone." },
  { type: "RecordDetail", field: "name", saidBy: "survivor", value: { kind: "given", text: "Hala" } },
  ...(
    [
      ["age", "child"],
      ["age", "adult"],
      ["age", undefined],
      ["guardian-unsafe", "yes"],
      ["guardian-unsafe", "no"],
      ["immediate-danger", "no"],
      ["immediate-danger", "yes"],
      ["suicide-or-self-harm", "imminent"],
      ["safe-device", "no"],
      ["safe-device", "yes"],
      ["blocking-safe", "no"],
      ["wants-removal", "no"],
      ["wants-removal", "yes"],
      ["wants-law-report", "no"],
      ["harm", ["csam"]],
      ["harm", ["blackmail"]],
      ["digital-action-could-escalate", "yes"],
      ["digital-action-could-escalate", "no"],
      ["evidence-safe-to-keep", "no"],
      ["material-volunteered", "no"],
    ] as const
  ).map(([fact, value]) => recordFact(fact, value, change)),
  {
    type: "RecordIncident",
    incident: itemOf("i-1"),
    incidentType: "emotional_abuse",
    reportedOn: dateOf("2026-11-21"),
    perpetrators: ["unknown"],
  },
  assessment("digital-risk"),
  assessment("physical-safety"),
  { type: "OutdateAssessment", assessment: "digital-risk", because: "A new telephone." },
  { type: "OutdateAssessment", assessment: "physical-safety", because: "He is back." },
  ...aims.flatMap(([purpose, recipient]): readonly CaseCommand[] => [
    consent(purpose, recipient, { mayShare: ["fact:harm"] }),
    consent(purpose, recipient, { answer: "no" }),
    assent(purpose, recipient, { mayShare: ["fact:harm"] }),
    assent(purpose, recipient, { answer: "no" }),
    guardianConsent(purpose, recipient, { answer: "no" }),
    bestInterests(purpose, recipient),
    withdraw(purpose, recipient),
    withdraw(purpose, undefined, "child"),
    withdraw(purpose, undefined, "best-interests"),
  ]),
  { type: "AssessRisk" },
  { type: "RaiseRisk", level: "high", because: "Threats." },
  { type: "ProposeLowerRisk", level: "normal", because: "He has moved." },
  { type: "RecordRiskResponse", measures: "Shelter." },
  safetyItem(),
  { type: "MarkSafetyItem", item: itemOf("safety-1"), outcome: "dropped" },
  { type: "ReviewSafetyPlan", madeWithSurvivor: true, stillFits: true },
  digitalItem("two-factor"),
  { type: "MarkDigitalItem", item: itemOf("digital-1"), outcome: "done" },
  { type: "ReviewDigitalPlan", madeWithSurvivor: true, stillFits: false },
  goal(),
  { type: "MarkGoal", goal: itemOf("goal-1"), outcome: "met" },
  { type: "RecordServiceNeed", service: "shelter", need: "urgent" },
  referralTo("the-clinic", { referral: itemOf("referral-2"), fields: [] }),
  { type: "SendReferral", referral: itemOf("referral-2") },
  { type: "RecordReferralAnswer", referral: itemOf("referral-1"), answer: "accepted" },
  { type: "RecordSurvivorDeclined", referral: itemOf("referral-1") },
  { type: "RecordSurvivorDeclined", referral: itemOf("referral-2") },
  { type: "CloseReferral", referral: itemOf("referral-2"), because: "Not needed." },
  { type: "RecordReferralStopped", referral: itemOf("referral-1") },
  { type: "RecordReferralDone", referral: itemOf("referral-1"), given: "Six meetings." },
  takedown("T-insm", startAt, "takedown-2"),
  { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), outcome: "removed", checkedAt: startAt },
  legalRisk,
  { type: "OutdateLegalRisk", because: "He works there now." },
  { type: "RecordLawDecision", decision: "not-report", isVoluntary: true },
  { type: "RecordLawDecision", decision: "report", isVoluntary: true },
  lawStep(),
  { type: "RecordLawOutcome", agency: recipientOf("A-community-police"), outcome: "He was summoned." },
  { type: "RecordEvidencePreserved", kept: ["addresses"] },
  { type: "ProposeEvidenceException", because: "Her uncle.", criticalToSafety: "A threat." },
  {
    type: "RecordEvidenceReceived",
    item: itemOf("e-2"),
    exception: approved,
    what: "messages",
    receivedAt: startAt,
  },
  { type: "RecordEvidenceReturned", item: itemOf("e-1"), because: "Given back." },
  emergencyCall(),
  { type: "RecordEmergencyFollowUp", emergency: acted, help: "came" },
  { type: "WriteNote", note: itemOf("n-2"), about: "case", text: "She came alone." },
  { type: "CorrectNote", note: itemOf("n-1"), text: "Not calm.", because: "Seen again." },
  { type: "PlanFollowUp", followUp: itemOf("f-1"), about: "a visit", dueAt: hours(24) },
  {
    type: "RecordFollowUp",
    followUp: itemOf("f-1"),
    doneAt: startAt,
    progress: { safety: "worse", health: "same", psychosocial: "same", justice: "same", other: "same" },
  },
  { type: "RecordMissedFollowUp", followUp: itemOf("f-1"), because: "No answer.", nextDueAt: hours(72) },
  { type: "Approve", proposal: lowering, what: "risk-lowering" },
  { type: "RefuseApproval", proposal: lowering, what: "risk-lowering", because: "Too soon." },
  { type: "Approve", proposal: exception, what: "evidence-exception" },
  { type: "Approve", proposal: decision, what: "best-interests" },
  { type: "RefuseApproval", proposal: decision, what: "best-interests", because: "Ask her again." },
  closeCase(),
  { type: "ReopenCase", because: "She came back." },
  { type: "OfferResponsibility", to: omar.person, because: "I am away." },
  { type: "AcceptResponsibility", offer },
  { type: "DeclineResponsibility", offer, because: "I am full." },
  transfer,
  { type: "RecordTransferStopped", recipient: recipientOf("the-clinic") },
  { type: "RecordSharingNarrowed", recipient: recipientOf("the-clinic") },
  { type: "RecordCopy", copy: "safety-plan" },
];

type Written = { readonly command: CaseCommand; readonly entry: CaseEntry; readonly state: CaseState };

const now = startAt;
const past = { has: (entry: EntryHash) => entry !== hashOf(0xfffe) && entry !== hashOf(0xffff) };

/** What each could write into the case as it was, one by Shilan and one by a supervisor. */
const writtenBy = (
  { person, device, roles }: typeof shilan,
  hash: EntryHash,
  state: CaseState,
  commands: readonly CaseCommand[],
): readonly Written[] => {
  const facts = factsOf(state, now);
  const context = { now, actor: { person, roles }, advice: { facts, answer: adviceFor(facts) } };
  return commands.flatMap((command) => {
    const decision = decide(command, state, context);
    if (!decision.ok) return [];
    const entry = {
      envelope: { entry: hash, author: person, device, roles, recordedAt: now, past },
      events: decision.value,
    };
    return [{ command, entry, state: foldCase([entry], state) }];
  });
};

type Listed = (state: CaseState) => readonly string[];

/** Asked of the same states again and again. */
const remembered = (listed: Listed): Listed => {
  const known = new WeakMap<CaseState, readonly string[]>();
  return (state) => {
    const before = known.get(state) ?? listed(state);
    known.set(state, before);
    return before;
  };
};

const openGates = remembered((state) =>
  Object.entries(adviceFor(factsOf(state, now)).gates).flatMap(([gate, { state: is }]) =>
    is === "open" ? [gate] : [],
  ),
);
const agreedIn = remembered((state) =>
  (["store-file", "statistics", "removal", "digital", "evidence", "law", "referral"] as const).flatMap((purpose) =>
    recipientsNamed(state, purpose).flatMap((one) => (isAgreed(state, now, purpose, one) ? [`${purpose}/${one}`] : [])),
  ),
);

/**
 * What was so before, and is not any more after one of the two: it must not come back by the other. Whose age is told otherwise is
 * asked in another way, and of a child and an adult the child stands: that closes nothing by itself.
 */
const broughtBack = (before: CaseState, one: Written, beside: Written, both: CaseState): readonly string[] =>
  isOfAge(one.command)
    ? []
    : [openGates, agreedIn].flatMap((listed) => {
        const [was, is, after] = [listed(before), new Set(listed(one.state)), new Set(listed(both))];
        return was.filter((each) => !is.has(each) && after.has(each) && !isKeptMeanwhile(each, beside.command));
      });

const isOfAge = (command: CaseCommand): boolean => command.type === "RecordFact" && command.fact === "age";

/** A child's file is kept while a supervisor has not answered the proposal to keep it (`require.ts`). */
const isKeptMeanwhile = (what: string, { type }: CaseCommand): boolean =>
  what === "store-file/own-organisation" && type === "ProposeBestInterests";

const isLowerThan = (both: CaseState, alone: CaseState): boolean => {
  const [one, other] = [riskLevel(alone), riskLevel(both)];
  return one !== undefined && (other === undefined || isHigher(one, other));
};

/** What somebody has that may be used no longer, and of whom they are to be told to stop altogether. */
const withheldIn = remembered((state) => [
  ...narrowingsToTell(state, now).flatMap(({ recipient, fields }) => fields.map((field) => `${recipient}/${field}`)),
]);
const isToBeStopped = (state: CaseState): boolean =>
  referralsOf(state, now).some((each) => each.isToBeStopped) || transfersToBeStopped(state, now).length > 0;
const tellsThem: ReadonlySet<CaseCommand["type"]> = new Set([
  ...(["RecordSharingNarrowed", "RecordReferralStopped", "RecordReferralDone"] as const),
  "RecordTransferStopped",
]);

const endsWithProvider: ReadonlySet<CaseCommand["type"]> = new Set(["RecordReferralStopped", "RecordReferralDone"]);

const faultsOf = (before: CaseState, one: Written, other: Written, both: CaseState): readonly string[] => {
  const faults: string[] = [];
  for (const [alone, beside] of [
    [one, other],
    [other, one],
  ] as const) {
    faults.push(...broughtBack(before, alone, beside, both).map((what) => `brought back ${what}`));
    const isRaised = isLowerThan(before, alone.state);
    if (isRaised && isLowerThan(both, alone.state)) faults.push("lowered");
    const isUnsafe = safeContactOf(alone.state, now).kind !== "safe" && safeContactOf(before, now).kind === "safe";
    if (isUnsafe && safeContactOf(both, now).kind === "safe") faults.push("contact");
    const toStop = isOfAge(alone.command)
      ? []
      : referralsOf(alone.state, now).filter(({ isToBeStopped }) => isToBeStopped);
    const stillToStop = new Set(referralsOf(both, now).flatMap((each) => (each.isToBeStopped ? [each.referral] : [])));
    if (toStop.some(({ referral }) => !stillToStop.has(referral)) && !endsWithProvider.has(beside.command.type))
      faults.push("provider");
    const held = isOfAge(alone.command) ? [] : transfersToBeStopped(alone.state, now);
    const stillHeld = new Set(transfersToBeStopped(both, now));
    if (held.some((one) => !stillHeld.has(one)) && beside.command.type !== "RecordTransferStopped")
      faults.push("transfer");
    const withheld = isOfAge(alone.command) || isToBeStopped(both) ? [] : withheldIn(alone.state);
    if (withheld.some((each) => !withheldIn(both).includes(each)) && !tellsThem.has(beside.command.type))
      faults.push("withheld");
  }
  if (isClosed(both) && !isClosed(one.state) && !isClosed(other.state)) faults.push("closed");
  return faults.map((fault) => `${one.command.type} beside ${other.command.type}: ${fault}`);
};

/** Every order is the same for random histories too (`properties.test.ts`): here a part of the pairs is enough. */
const turnedOneIn = 29;

const tried = new Set<CaseCommand["type"]>();

describe.each([
  ["an adult", adultUnderWay],
  ["a child with a safe guardian", childUnderWay],
])("in the case of %s", (_whose, underWayOf) => {
  test("whatever two people do at once, both orders end the same, both stand in the history, and the careful one stands", () => {
    const { state, waiting } = underWayOf();
    const commands = commandsFor(waiting);
    const ones = writtenBy(shilan, hashOf(0xfffe), state, commands);
    const others = writtenBy(nasrin, hashOf(0xffff), state, commands);
    const faults: string[] = [];
    let pairs = 0;
    const places = new Map(commands.map((command, place) => [command, place]));
    const byBoth = new Set(ones.map(({ command }) => command));
    const placeOf = ({ command }: Written): number => places.get(command) ?? 0;
    for (const one of ones)
      for (const other of others) {
        // Who of the two gave which makes no difference: each pair once.
        if (byBoth.has(other.command) && placeOf(other) < placeOf(one)) continue;
        const both = foldCase([other.entry], one.state);
        if (both.history.length !== state.history.length + 2) faults.push("lost");
        pairs += 1;
        if (pairs % turnedOneIn === 0) expect(foldCase([one.entry], other.state)).toEqual(both);
        faults.push(...faultsOf(state, one, other, both));
      }
    for (const { command } of [...ones, ...others]) tried.add(command.type);
    expect([...new Set(faults)]).toEqual([]);
    expect(ones.length).toBeGreaterThan(60);
  });
});

test("and every command was among them that a case under way can be given", () => {
  const never = Object.keys(subjectOf).filter((type) => ![...tried].some((each) => each === type));
  // It is open already and high, nobody has accepted a referral, and what waits keeps it from being closed (`unseen.test.ts`).
  expect(never).toEqual(["OpenCase", "RaiseRisk", "RecordReferralDone", "CloseCase", "ReopenCase"]);
});
