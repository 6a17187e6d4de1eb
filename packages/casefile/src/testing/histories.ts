/**
 * Random histories of several devices: people who part and meet, obey `decide` or use a client of their own, and orders of
 * delivery that respect causality.
 */

import { exhausted } from "@amana/kernel";
import fc from "fast-check";
import type { CaseCommand } from "../command.ts";
import type { CaseEvent } from "../event.ts";
import type { CaseEntry } from "../evolve.ts";
import type { EntryHash } from "../ids.ts";
import {
  adultReadyToAct,
  assent,
  assessment,
  bestInterests,
  childReadyToAct,
  closeCase,
  consent,
  digitalItem,
  freelyObtained,
  guardianConsent,
  lawStep,
  legalRisk,
  openCase,
  recordFact,
  referralTo,
  takedown,
  withdraw,
} from "./commands.ts";
import type { Purpose } from "../vocabulary.ts";
import {
  type Author,
  dateOf,
  hashOf,
  hours,
  itemOf,
  nasrin,
  omar,
  personOf,
  recipientOf,
  rezan,
  shilan,
  startAt,
  stranger,
} from "./people.ts";
import { type World, heldBy, must, newWorld, tell, write } from "./world.ts";

const people: readonly Author[] = [shilan, omar, nasrin, rezan, stranger];

const change = { correction: { kind: "changed", because: "She said so." } } as const;

const anyFact = fc
  .constantFrom(
    ...([
      ["age", "adult"],
      ["age", "child"],
      ["age", undefined],
      ["guardian-unsafe", "yes"],
      ["guardian-unsafe", "no"],
      ["immediate-danger", "yes"],
      ["immediate-danger", "no"],
      ["wants-removal", "yes"],
      ["wants-law-report", "no"],
      ["wants-law-report", "yes"],
      ["harm", ["blackmail"]],
      ["harm", ["csam", "deepfake"]],
      ["sexual-content", "no"],
      ["age-in-image", "adult"],
      ["safe-device", "yes"],
      ["material-volunteered", "yes"],
      ["material-critical-to-safety", "yes"],
      ["digital-action-could-escalate", "no"],
    ] as const),
  )
  .map(([fact, value]) => recordFact(fact, value, change));

const anyAim = fc.constantFrom<readonly [Purpose, string]>(
  ["removal", "T-insm"],
  ["removal", "P-instagram"],
  ["digital", "two-factor"],
  ["referral", "the-clinic"],
  ["evidence", "own-organisation"],
  ["law", "A-community-police"],
  ["store-file", "own-organisation"],
);

const anyConsent = fc
  .record({
    aim: anyAim,
    obtained: fc.constantFrom(freelyObtained, { ...freelyObtained, pressureSeen: true }),
    kind: fc.constantFrom("consent", "assent", "guardian", "decision", "withdrawal", "withdrawal-of-all"),
    whose: fc.constantFrom("survivor", "child", "guardian", "best-interests"),
    mayShare: fc.subarray(["fact:harm", "safe-contact"]),
  })
  .map(({ aim: [purpose, recipient], obtained, kind, whose, mayShare }): CaseCommand => {
    switch (kind) {
      case "consent":
        return consent(purpose, recipient, { obtained, mayShare });
      case "assent":
        return assent(purpose, recipient, { obtained, mayShare });
      case "guardian":
        return guardianConsent(purpose, recipient, { mayShare });
      case "decision":
        return bestInterests(purpose, recipient, { mayShare });
      default:
        return withdraw(purpose, kind === "withdrawal" ? recipient : undefined, whose);
    }
  });

const anyRecord: fc.Arbitrary<CaseCommand> = fc.constantFrom<CaseCommand>(
  openCase,
  { type: "TellLimits", wording: "child", duties: [] },
  { type: "AssessRisk" },
  { type: "RaiseRisk", level: "high", because: "He stood at her door." },
  { type: "RaiseRisk", level: "medium", because: "He writes again." },
  { type: "ProposeLowerRisk", level: "normal", because: "He left." },
  { type: "RecordRiskResponse", measures: "She sleeps at her aunt's." },
  assessment("digital-risk"),
  assessment("physical-safety"),
  { type: "OutdateAssessment", assessment: "digital-risk", because: "A new phone." },
  {
    type: "AgreeSafeContact",
    how: "telephone-call",
    reach: "0750 000 0001",
    when: "mornings",
    nameToUse: "the dentist",
    mayLeaveMessage: true,
    mustNotKnow: ["brother"],
  },
  { type: "DeclareContactUnsafe", because: "He answered." },
  {
    type: "SetSafetyItem",
    item: itemOf("safety-1"),
    words: "I call my aunt.",
    who: "me",
    when: "at once",
    area: "people",
  },
  {
    type: "SetSafetyItem",
    item: itemOf("safety-1"),
    words: "I call my neighbour.",
    who: "me",
    when: "at once",
    area: "people",
  },
  { type: "MarkSafetyItem", item: itemOf("safety-1"), outcome: "done" },
  { type: "MarkSafetyItem", item: itemOf("safety-1"), outcome: "not-possible" },
  digitalItem("two-factor"),
  { type: "MarkDigitalItem", item: itemOf("digital-1"), outcome: "done" },
  { type: "SetGoal", goal: itemOf("goal-1"), words: "I want to sleep.", services: ["mental-health"], who: "me" },
  { type: "MarkGoal", goal: itemOf("goal-1"), outcome: "met" },
  { type: "MarkGoal", goal: itemOf("goal-1"), outcome: "not-met" },
  { type: "RecordServiceNeed", service: "shelter", need: "urgent" },
);

const anyService: fc.Arbitrary<CaseCommand> = fc.constantFrom<CaseCommand>(
  referralTo("the-clinic", { fields: ["fact:harm"] }),
  referralTo("the-clinic", { fields: [], urgency: "now" }),
  { type: "SendReferral", referral: itemOf("referral-1") },
  { type: "RecordReferralAnswer", referral: itemOf("referral-1"), answer: "accepted" },
  { type: "RecordReferralAnswer", referral: itemOf("referral-1"), answer: "unavailable" },
  { type: "RecordSurvivorDeclined", referral: itemOf("referral-1") },
  { type: "RecordReferralDone", referral: itemOf("referral-1"), given: "Three meetings." },
  { type: "CloseReferral", referral: itemOf("referral-1"), because: "Over." },
  { type: "RecordReferralStopped", referral: itemOf("referral-1") },
  { type: "TransferCase", recipient: recipientOf("the-clinic"), fields: [], because: "She moved." },
  { type: "RecordTransferStopped", recipient: recipientOf("the-clinic") },
  { type: "RecordSharingNarrowed", recipient: recipientOf("the-clinic") },
  takedown("T-insm", startAt),
  { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), outcome: "removed", checkedAt: startAt },
  { type: "RecordTakedownCheck", takedown: itemOf("takedown-1"), outcome: "reappeared", checkedAt: startAt },
  legalRisk,
  { type: "OutdateLegalRisk", because: "Another judge." },
  { type: "RecordLawDecision", decision: "report", isVoluntary: true },
  { type: "RecordLawDecision", decision: "not-report", isVoluntary: true },
  lawStep(),
  {
    type: "ProposeEvidenceException",
    because: "Her guardian is the perpetrator.",
    criticalToSafety: "It shows the threat.",
  },
  {
    type: "ActInEmergency",
    act: "emergency-call",
    recipient: recipientOf("A-911"),
    shared: [],
    personTold: { kind: "told" },
    because: "He has a knife.",
  },
  { type: "WriteNote", note: itemOf("note-1"), about: "case", text: "Calm." },
  { type: "CorrectNote", note: itemOf("note-1"), text: "Not calm.", because: "Seen again." },
  { type: "RecordCopy", copy: "safety-plan" },
  { type: "PlanFollowUp", followUp: itemOf("follow-1"), about: "call", dueAt: hours(900) },
  { type: "RecordMissedFollowUp", followUp: itemOf("follow-1"), because: "No answer.", nextDueAt: hours(950) },
  { type: "OfferResponsibility", to: personOf("omar"), because: "Leave." },
  {
    type: "RecordIncident",
    incident: itemOf("incident-1"),
    incidentType: "emotional_abuse",
    reportedOn: dateOf("2026-11-20"),
    perpetrators: [],
  },
  closeCase(),
  { type: "ReopenCase", because: "He is back." },
);

/** What the next person does: a command, an answer to something proposed or offered, or no more than meeting the others. */
type Act =
  | { readonly kind: "tell"; readonly who: number; readonly command: CaseCommand }
  | { readonly kind: "answer"; readonly who: number; readonly pick: number; readonly isYes: boolean }
  | { readonly kind: "exchange"; readonly from: number; readonly to: number }
  | { readonly kind: "forge"; readonly who: number; readonly pick: number };

/** A history is about everything, or stays with one subject, so that its longer ways are walked too. */
const themes = {
  everything: fc.oneof(anyFact, anyConsent, anyRecord, anyService),
  consent: fc.oneof(anyConsent, anyFact),
  closing: fc.constantFrom<CaseCommand>(
    closeCase(),
    { type: "ReopenCase", because: "He is back." },
    { type: "AssessRisk" },
    { type: "RaiseRisk", level: "medium", because: "He writes again." },
    { type: "ProposeLowerRisk", level: "normal", because: "He left." },
    { type: "RecordRiskResponse", measures: "She sleeps at her aunt's." },
    recordFact("honour-violence-risk", "yes", change),
    recordFact("honour-violence-risk", "no", change),
  ),
  risk: fc.constantFrom<CaseCommand>(
    { type: "AssessRisk" },
    { type: "RaiseRisk", level: "high", because: "He stood at her door." },
    { type: "RaiseRisk", level: "medium", because: "He writes again." },
    { type: "ProposeLowerRisk", level: "normal", because: "He left." },
    { type: "ProposeLowerRisk", level: "medium", because: "He is quieter." },
    { type: "RecordRiskResponse", measures: "She sleeps at her aunt's." },
    recordFact("immediate-danger", "yes", change),
    recordFact("immediate-danger", "no", change),
    closeCase(),
    { type: "ReopenCase", because: "He is back." },
  ),
  services: fc.oneof(
    anyService,
    fc.constantFrom<CaseCommand>(
      consent("referral", "the-clinic", { mayShare: ["fact:harm"] }),
      withdraw("referral", "the-clinic"),
      referralTo("the-clinic", { fields: ["fact:harm"] }),
      { type: "SendReferral", referral: itemOf("referral-1") },
      { type: "RecordReferralAnswer", referral: itemOf("referral-1"), answer: "accepted" },
      { type: "RecordReferralDone", referral: itemOf("referral-1"), given: "Three meetings." },
      {
        type: "SetSafetyItem",
        item: itemOf("safety-1"),
        words: "My aunt.",
        who: "me",
        when: "at once",
        area: "people",
      },
      { type: "MarkSafetyItem", item: itemOf("safety-1"), outcome: "done" },
      { type: "MarkSafetyItem", item: itemOf("safety-1"), outcome: "not-possible" },
    ),
  ),
} as const satisfies Readonly<Record<string, fc.Arbitrary<CaseCommand>>>;

const anyAct = (commands: fc.Arbitrary<CaseCommand>): fc.Arbitrary<Act> => {
  const who = fc.nat(4);
  const pick = fc.nat(20);
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant("tell" as const), who, command: commands }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("answer" as const), who, pick, isYes: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("exchange" as const), from: who, to: who }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("forge" as const), who, pick }) },
  );
};

const anyActs = fc
  .constantFrom(...Object.values(themes))
  .chain((commands) => fc.array(anyAct(commands), { minLength: 1, maxLength: 40, size: "max" }));

const authorAt = (index: number): Author => people[index % people.length] ?? shilan;

const answerEvent = (target: CaseEntry | undefined, isYes: boolean): CaseEvent | undefined => {
  const proposal = target?.envelope.entry;
  const type = target?.events[0]?.type;
  if (proposal === undefined) return undefined;
  if (type === "ResponsibilityOffered") {
    return isYes
      ? { type: "ResponsibilityAccepted", offer: proposal }
      : { type: "ResponsibilityDeclined", offer: proposal, because: "Too much." };
  }
  const whats = {
    RiskLoweringProposed: "risk-lowering",
    BestInterestsProposed: "best-interests",
    EvidenceExceptionProposed: "evidence-exception",
  } as const;
  const what = type !== undefined && type in whats ? whats[type as keyof typeof whats] : "emergency";
  return isYes
    ? { type: "ApprovalGiven", proposal, what }
    : { type: "ApprovalRefused", proposal, what, because: "Not now." };
};

const isAnswerable = ({ events }: CaseEntry): boolean =>
  events.some(({ type }) => type.endsWith("Proposed") || type === "EmergencyActed" || type === "ResponsibilityOffered");

/** Nobody holds an entry without all that it follows: `decide` must see what the envelope will say was seen. */
const learn = (world: World, { device }: Author, { entry, past }: CaseEntry["envelope"]): void => {
  const held = heldBy(world, device).add(entry);
  for (const { envelope } of world.entries) if (past.has(envelope.entry)) held.add(envelope.entry);
};

const act = (world: World, next: Act): void => {
  const author = authorAt(next.kind === "exchange" ? next.to : next.who);
  switch (next.kind) {
    case "exchange": {
      const given = heldBy(world, authorAt(next.from).device);
      world.heldByDevice.set(author.device, new Set([...heldBy(world, author.device), ...given]));
      return;
    }
    case "tell":
      tell(world, author, next.command);
      return;
    case "answer":
    case "forge": {
      // An answer goes around `decide` too: whether it counts is for `evolve` to say.
      const open = world.entries.filter(isAnswerable);
      const event = answerEvent(open[next.pick % Math.max(1, open.length)], next.kind === "forge" || next.isYes);
      const target = event !== undefined && "proposal" in event ? event.proposal : undefined;
      const proposed = world.entries.find(({ envelope }) => envelope.entry === target)?.envelope;
      if (next.kind === "answer" && proposed !== undefined) learn(world, author, proposed);
      if (event !== undefined) write(world, author, event);
      return;
    }
    default:
      exhausted(next);
  }
};

const safetyItem = {
  type: "SetSafetyItem",
  item: itemOf("safety-1"),
  who: "me",
  when: "at once",
  area: "people",
} as const;
const fields = { mayShare: ["fact:harm"] } as const;

const adultAgrees = (world: World): void => {
  adultReadyToAct(world);
  must(world, shilan, consent("removal", "T-insm"));
  must(world, shilan, consent("digital", "two-factor"));
  must(world, shilan, consent("referral", "the-clinic", fields));
  must(world, shilan, consent("evidence", "own-organisation"));
  must(world, shilan, consent("law", "A-community-police"));
  must(world, shilan, recordFact("material-volunteered", "yes"));
  must(world, shilan, recordFact("material-critical-to-safety", "yes"));
  must(world, shilan, consent("store-file", "own-organisation"));
  must(world, shilan, referralTo("the-clinic", { fields: ["fact:harm"] }));
  must(world, shilan, { type: "SendReferral", referral: itemOf("referral-1") });
  must(world, shilan, takedown("T-insm", startAt));
  must(world, shilan, digitalItem("two-factor"));
  must(world, shilan, { type: "PlanFollowUp", followUp: itemOf("follow-1"), about: "call", dueAt: hours(900) });
  must(world, shilan, { ...safetyItem, words: "I call my aunt." });
};

const childAgrees = (world: World): void => {
  childReadyToAct(world, "yes");
  for (const recipient of ["T-insm", "P-instagram"]) {
    must(world, shilan, assent("removal", recipient));
    const proposal = must(world, shilan, bestInterests("removal", recipient));
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
  }
};

/** A history begins with a case that everyone holds, opened or further on; then everyone is alone until they exchange. */
export const anyHistory: fc.Arbitrary<readonly CaseEntry[]> = fc
  .record({
    start: fc.constantFrom("opened", "assessed", "adult", "child"),
    acts: anyActs,
    salt: fc.nat(4_000_000_000),
  })
  .map(({ start, acts, salt }) => {
    const world: World = {
      ...newWorld(),
      nextHash: (count) => hashOf(((count + 1) * 2_654_435_761 + salt) % 4_294_967_291),
    };
    if (start === "opened" || start === "assessed") tell(world, shilan, openCase);
    if (start === "assessed") tell(world, shilan, { type: "AssessRisk" });
    if (start === "adult") adultAgrees(world);
    if (start === "child") childAgrees(world);
    for (const { device } of people) world.heldByDevice.set(device, heldBy(world, device));
    world.isTogether = false;
    for (const [index, next] of acts.entries()) {
      world.now = hours(index);
      act(world, next);
    }
    return closeOverPast(world.entries);
  });

/** Passing on an entry passes on all it follows: `past` holds the past of what is in it. */
const closeOverPast = (entries: readonly CaseEntry[]): readonly CaseEntry[] => {
  const pastByEntry = new Map<EntryHash, ReadonlySet<EntryHash>>();
  return entries.map(({ envelope, events }) => {
    const named = entries
      .filter(({ envelope: earlier }) => envelope.past.has(earlier.entry))
      .map((one) => one.envelope.entry);
    const past = new Set(named.flatMap((entry) => [entry, ...(pastByEntry.get(entry) ?? [])]));
    pastByEntry.set(envelope.entry, past);
    return { envelope: { ...envelope, past }, events };
  });
};

/** Another order in which the same entries may arrive: each after all it follows. */
export const anyOrderOf = (entries: readonly CaseEntry[], choices: readonly number[]): readonly CaseEntry[] => {
  const waiting = [...entries];
  const ordered: CaseEntry[] = [];
  for (let round = 0; waiting.length > 0; round++) {
    const ready = waiting.filter((one) => !waiting.some((other) => one.envelope.past.has(other.envelope.entry)));
    const chosen = ready[(choices[round % Math.max(1, choices.length)] ?? 0) % ready.length];
    if (chosen === undefined) throw new Error("A history that follows itself.");
    waiting.splice(waiting.indexOf(chosen), 1);
    ordered.push(chosen);
  }
  return ordered;
};

/** Whether one entry knows of the other. */
export const isConcurrent = (one: CaseEntry, other: CaseEntry): boolean =>
  !one.envelope.past.has(other.envelope.entry) && !other.envelope.past.has(one.envelope.entry);
