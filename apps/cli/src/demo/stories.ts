/**
 * Forty invented cases, of every kind and stage. A story is a list of steps, each some hours after the case was opened, each by
 * the caseworker or, where a second person is needed, by the supervisor.
 */

import { emergenciesOf, waitingProposals, type CaseCommand, type CaseState, type ProposalKind } from "@amana/casefile";
import { later, type Instant } from "@amana/kernel";
import * as order from "./orders.ts";
import { recipientIn } from "./providers.ts";
import { saidIn, type Said, type Writing } from "./said.ts";

/** What a step is decided with. */
export type Moment = { readonly now: Instant; readonly state: CaseState };

export type Step = {
  /** After the case was opened. */
  readonly hours: number;
  readonly by: "caseworker" | "supervisor";
  readonly command: (moment: Moment) => CaseCommand;
};

export type Story = {
  readonly code: string;
  /** Whole hours before the demo begins. */
  readonly openedHoursAgo: number;
  /** Which of the caseworkers. */
  readonly caseworker: number;
  readonly wording: "adult" | "child";
  readonly steps: readonly Step[];
};

type Person = { readonly name: string; readonly reach: string; readonly said: Said };
type Part = (person: Person) => readonly Step[];

const hourMilliseconds = 3_600_000;
const hoursAfter = (moment: Instant, hours: number): Instant => later(moment, Math.round(hours * hourMilliseconds));
const day = 24;

const at = (hours: number, command: (moment: Moment) => CaseCommand): Step => ({ hours, by: "caseworker", command });
const facts = (hours: number, given: Readonly<Record<string, string | readonly string[]>>): readonly Step[] =>
  Object.entries(given).map(([name, value]) => at(hours, ({ now }) => order.fact(name, value, now)));

/** The supervisor approves what waits of this kind. */
const approves = (hours: number, kind: ProposalKind, said: Said): Step => ({
  hours,
  by: "supervisor",
  command: ({ state }) => {
    const [waiting] = waitingProposals(state).filter((proposal) => proposal.kind === kind);
    if (waiting === undefined) throw new Error("A story waits for an approval that nobody asked for.");
    const proposal = waiting.mark.entry;
    return kind === "emergency"
      ? { type: "Approve", proposal, what: kind, because: said.emergencyApproved }
      : { type: "Approve", proposal, what: kind };
  },
});

/** Somebody asks whether help came after the act in the emergency, and it did. */
const helpCame = (hours: number): Step =>
  at(hours, ({ state }) => {
    const [emergency] = emergenciesOf(state);
    if (emergency === undefined) throw new Error("A story asks after an emergency that there was not.");
    return { type: "RecordEmergencyFollowUp", emergency: emergency.mark.entry, help: "came" };
  });

/** What everybody is asked before anything is kept. */
const firstContact: Part = ({ name, reach, said }) => [
  ...facts(0.1, { "private-now": "yes", "immediate-danger": "no", "suicide-or-self-harm": "no" }),
  at(0.2, ({ now }) => order.safeContact(reach, hoursAfter(now, 60 * day), said)),
  at(0.2, ({ now }) => order.consent("store-file", "own-organisation", now)),
  ...facts(0.3, { age: "adult" }),
  at(0.3, () => order.detail("name", name)),
];

/** Pictures stolen, and threats to show them to the family. */
const picturesThreatened: Part = () => [
  ...facts(0.5, {
    gender: "woman-or-girl",
    "age-in-image": "adult",
    "honour-violence-risk": "yes",
    harm: ["hacking", "image-based-abuse", "sexual-extortion"],
    "sexual-content": "yes",
    synthetic: "no",
    "content-exposure": "threatened",
    "offline-abuse": "no",
    platforms: ["facebook", "instagram"],
    "online-blackmail": "yes",
    "perpetrator-has-accounts": "yes",
    "threat-source": ["perpetrator", "online-network"],
    "survivor-holds-copy": "yes",
  }),
  at(0.7, () => ({ type: "AssessRisk" })),
];

const answered: Part = ({ said }) => [
  at(2, () => order.safetyItem("safety-1", said.planShelter, "shelter", said)),
  at(2, () => order.safetyItem("safety-2", said.planPapers, "people", said)),
  at(3, () => order.riskResponse(said.firstResponse)),
  at(3, () => order.assessment("physical-safety", said.adultPhysical)),
  at(3, () => order.assessment("digital-risk", said.adultDigital)),
];

const contentRemoved: Part = ({ said }) => [
  ...facts(4, {
    "digital-action-could-escalate": "yes",
    "digital-escalation-planned": "yes",
    "safe-device": "yes",
    "blocking-safe": "no",
    "wants-removal": "yes",
    "evidence-safe-to-keep": "yes",
  }),
  at(4.2, ({ now }) => order.consent("digital", "change-passwords", now)),
  at(4.2, () => order.changePasswords(said)),
  at(20, () => order.digitalDone()),
  at(21, ({ now }) => order.consent("removal", "T-stopncii", now)),
  at(21, ({ now }) => order.takedown("T-stopncii", now)),
];

const toClinic = ["fact:harm", "safe-contact"];
const clinic = recipientIn("clinic");

const referred: Part = ({ said }) => [
  at(22, () => order.serviceNeed("mental-health")),
  at(22, ({ now }) => order.goal(said.goal, "mental-health", hoursAfter(now, 30 * day), said)),
  at(22, ({ now }) => order.consent("referral", clinic, now, toClinic)),
  at(22, () => order.prepareReferral(clinic, "mental-health", toClinic, said.referralReason)),
  at(22, () => order.sendReferral()),
];

const followed: Part = ({ said }) => [
  at(2 * day, () => order.referralAccepted()),
  at(2 * day, () => order.legalRisk("A-nss", said)),
  at(2 * day, () => order.notReport(said.notReport)),
  at(2 * day, ({ now }) => order.planFollowUp(hoursAfter(now, 5 * day), said)),
];

const ended: Part = ({ said }) => [
  at(7 * day, ({ now }) => order.followUp(now)),
  at(7 * day, ({ now }) => order.takedownCheck("removed", now)),
  ...(["honour-violence-risk", "online-blackmail"] as const).map((name) =>
    at(7 * day, ({ now }) => order.fact(name, "no", now, said.changedSince)),
  ),
  at(7 * day, ({ now }) => order.fact("content-exposure", "none", now, said.changedSince)),
  at(7 * day, () => ({ type: "AssessRisk" })),
  at(7 * day, () => order.riskResponse(said.secondResponse)),
  at(7 * day, () => ({ type: "ProposeLowerRisk", level: "normal", because: said.lowering })),
];

const closed: Part = ({ said }) => [
  approves(8 * day, "risk-lowering", said),
  at(9 * day, () => order.referralDone(said.referralGiven)),
  at(9 * day, () => order.closeReferral(said)),
  at(9 * day, () => order.goalMet()),
  at(9 * day, () => ({ type: "ReviewSafetyPlan", madeWithSurvivor: true, stillFits: true })),
  at(9 * day, () => order.closeCase(said)),
];

/** Somebody is in her accounts; nothing was shown to anyone. */
const accountTaken: Part = () => [
  ...facts(0.5, {
    gender: "woman-or-girl",
    harm: ["hacking", "impersonation"],
    "sexual-content": "no",
    "honour-violence-risk": "no",
    "perpetrator-has-accounts": "yes",
    platforms: ["facebook"],
    "content-exposure": "none",
    "continued-harassment": "yes",
  }),
  at(0.7, () => ({ type: "AssessRisk" })),
];

/** Insults and messages every day, from people he does not know. */
const harassed: Part = () => [
  ...facts(0.5, {
    gender: "man-or-boy",
    harm: ["online-harassment"],
    "sexual-content": "no",
    "honour-violence-risk": "no",
    "content-exposure": "none",
    platforms: ["tiktok"],
    "threat-source": ["online-network"],
  }),
  at(0.7, () => ({ type: "AssessRisk" })),
];

const watched: Part = ({ said }) => [
  at(3, () => order.assessment("digital-risk", said.outsideDigital)),
  at(3, () => order.note(said.wantsNothing)),
  at(3, ({ now }) => order.planFollowUp(hoursAfter(now, 14 * day), said)),
];

/** A child extorted with pictures of their own, whose father takes part. */
const childExtorted: Part = ({ said }) => [
  ...facts(0.1, {
    "private-now": "yes",
    age: "child",
    "age-in-image": "child",
    "immediate-danger": "no",
    "suicide-or-self-harm": "no",
    harm: ["child-sexual-extortion", "self-generated-content"],
    "sexual-content": "yes",
    "content-exposure": "threatened",
    platforms: ["instagram"],
    "threat-source": ["perpetrator", "family"],
    "guardian-unsafe": "yes",
    "survivor-holds-copy": "yes",
  }),
  at(0.3, () => ({ type: "AssessRisk" })),
  at(0.4, () => order.emergency(recipientIn("child-protection"), said)),
];

const decidedForChild = (
  hours: number,
  said: Said,
  purpose: Parameters<typeof order.assent>[0],
  recipient: string,
  mayShare: readonly string[] = [],
): readonly Step[] => [
  at(hours, ({ now }) => order.assent(purpose, recipient, now, mayShare)),
  at(hours, () => order.bestInterests(purpose, recipient, mayShare, said)),
  approves(hours + 1, "best-interests", said),
];

const childProtected: Part = ({ name, reach, said }) => [
  approves(1, "emergency", said),
  helpCame(1.1),
  at(1.1, ({ now }) => order.safeContact(reach, hoursAfter(now, 60 * day), said)),
  ...decidedForChild(1.2, said, "store-file", "own-organisation"),
  at(3, () => order.detail("name", name)),
  at(3, () => order.assessment("physical-safety", said.childPhysical)),
  at(3, () => order.assessment("digital-risk", said.childDigital)),
  ...facts(3, {
    "digital-action-could-escalate": "no",
    "safe-device": "yes",
    "wants-removal": "yes",
    "wants-law-report": "no",
  }),
  at(4, () => order.riskResponse(said.childResponse)),
];

const childContentRemoved: Part = ({ said }) => [
  ...decidedForChild(6, said, "removal", "T-takeitdown"),
  at(8, ({ now }) => order.takedown("T-takeitdown", now)),
  ...decidedForChild(9, said, "referral", recipientIn("child-space"), ["fact:harm"]),
  at(11, () => order.prepareReferral(recipientIn("child-space"), "child-protection", ["fact:harm"], said.childPlace)),
  at(11, () => order.sendReferral()),
];

/** A child mocked by classmates, whose mother came along. */
const childMocked: Part = ({ name, reach, said }) => [
  ...facts(0.1, {
    "private-now": "yes",
    age: "child",
    "immediate-danger": "no",
    "suicide-or-self-harm": "no",
    "guardian-unsafe": "no",
    harm: ["cyberbullying"],
    "sexual-content": "no",
    "content-exposure": "none",
    platforms: ["snapchat"],
    "honour-violence-risk": "no",
  }),
  at(0.3, ({ now }) => order.assent("store-file", "own-organisation", now)),
  at(0.3, ({ now }) => order.guardianConsent("store-file", "own-organisation", now, [], said)),
  at(0.3, ({ now }) => order.safeContact(reach, hoursAfter(now, 60 * day), said)),
  at(0.4, () => order.detail("name", name)),
  at(0.5, () => ({ type: "AssessRisk" })),
];

const childFollowed: Part = ({ said }) => [
  at(2, () => order.assessment("physical-safety", said.childSchool)),
  at(2, ({ now }) => order.planFollowUp(hoursAfter(now, 7 * day), said)),
];

type Kind = { readonly wording: "adult" | "child"; readonly parts: readonly Part[]; readonly openedHoursAgo: number };

/** Each kind as far as it has come, and when it was opened. */
const kinds: readonly Kind[] = [
  { wording: "adult", parts: [firstContact], openedHoursAgo: 1 },
  { wording: "adult", parts: [firstContact, picturesThreatened], openedHoursAgo: 5 },
  { wording: "adult", parts: [firstContact, picturesThreatened], openedHoursAgo: 31 },
  { wording: "adult", parts: [firstContact, picturesThreatened, answered], openedHoursAgo: 20 },
  { wording: "adult", parts: [firstContact, picturesThreatened, answered, contentRemoved], openedHoursAgo: 3 * day },
  {
    wording: "adult",
    parts: [firstContact, picturesThreatened, answered, contentRemoved, referred],
    openedHoursAgo: 4 * day,
  },
  {
    wording: "adult",
    parts: [firstContact, picturesThreatened, answered, contentRemoved, referred, followed],
    openedHoursAgo: 9 * day,
  },
  {
    wording: "adult",
    parts: [firstContact, picturesThreatened, answered, contentRemoved, referred, followed, ended],
    openedHoursAgo: 8 * day,
  },
  {
    wording: "adult",
    parts: [firstContact, picturesThreatened, answered, contentRemoved, referred, followed, ended, closed],
    openedHoursAgo: 16 * day,
  },
  { wording: "adult", parts: [firstContact, accountTaken], openedHoursAgo: 12 },
  { wording: "adult", parts: [firstContact, accountTaken], openedHoursAgo: 60 },
  { wording: "adult", parts: [firstContact, accountTaken, answered], openedHoursAgo: 2 * day },
  { wording: "adult", parts: [firstContact, harassed], openedHoursAgo: 26 },
  { wording: "adult", parts: [firstContact, harassed, watched], openedHoursAgo: 6 * day },
  { wording: "adult", parts: [firstContact, harassed, watched], openedHoursAgo: 15 * day },
  { wording: "child", parts: [childExtorted], openedHoursAgo: 2 },
  { wording: "child", parts: [childExtorted, childProtected], openedHoursAgo: 18 },
  { wording: "child", parts: [childExtorted, childProtected, childContentRemoved], openedHoursAgo: 5 * day },
  { wording: "child", parts: [childMocked], openedHoursAgo: 8 },
  { wording: "child", parts: [childMocked, childFollowed], openedHoursAgo: 10 * day },
];

type Names = { readonly adults: readonly string[]; readonly children: readonly string[] };

const namesIn: Readonly<Record<Writing, Names>> = {
  en: {
    adults: ["Hala", "Noor", "Zainab", "Rozhin", "Sara", "Avan", "Ahmed", "Karwan", "Tara", "Bayan", "Nian", "Dilovan"],
    children: ["Lia", "Mira", "Yousif", "Dana"],
  },
  ar: {
    adults: ["زهراء", "مريم", "نور", "رنا", "بيان", "سارة", "أحمد", "حيدر", "هدى", "زينب", "رؤى", "علي"],
    children: ["ميرا", "يوسف", "كرم", "فاطمة"],
  },
  ckb: {
    adults: ["ھەڵە", "شیلان", "ڕۆژین", "ئاڤان", "ئەژین", "تارا", "لانە", "ھێرۆ", "دڵۆڤان", "کاروان", "شەونم", "ئالان"],
    children: ["لیا", "ئارین", "سۆما", "نەوا"],
  },
};

/** What the caseworkers write in, in their order. */
const writings = ["en", "ar", "ckb"] as const satisfies readonly Writing[];

const storiesCount = 40;

export const stories: readonly Story[] = Array.from({ length: storiesCount }, (_, index) => {
  // Twice each kind, so that every caseworker has some of each.
  const kind = kinds[index % kinds.length];
  const caseworker = index % writings.length;
  const writing = writings[caseworker];
  if (kind === undefined || writing === undefined) throw new Error("There is a kind and a caseworker for every story.");
  const { adults, children } = namesIn[writing];
  const names = kind.wording === "adult" ? adults : children;
  const number = String(index + 1).padStart(2, "0");
  const person: Person = {
    name: names[Math.floor(index / writings.length) % names.length] ?? "",
    // No number of any network begins so.
    reach: `0000 000 01 ${number}`,
    said: saidIn[writing],
  };
  return {
    code: `KRI-2026-00${number}`,
    openedHoursAgo: kind.openedHoursAgo + (index >= kinds.length ? 1 : 0),
    caseworker,
    wording: kind.wording,
    steps: kind.parts.flatMap((part) => part(person)),
  };
});
