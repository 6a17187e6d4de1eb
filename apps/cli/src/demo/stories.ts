/**
 * Forty invented cases, of every kind and stage. A story is a list of steps, each some hours after the case was opened, each by
 * the caseworker or, where a second person is needed, by the supervisor.
 */

import { waitingProposals, type CaseCommand, type CaseState, type ProposalKind } from "@amana/casefile";
import { later, type Instant } from "@amana/kernel";
import * as order from "./orders.ts";

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

type Person = { readonly name: string; readonly reach: string };
type Part = (person: Person) => readonly Step[];

const hourMilliseconds = 3_600_000;
const hoursAfter = (moment: Instant, hours: number): Instant => later(moment, Math.round(hours * hourMilliseconds));
const day = 24;

const at = (hours: number, command: (moment: Moment) => CaseCommand): Step => ({ hours, by: "caseworker", command });
const facts = (hours: number, given: Readonly<Record<string, string | readonly string[]>>): readonly Step[] =>
  Object.entries(given).map(([name, value]) => at(hours, ({ now }) => order.fact(name, value, now)));

/** The supervisor approves what waits of this kind. */
const approves = (hours: number, kind: ProposalKind): Step => ({
  hours,
  by: "supervisor",
  command: ({ state }) => {
    const [waiting] = waitingProposals(state).filter((proposal) => proposal.kind === kind);
    if (waiting === undefined) throw new Error("A story waits for an approval that nobody asked for.");
    const proposal = waiting.mark.entry;
    return kind === "emergency"
      ? { type: "Approve", proposal, what: kind, because: "Told at once; it could not wait." }
      : { type: "Approve", proposal, what: kind };
  },
});

/** What everybody is asked before anything is kept. */
const firstContact: Part = ({ name, reach }) => [
  ...facts(0.1, { "private-now": "yes", "immediate-danger": "no", "suicide-or-self-harm": "no" }),
  at(0.2, ({ now }) => order.safeContact(reach, hoursAfter(now, 60 * day))),
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

const answered: Part = () => [
  at(2, () => order.safetyItem("safety-1", "If he finds out I go to my aunt in Duhok.", "shelter")),
  at(2, () => order.safetyItem("safety-2", "My sister keeps my papers.", "people")),
  at(3, () => order.riskResponse("Safety plan made together; the aunt knows; a shelter is on call.")),
  at(3, () =>
    order.assessment("physical-safety", "Looked at with her: the brothers are the danger, the aunt an ally."),
  ),
  at(3, () => order.assessment("digital-risk", "He has the password of one account and knows her number.")),
];

const contentRemoved: Part = () => [
  ...facts(4, {
    "digital-action-could-escalate": "yes",
    "digital-escalation-planned": "yes",
    "safe-device": "yes",
    "blocking-safe": "no",
    "wants-removal": "yes",
    "evidence-safe-to-keep": "yes",
  }),
  at(4.2, ({ now }) => order.consent("digital", "change-passwords", now)),
  at(4.2, () => order.changePasswords()),
  at(20, () => order.digitalDone()),
  at(21, ({ now }) => order.consent("removal", "T-stopncii", now)),
  at(21, ({ now }) => order.takedown("T-stopncii", now)),
];

const referred: Part = () => [
  at(22, () => order.serviceNeed("mental-health")),
  at(22, ({ now }) => order.goal("I want to sleep again.", "mental-health", hoursAfter(now, 30 * day))),
  at(22, ({ now }) => order.consent("referral", "the-clinic", now, ["fact:harm", "safe-contact"])),
  at(22, () =>
    order.prepareReferral(
      "the-clinic",
      "mental-health",
      ["fact:harm", "safe-contact"],
      "Asks for somebody to talk to; cannot sleep.",
    ),
  ),
  at(22, () => order.sendReferral()),
];

const followed: Part = () => [
  at(2 * day, () => order.referralAccepted()),
  at(2 * day, () => order.legalRisk("A-nss")),
  at(2 * day, () => order.notReport("My father would hear of it.")),
  at(2 * day, ({ now }) => order.planFollowUp(hoursAfter(now, 5 * day))),
];

const ended: Part = () => [
  at(7 * day, ({ now }) => order.followUp(now)),
  at(7 * day, ({ now }) => order.takedownCheck("removed", now)),
  ...(["honour-violence-risk", "online-blackmail"] as const).map((name) =>
    at(7 * day, ({ now }) => order.fact(name, "no", now, "It changed since.")),
  ),
  at(7 * day, ({ now }) => order.fact("content-exposure", "none", now, "It changed since.")),
  at(7 * day, () => ({ type: "AssessRisk" })),
  at(7 * day, () => order.riskResponse("Reviewed together; he has stopped and the account is gone.")),
  at(7 * day, () => ({
    type: "ProposeLowerRisk",
    level: "normal",
    because: "He has stopped, and holds nothing any more.",
  })),
];

const closed: Part = () => [
  approves(8 * day, "risk-lowering"),
  at(9 * day, () => order.referralDone("Six meetings.")),
  at(9 * day, () => order.closeReferral()),
  at(9 * day, () => order.goalMet()),
  at(9 * day, () => ({ type: "ReviewSafetyPlan", madeWithSurvivor: true, stillFits: true })),
  at(9 * day, () => order.closeCase()),
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

const watched: Part = () => [
  at(3, () => order.assessment("digital-risk", "No access to accounts; the messages come from outside.")),
  at(3, () =>
    order.note("Wants it noted and nothing done for now; was told that doing nothing is one of the choices."),
  ),
  at(3, ({ now }) => order.planFollowUp(hoursAfter(now, 14 * day))),
];

/** A child extorted with pictures of their own, whose father takes part. */
const childExtorted: Part = () => [
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
  at(0.4, () => order.emergency()),
];

const decidedForChild = (
  hours: number,
  purpose: Parameters<typeof order.assent>[0],
  recipient: string,
  mayShare: readonly string[] = [],
): readonly Step[] => [
  at(hours, ({ now }) => order.assent(purpose, recipient, now, mayShare)),
  at(hours, () => order.bestInterests(purpose, recipient, mayShare)),
  approves(hours + 1, "best-interests"),
];

const childProtected: Part = ({ name }) => [
  approves(1, "emergency"),
  ...decidedForChild(1.2, "store-file", "own-organisation"),
  at(3, () => order.detail("name", name)),
  at(3, () => order.assessment("physical-safety", "The father took part; the grandmother is an ally.")),
  at(3, () => order.assessment("digital-risk", "The child's own phone is looked through at home.")),
  ...facts(3, {
    "digital-action-could-escalate": "no",
    "safe-device": "yes",
    "wants-removal": "yes",
    "wants-law-report": "no",
  }),
  at(4, () => order.riskResponse("Child protection has seen the child, who sleeps at the grandmother's.")),
];

const childContentRemoved: Part = () => [
  ...decidedForChild(6, "removal", "T-takeitdown"),
  at(8, ({ now }) => order.takedown("T-takeitdown", now)),
  ...decidedForChild(9, "referral", "child-friendly-space", ["fact:harm"]),
  at(11, () =>
    order.prepareReferral(
      "child-friendly-space",
      "child-protection",
      ["fact:harm"],
      "A place to be with other children.",
    ),
  ),
  at(11, () => order.sendReferral()),
];

/** A child mocked by classmates, whose mother came along. */
const childMocked: Part = ({ name, reach }) => [
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
  at(0.3, ({ now }) => order.guardianConsent("store-file", "own-organisation", now)),
  at(0.3, ({ now }) => order.safeContact(reach, hoursAfter(now, 60 * day))),
  at(0.4, () => order.detail("name", name)),
  at(0.5, () => ({ type: "AssessRisk" })),
];

const childFollowed: Part = () => [
  at(2, () => order.assessment("physical-safety", "Safe at home; afraid of the way to school.")),
  at(2, ({ now }) => order.planFollowUp(hoursAfter(now, 7 * day))),
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

const adultNames = [
  ...["هەڵە", "شیلان", "نور", "ڕۆژین", "زهراء", "مريم", "ئاڤان", "سارا", "ئەژین", "تارا", "لانە", "هێرۆ"],
  ...["أحمد", "دڵۆڤان", "کاروان", "سەنگەر", "بيان", "رنا", "شەونم", "ڕێزان", "جوان", "نيان", "ئالان", "سروە"],
] as const;
const childNames = ["لیا", "ميرا", "ئارین", "دانا", "يوسف", "سۆما", "هيڤي", "نەوا", "زینە", "كرم"] as const;

const storiesCount = 40;
const caseworkersCount = 3;

export const stories: readonly Story[] = Array.from({ length: storiesCount }, (_, index) => {
  // Twice each kind, so that every caseworker has some of each.
  const kind = kinds[index % kinds.length];
  if (kind === undefined) throw new Error("There is a kind for every story.");
  const names: readonly string[] = kind.wording === "adult" ? adultNames : childNames;
  const number = String(index + 1).padStart(2, "0");
  const person = { name: names[index % names.length] ?? "", reach: `0750 000 01 ${number}` };
  return {
    code: `KRI-2026-00${number}`,
    openedHoursAgo: kind.openedHoursAgo + (index >= kinds.length ? 1 : 0),
    caseworker: index % caseworkersCount,
    wording: kind.wording,
    steps: kind.parts.flatMap((part) => part(person)),
  };
});
