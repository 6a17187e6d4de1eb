/** The consent form: blank, or filled with an answer that stands. Nobody's name is on it but what is written in by hand. */

import { type CaseEvent, ageOf, codesOf, consentStanding, isGuardianToBeAsked, standing } from "@amana/casefile";
import { purposes } from "../../forms/vocabulary.ts";
import type { ConsentAbout, ConsentFormView } from "../../print/paper.ts";
import { recipientsIn } from "./closed.ts";
import type { Seen } from "./seen.ts";

export const consentFormOf = (seen: Seen, about: ConsentAbout | undefined): ConsentFormView => {
  const isChild = ageOf(seen.state) === "child";
  return {
    code: codesOf(seen.state)[0] ?? "",
    choices: purposes.flatMap((purpose) =>
      recipientsIn(seen.state, purpose).map((recipient) => ({ purpose, recipient })),
    ),
    about,
    signs: isChild ? ["child", ...(isGuardianToBeAsked(seen.state) ? (["guardian"] as const) : [])] : ["survivor"],
    ...answerOf(seen, isChild ? "child" : "survivor", about),
  };
};

type Answer = Pick<ConsentFormView, "answer" | "givenAt" | "mayShare" | "limits">;

const blank: Answer = { answer: undefined, givenAt: undefined, mayShare: [], limits: [] };

/** While an entry cannot be read here, an answer could have been taken back: the form stays blank. */
const answerOf = (seen: Seen, whose: "survivor" | "child", about: ConsentAbout | undefined): Answer => {
  if (about === undefined || seen.isUnreadLeft) return blank;
  const stands = consentStanding(seen.state, seen.now, whose, about.purpose, about.recipient);
  if (stands.kind === "no") return { ...blank, answer: "no", givenAt: givenAt(seen, whose, about) };
  if (stands.kind !== "yes") return blank;
  return {
    answer: "yes",
    givenAt: givenAt(seen, whose, about),
    mayShare: stands.mayShare,
    limits: stands.limits,
  };
};

const givenAt = ({ state }: Seen, whose: string, about: ConsentAbout): number | undefined => {
  const register = state.consent.saidByWhoseAndPurpose.get(`${whose}/${about.purpose}`);
  const given = standing(register?.filter(({ value }) => value.recipient === about.recipient)).flatMap(({ value }) =>
    momentIn(value),
  );
  return given.length === 0 ? undefined : Math.max(...given);
};

const momentIn = (event: CaseEvent): readonly number[] => ("givenAt" in event ? [event.givenAt] : []);
