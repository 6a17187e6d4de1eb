/**
 * Answers that tell of danger, and whether the level was weighed by somebody who had seen them (G-SAFE-5, G-CM-4).
 *
 * An answer alone sets no level. Until somebody who knew of it has assessed, raised the level to the highest or let it go
 * down with a second person, the level on file says nothing of that danger.
 */

import { isApproved } from "../approvals/approvals.ts";
import { type By, type Mark, type Reference, compareMarks } from "../by.ts";
import { isWorseThanSafe } from "../facts/careful.ts";
import type { FactRecorded } from "../facts/facts.ts";
import { type Register, type Version, addVersion, standing, versionsBefore } from "../register.ts";
import type { CaseState } from "../state.ts";
import { type Level, type RiskState, type Weighed, riskLevel } from "./risk.ts";

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
  const before = versionsBefore(state.risk.weighed, (version) => isWeighing(state, version));
  const weighed = new Set([...before].map(({ mark }) => nameOf(mark)));
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

const nameOf = ({ entry, index }: Reference): string => `${entry}/${index}`;

/** The level as it is shown: none where a danger was told that nobody has weighed, and it could be higher. */
export const levelKnown = (state: CaseState): Level | undefined => {
  const level = riskLevel(state);
  return level === "high" || dangersNotWeighed(state).length === 0 ? level : undefined;
};
