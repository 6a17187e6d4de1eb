/**
 * Answers that tell of danger, contacts at which it had got worse, and whether the level was weighed by somebody who had seen
 * them (G-SAFE-5, G-CM-4).
 *
 * An answer alone sets no level. Until somebody who knew of it has assessed, raised the level to the highest or let it go
 * down with a second person, the level on file says nothing of that danger.
 */

import { isApproved } from "../approvals/approvals.ts";
import { type By, type Mark, type Reference, compareMarks } from "../by.ts";
import { isWorseThanSafe } from "../facts/careful.ts";
import type { FactRecorded } from "../facts/facts.ts";
import { type FollowUpEvent, isWorse, worseFollowUps } from "../follow-ups/follow-ups.ts";
import { type Register, type Version, addVersion, standing, standingAmong, versionsBefore } from "../register.ts";
import type { CaseState } from "../state.ts";
import { type Level, type RiskEvent, type RiskState, type Weighed, isHigher, riskLevel } from "./risk.ts";

/** What may raise the level or shorten the time to act, by any rule of the domain (S-6, S-14). */
const dangers: ReadonlySet<string> = new Set([
  ...["immediate-danger", "physical-violence-threat", "honour-violence-risk", "suicide-or-self-harm"],
  ...["severe-blackmail", "credible-threat", "continued-harassment", "online-blackmail", "growing-family-pressure"],
  ...["escalating", "movement-restricted", "financial-coercion", "spreading", "content-exposure", "guardian-unsafe"],
  ...["severe-distress", "other-children-at-risk", "recent-sexual-assault", "offline-abuse", "sexual-content"],
  ...["age", "age-in-image", "harm"],
]);

/** Harms that are a child's, or are one's where the person is a child. */
const harmsOfChildren: readonly string[] = [
  ...["csam", "online-grooming", "live-streaming", "self-generated-content", "child-sexual-extortion"],
  ...["online-sexual-harassment", "sexual-extortion"],
];

export const tellsDanger = ({ fact, value }: Pick<FactRecorded, "fact" | "value">): boolean => {
  if (!dangers.has(fact)) return false;
  if (value.kind === "list") return value.values.some((one) => harmsOfChildren.includes(one));
  return value.kind === "one" && isWorseThanSafe(fact, value.value);
};

/** Beside the words on the level, so that their links say which of them had seen it. */
export const evolveDanger = (state: RiskState, event: FactRecorded, by: By): RiskState =>
  tellsDanger(event) ? { ...state, weighed: addVersion(state.weighed, event, by) } : state;

/** Beside them too: something was worse when the survivor was spoken to. */
export const evolveWorse = (state: RiskState, event: FollowUpEvent, by: By): RiskState =>
  isWorse(event) ? { ...state, weighed: addVersion(state.weighed, event, by) } : state;

const isWeighing = (state: CaseState, { value, mark }: Version<Weighed>): boolean => {
  switch (value.type) {
    case "RiskAssessed":
      return true;
    case "RiskRaised":
      return value.level === "high";
    case "RiskLoweringProposed":
      return isApproved(state, mark.entry);
    default:
      return false;
  }
};

/** A fact that tells of danger and that nobody has weighed: each time it was told so. The first told comes first. */
export type OpenDanger = { readonly fact: string; readonly told: Register<FactRecorded> };

export const openDangers = (state: CaseState): readonly OpenDanger[] => {
  const weighed = namesBefore(state, (version) => isWeighing(state, version));
  return [...dangers].flatMap((fact) => {
    const register = state.facts.saidByFact.get(fact) ?? [];
    const isOpen = ({ value, mark }: Version<FactRecorded>): boolean =>
      tellsDanger(value) && !weighed.has(nameOf(mark));
    // Told again, it has been known since the first time.
    return standing(register).some(isOpen) ? [{ fact, told: register.filter(isOpen) }] : [];
  });
};

/** The moments at which they were told. The first told comes first. */
export const dangersNotWeighed = (state: CaseState): readonly Mark[] =>
  openDangers(state)
    .flatMap(({ told }) => told.map(({ mark }) => mark))
    .sort(compareMarks);

/**
 * When it was said, at a contact, that something had got worse, and nobody who had seen it has spoken on the level since. Other
 * than a danger it is no answer to the rules' questions: the level is still shown, and a case that was closed stays closed.
 */
export const worseNotWeighed = (state: CaseState): readonly Mark[] => {
  const isSpeaking = (version: Version<Weighed>): boolean =>
    version.value.type === "RiskRaised" || isWeighing(state, version);
  const weighed = namesBefore(state, isSpeaking);
  const marks = worseFollowUps(state).flatMap((register) => register.map(({ mark }) => mark));
  return marks.filter((mark) => !weighed.has(nameOf(mark))).sort(compareMarks);
};

const namesBefore = ({ risk }: CaseState, isOne: (version: Version<Weighed>) => boolean): ReadonlySet<string> =>
  new Set([...versionsBefore(risk.weighed, isOne)].map(({ mark }) => nameOf(mark)));

const nameOf = ({ entry, index }: Reference): string => `${entry}/${index}`;

/**
 * Whether the rules say more of the case as it is than the level on file, and than they said when somebody last asked them: an
 * organisation's own pack may raise the level by any answer. Where two persons have let it down since, they have spoken. Two
 * devices with other packs may differ, so nothing that is folded rests on it.
 */
export const areRulesAhead = (state: CaseState, advised: Level | undefined): boolean => {
  const level = riskLevel(state);
  if (advised === undefined || level === undefined || !isHigher(advised, level)) return false;
  const { said } = state.risk;
  const isAnswer = ({ value, mark }: Version<RiskEvent>): boolean =>
    value.type === "RiskAssessed" || (value.type === "RiskLoweringProposed" && isApproved(state, mark.entry));
  return standingAmong(said, said.filter(isAnswer)).every(
    ({ value }) => value.type === "RiskAssessed" && isHigher(advised, value.level),
  );
};

/** The level as it is shown: none where a danger was told that nobody has weighed, and it could be higher. */
export const levelKnown = (state: CaseState, advised?: Level): Level | undefined => {
  const level = riskLevel(state);
  if (level === "high") return level;
  return dangersNotWeighed(state).length > 0 || areRulesAhead(state, advised) ? undefined : level;
};
