/** What somebody new does first. The steps of the organisation go away when they are true, a person's own when they say so. */

export const ownSteps = ["kit", "leave", "limits", "guide"] as const;
export type FirstStep = "second-person" | "recovery" | (typeof ownSteps)[number] | "first-case";

/** Taken instead of a step: no list any more. */
export const allSteps = "all";

/** Under this name a step stands among what somebody has chosen on this device. */
export const choiceOf = (step: string): string => `first-day ${step}`;

export const takenIn = (choices: Readonly<Record<string, string>>): readonly string[] =>
  [...ownSteps, allSteps].filter((step) => choices[choiceOf(step)] !== undefined);

export type Standing = {
  readonly openersElsewhere: number;
  readonly cases: number;
  readonly taken: readonly string[];
};

export const firstStepsOf = ({ openersElsewhere, cases, taken }: Standing): readonly FirstStep[] => [
  ...(openersElsewhere === 0 ? (["second-person"] as const) : []),
  ...(taken.includes(allSteps) ? [] : ownSteps.filter((step) => !taken.includes(step))),
  ...(openersElsewhere > 0 && cases === 0 ? (["first-case"] as const) : []),
];
