/** Consent, purpose by purpose and recipient by recipient: who said what, what stands, and why something does not. */

import {
  ageOf,
  consentStanding,
  isAgreed,
  isGuardianToBeAsked,
  waitingProposals,
  type Standing,
} from "@amana/casefile";
import type { Act, ConsentRow, Mark, Row, SectionView } from "../../case/screen.ts";
import { forms } from "../../forms/commands.ts";
import { purposes } from "../../forms/vocabulary.ts";
import { recipientsIn } from "./closed.ts";
import { option, rowsOf, text, word } from "./rows.ts";
import { type Seen, act } from "./seen.ts";

const everyone = ["survivor", "child", "guardian", "best-interests"] as const;

export const consentView = (seen: Seen): SectionView => ({
  kind: "consent",
  rows: purposes.flatMap((purpose) =>
    recipientsIn(seen.state, purpose).map((recipient) => consentRow(seen, purpose, recipient)),
  ),
  age: ageOf(seen.state),
  isGuardianToBeAsked: isGuardianToBeAsked(seen.state),
  answer: seen.advice.answer,
  // Asking for consent is a question like each that is put to the survivor, and waits for the same.
  closed: act(seen, "RecordDetail").closed,
  acts: ageOf(seen.state) === "adult" ? actsForAdult(seen) : actsForChild(seen),
});

/** Nobody decides in the place of an adult, and nobody else's consent is there to be taken back. */
const actsForAdult = (seen: Seen): readonly Act[] => [act(seen, "WithdrawConsent", { whose: "survivor" })];

const actsForChild = (seen: Seen): readonly Act[] => [act(seen, "ProposeBestInterests"), act(seen, "WithdrawConsent")];

const consentRow = (seen: Seen, purpose: string, recipient: string): ConsentRow => {
  const { state, now } = seen;
  const standings = everyone.flatMap((whose) => {
    const stands = consentStanding(state, now, whose, purpose, recipient);
    return stands.kind === "none" ? [] : [{ whose, mark: standingMark(stands), rows: standingRows(stands) }];
  });
  return {
    purpose,
    recipient,
    // A purpose of this list is one of the case file's own, as a test of the vocabulary holds.
    isAgreed: isAgreed(state, now, purpose as Parameters<typeof isAgreed>[2], recipient),
    standings: [...standings, ...waitingDecisions(seen, purpose, recipient)],
    acts: [
      ...proposalActs(seen, purpose, recipient),
      ...everyone
        .filter((whose) => isThereToTakeBack(consentStanding(state, now, whose, purpose, recipient)))
        .map((whose) => act(seen, "WithdrawConsent", { purpose, recipient, whose })),
      ...approvalActs(seen, purpose, recipient),
    ],
  };
};

/** Only what was given: a "no", a "cannot" and what was taken back already leave nothing to take back here. */
const isThereToTakeBack = ({ kind }: Standing): boolean => kind === "yes" || kind === "flawed";

const standingMark = (stands: Standing): Mark => ({
  phrase: option("standing", stands.kind),
  tone: stands.kind === "yes" || stands.kind === "cannot" ? "calm" : stands.kind === "flawed" ? "alarm" : "watch",
});

const standingRows = (stands: Standing): readonly Row[] => {
  if (stands.kind === "flawed") {
    return stands.flaws.map((flaw) => ({ label: word("field.flaw"), value: option("flaw", flaw) }));
  }
  if (stands.kind !== "yes") return [];
  return [
    ...rowsOf(
      forms.ProposeBestInterests.filter(({ name }) => name === "mayShare"),
      { mayShare: stands.mayShare },
    ),
    ...stands.limits.map((limit) => ({ label: word("field.limits"), value: text(limit) })),
    ...(stands.expiresAt === undefined
      ? []
      : [{ label: word("field.expiresAt"), value: { kind: "moment", at: stands.expiresAt } } as const]),
  ];
};

/** Best-interests decisions of this purpose and recipient that nobody has answered. */
const waitingFor = ({ state }: Seen, purpose: string, recipient: string) => {
  const waiting = new Set(waitingProposals(state).map(({ mark }) => mark.entry));
  return [...state.consent.saidByWhoseAndPurpose.values()]
    .flat()
    .flatMap(({ value, mark }) =>
      value.type === "BestInterestsProposed" &&
      value.purpose === purpose &&
      value.recipient === recipient &&
      waiting.has(mark.entry)
        ? [{ value, mark }]
        : [],
    );
};

const waitingDecisions = (seen: Seen, purpose: string, recipient: string): ConsentRow["standings"] =>
  waitingFor(seen, purpose, recipient).map(({ value, mark }) => ({
    whose: "best-interests",
    mark: { phrase: option("proposal", "waiting"), tone: "watch" },
    rows: [
      { label: word("field.recordedBy"), value: { kind: "person", person: mark.author } },
      ...rowsOf(
        forms.ProposeBestInterests.filter(({ name }) => name !== "purpose" && name !== "recipient"),
        value,
      ),
    ],
  }));

/** Where the child has agreed and nobody has decided, the decision is for exactly this purpose and recipient. */
const proposalActs = (seen: Seen, purpose: string, recipient: string): readonly Act[] => {
  const { state, now } = seen;
  const child = consentStanding(state, now, "child", purpose, recipient).kind;
  const isDecided = consentStanding(state, now, "best-interests", purpose, recipient).kind !== "none";
  if (ageOf(state) === "adult" || (child !== "yes" && child !== "cannot") || isDecided) return [];
  return waitingFor(seen, purpose, recipient).length > 0
    ? []
    : [act(seen, "ProposeBestInterests", { purpose, recipient })];
};

const approvalActs = (seen: Seen, purpose: string, recipient: string): readonly Act[] =>
  waitingFor(seen, purpose, recipient).flatMap(({ mark }) => [
    act(seen, "Approve", { proposal: mark.entry, what: "best-interests" }),
    act(seen, "RefuseApproval", { proposal: mark.entry, what: "best-interests" }),
  ]);
