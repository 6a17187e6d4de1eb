/**
 * How soon the organisation wants what done, as its policy says: `due` in the map of `PolicySet`, keys.md §7. Two people
 * have agreed on it, and still a mistake in it must not hide what is due: a number that cannot be is not taken, and what
 * is left out stands as it stands for everybody.
 */

import { defaultDuePolicy, type DuePolicy } from "@amana/casefile";
import { encodeCbor, isCborMap, sha256, toHex, type CborMap, type CborValue, type EntryHash } from "@amana/log";
import { organisationReading } from "../logs/read.ts";
import type { Guidance } from "../ports.ts";
import type { Unlocked } from "../unlocked.ts";

/** A year, in the unit of each number. Later is never. */
const hoursMax = 8784;
const daysMax = 366;

/** As this device knows the organisation. Called in turn. */
export const ownDuePolicy = async (unlocked: Unlocked): Promise<DuePolicy> =>
  duePolicyOf((await organisationReading(unlocked))?.current.policy ?? {});

export const duePolicyOf = ({ due }: CborMap): DuePolicy => {
  const said = mapIn(due);
  const [answers, reassess] = [mapIn(said["referralAnswerHours"]), mapIn(said["reassessDays"])];
  const standing = defaultDuePolicy;
  const { referralAnswerHours, reassessDays } = standing;
  return {
    approvalHours: within(said["approvalHours"], hoursMax, standing.approvalHours),
    emergencyApprovalHours: within(said["emergencyApprovalHours"], hoursMax, standing.emergencyApprovalHours),
    referralAnswerHours: {
      now: within(answers["now"], hoursMax, referralAnswerHours.now),
      "24h": within(answers["24h"], hoursMax, referralAnswerHours["24h"]),
      "48h": within(answers["48h"], hoursMax, referralAnswerHours["48h"]),
      standard: within(answers["standard"], hoursMax, referralAnswerHours.standard),
    },
    referralFollowUpHours: within(said["referralFollowUpHours"], hoursMax, standing.referralFollowUpHours),
    takedownCheckHours: within(said["takedownCheckHours"], hoursMax, standing.takedownCheckHours),
    firstAssessmentHours: within(said["firstAssessmentHours"], hoursMax, standing.firstAssessmentHours),
    reassessDays: {
      high: within(reassess["high"], daysMax, reassessDays.high),
      medium: within(reassess["medium"], daysMax, reassessDays.medium),
      normal: within(reassess["normal"], daysMax, reassessDays.normal),
    },
    consentEndsWithinDays: within(said["consentEndsWithinDays"], daysMax, standing.consentEndsWithinDays),
    dueWithinHours: within(said["dueWithinHours"], hoursMax, standing.dueWithinHours),
    comingWithinDays: within(said["comingWithinDays"], daysMax, standing.comingWithinDays),
  };
};

const mapIn = (value: CborValue = {}): CborMap => (isCborMap(value) ? value : {});

/** Whole, and more than nothing: whoever wants something at once writes 1. */
const within = (value: CborValue | undefined, max: number, standing: number): number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= max ? value : standing;

/** What of the guidance in use a row rests on. */
export type GuidanceKnown = Pick<Guidance, "vocabulary" | "version">;

/** What of the organisation counts for nothing any more (`OrganisationReading`): it may have given somebody their say in any case. */
export type PassedOver = ReadonlySet<EntryHash>;

/**
 * What a row was made with: the policy, the guidance, and what of the organisation was passed over. A newer pack asks again what the
 * one before did not understand, or asks no more, and its rules may say more of a case.
 */
export const dueMark = (policy: DuePolicy, guidance: GuidanceKnown, passedOver: PassedOver): string =>
  `${duePolicyMark(policy)}${guidanceMark(guidance)}${passedOverMark(passedOver)}`;

/** Whether a row with this mark was made when no more and no less was passed over. */
export const isMadeUnder = (mark: string, passedOver: PassedOver): boolean =>
  passedOver.size === 0 ? !mark.includes("!") : mark.endsWith(passedOverMark(passedOver));

const shortMarkLength = 8;

const passedOverMark = (passedOver: PassedOver): string =>
  passedOver.size === 0 ? "" : `!${shortMarkOf([...passedOver].sort())}`;

const shortMarkOf = (value: CborValue): string => toHex(sha256(encodeCbor(value))).slice(0, shortMarkLength);

/** Asked for with every row that is made, and the same for as long as the guidance is. */
const guidanceMarks = new WeakMap<GuidanceKnown, string>();

const guidanceMark = (guidance: GuidanceKnown): string => {
  const mark = guidanceMarks.get(guidance) ?? markOfGuidance(guidance);
  guidanceMarks.set(guidance, mark);
  return mark;
};

const markOfGuidance = ({ vocabulary, version }: GuidanceKnown): string => {
  if (vocabulary === undefined && version === undefined) return "";
  const facts = [...(vocabulary ?? [])].map(([fact, { kind, values }]) => [fact, kind, [...values]]);
  return `~${shortMarkOf([facts, version ?? ""])}`;
};

/** Empty for what stands for everybody; the same text exactly if the same things are due at the same moments. */
export const duePolicyMark = (policy: DuePolicy): string => {
  const mark = momentsOf(policy);
  return mark === momentsOf(defaultDuePolicy) ? "" : mark;
};

/** How far one looks ahead, and what is called coming, is judged when somebody looks. */
const momentsOf = ({ referralAnswerHours: answers, reassessDays: reassess, ...policy }: DuePolicy): string =>
  [
    ...[policy.approvalHours, policy.emergencyApprovalHours, answers.now, answers["24h"], answers["48h"]],
    ...[answers.standard, policy.referralFollowUpHours, policy.takedownCheckHours, policy.firstAssessmentHours],
    ...[reassess.high, reassess.medium, reassess.normal],
  ].join("/");
