/** What waits for a second person in one case: what is so now beside what is proposed, why and by whom. */

import {
  type CaseEvent,
  type CaseState,
  type Floor,
  factValue,
  levelKnown,
  riskFloors,
  riskLevel,
  waitingProposals,
} from "@amana/casefile";
import type { Facts } from "@amana/pathway";
import type { Row } from "../../case/screen.ts";
import { forms } from "../../forms/commands.ts";
import type { ApprovalView } from "../../screens/supervise/views.ts";
import { saidFor } from "./assessment.ts";
import { option, rowsOf, word } from "./rows.ts";
import { type Seen, act, actByOf } from "./seen.ts";

export const approvalsOf = (seen: Seen): readonly ApprovalView[] =>
  waitingProposals(seen.state).flatMap(({ kind, mark }): readonly ApprovalView[] => {
    const proposed = seen.state.history.find((item) => item.mark.entry === mark.entry && isProposed(item.event));
    if (proposed === undefined) return [];
    const given = { proposal: mark.entry, what: kind };
    return [
      {
        log: seen.log,
        code: "",
        level: levelKnown(seen.state, seen.advice.answer.risk.level),
        kind,
        proposal: mark.entry,
        by: mark.author,
        at: mark.recordedAt,
        now: nowRows(seen, kind),
        proposed: proposedRows(proposed.event),
        acts: [act(seen, "Approve", given), act(seen, "RefuseApproval", given)],
      },
    ];
  });

const isProposed = ({ type }: CaseEvent): boolean =>
  type === "RiskLoweringProposed" ||
  type === "BestInterestsProposed" ||
  type === "EvidenceExceptionProposed" ||
  type === "EmergencyActed";

const proposedRows = (event: CaseEvent): readonly Row[] => {
  switch (event.type) {
    case "RiskLoweringProposed":
      return rowsOf(forms.ProposeLowerRisk, event);
    case "BestInterestsProposed":
      return rowsOf(forms.ProposeBestInterests, event);
    case "EvidenceExceptionProposed":
      return rowsOf(forms.ProposeEvidenceException, event);
    case "EmergencyActed":
      return rowsOf(forms.ActInEmergency, event);
    default:
      return [];
  }
};

/** What whoever decides has to see beside the proposal. */
const nowRows = (seen: Seen, kind: ApprovalView["kind"]): readonly Row[] => {
  switch (kind) {
    case "risk-lowering":
      return dangerRows(seen);
    case "best-interests":
      return factRows(seen, ["age", "guardian-unsafe", "immediate-danger"]);
    case "evidence-exception":
      return factRows(seen, ["age", "harm"]);
    case "emergency":
      return [...dangerRows(seen), ...factRows(seen, ["immediate-danger"])];
    default:
      return kind satisfies never;
  }
};

/** Each ground for the level as it stands, and the clock that runs for it. */
const dangerRows = (seen: Seen): readonly Row[] => {
  const { state } = seen;
  const level = riskLevel(state);
  return [
    ...(level === undefined ? [] : [{ label: word("field.level"), value: option("level", level) }]),
    ...riskFloors(state).flatMap((floor): readonly Row[] => {
      const dueAt = actByOf(seen, floor);
      return [
        {
          label: option("floorFrom", floor.from),
          value: {
            kind: "list",
            of: [
              option("level", floor.level),
              { kind: "person", person: floor.mark.author },
              { kind: "moment", at: floor.mark.recordedAt },
            ],
          },
        },
        ...(dueAt === undefined
          ? []
          : [{ label: word("field.actBy"), value: { kind: "moment", at: dueAt } } satisfies Row]),
        ...groundRows(state, floor),
      ];
    }),
  ];
};

/** Why it is so: the answers that decided then, or the words of whoever set it. */
const groundRows = (state: CaseState, floor: Floor): readonly Row[] => {
  const said = saidFor(state, floor);
  if (said?.type === "RiskRaised" || said?.type === "RiskLoweringProposed")
    return [{ label: word("field.because"), value: { kind: "text", text: said.because } }];
  if (said?.type !== "RiskAssessed") return [];
  const decided = new Map<string, Facts[string]>(said.because.flatMap(({ facts }) => Object.entries(facts)));
  return [...decided].map(([fact, value]) => ({
    label: { kind: "fact", fact },
    value: { kind: "answer", fact, value },
  }));
};

const factRows = ({ state, pack }: Seen, facts: readonly string[]): readonly Row[] =>
  facts
    .filter((fact) => pack.facts.some(({ id }) => id === fact))
    .map((fact) => ({ label: { kind: "fact", fact }, value: { kind: "answer", fact, value: factValue(state, fact) } }));
