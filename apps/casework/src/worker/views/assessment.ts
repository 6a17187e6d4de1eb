/** Assessment: the danger and its clocks, what was looked at before anything is done, and what happened. */

import {
  type CaseEvent,
  type CaseState,
  type Floor,
  type Register,
  answerTo,
  incidentViews,
  riskFloors,
  standing,
} from "@amana/casefile";
import type { Block, Card, Mark, Row } from "../../case/screen.ts";
import { forms } from "../../forms/commands.ts";
import type { Values } from "../../forms/fields.ts";
import { assessmentKinds } from "../../forms/vocabulary.ts";
import { option, rowsOf, word } from "./rows.ts";
import { type Seen, act, actByOf } from "./seen.ts";

export const assessmentBlocks = (seen: Seen): readonly Block[] => [
  {
    title: "block.danger",
    cards: riskFloors(seen.state).map((floor) => floorCard(seen, floor)),
    empty: "block.danger.empty",
    acts: [
      act(seen, "AssessRisk"),
      act(seen, "RaiseRisk"),
      act(seen, "RecordRiskResponse"),
      act(seen, "ProposeLowerRisk"),
    ],
  },
  ...proposalBlock(seen),
  {
    title: "block.assessments",
    cards: assessmentKinds.map((kind) => assessmentCard(seen, kind)),
    empty: "block.assessments.empty",
    acts: [],
  },
  {
    title: "block.incidents",
    cards: incidentCards(seen),
    empty: "block.incidents.empty",
    acts: [act(seen, "RecordIncident")],
  },
];

const tones = { high: "alarm", medium: "watch", normal: "calm" } as const;

/** What was said when a level came to stand. */
export const saidFor = (state: CaseState, { mark }: Floor): CaseState["risk"]["said"][number]["value"] | undefined =>
  state.risk.said.find((said) => said.mark.entry === mark.entry && said.mark.index === mark.index)?.value;

/** A level is never shown without its ground: the rules that decided, or the words of whoever set it (S-12). */
const floorCard = (seen: Seen, floor: Floor): Card => {
  const said = saidFor(seen.state, floor);
  const dueAt = actByOf(seen, floor);
  return {
    id: `${floor.mark.entry}/${floor.mark.index}`,
    title: option("level", floor.level),
    marks: [
      { phrase: option("floorFrom", floor.from), tone: tones[floor.level] },
      ...(floor.isAnswered ? [{ phrase: word("mark.responded"), tone: "calm" } as const] : []),
    ],
    rows: [
      { label: word("field.recordedAt"), value: { kind: "moment", at: floor.mark.recordedAt } },
      { label: word("field.recordedBy"), value: { kind: "person", person: floor.mark.author } },
      ...(dueAt === undefined ? [] : [{ label: word("field.actBy"), value: { kind: "moment", at: dueAt } } as const]),
      ...(said?.type === "RiskRaised" ? rowsOf(forms.RaiseRisk, said).filter(isGround) : []),
      ...(said?.type === "RiskLoweringProposed" ? rowsOf(forms.ProposeLowerRisk, said).filter(isGround) : []),
    ],
    ...(said?.type === "RiskAssessed" ? { because: said.because } : {}),
    acts: [],
  };
};

/** The level itself is the card's title. */
const isGround = ({ label }: Row): boolean => label.kind === "word" && label.key === "field.because";

/** Lowering waits for a second person; the reasons stand side by side. */
const proposalBlock = (seen: Seen): readonly Block[] => {
  const proposed = seen.state.risk.said.flatMap(({ value, mark }) =>
    value.type === "RiskLoweringProposed" ? [{ value, mark, answer: answerTo(seen.state, mark.entry) }] : [],
  );
  if (proposed.length === 0) return [];
  return [
    {
      title: "block.lowering",
      empty: "block.lowering.empty",
      acts: [],
      cards: proposed.map(({ value, mark, answer }) => ({
        id: `${mark.entry}/${mark.index}`,
        title: option("level", value.level),
        marks: [{ phrase: option("proposal", answer), tone: answer === "waiting" ? "watch" : "calm" }],
        rows: [
          { label: word("field.recordedBy"), value: { kind: "person", person: mark.author } },
          ...rowsOf(forms.ProposeLowerRisk, value),
        ],
        acts:
          answer === "waiting"
            ? [
                act(seen, "Approve", { proposal: mark.entry, what: "risk-lowering" }),
                act(seen, "RefuseApproval", { proposal: mark.entry, what: "risk-lowering" }),
              ]
            : [],
      })),
    },
  ];
};

const assessmentCard = (seen: Seen, kind: string): Card => {
  const stands = standing(seen.state.assessments.saidByAssessment.get(kind));
  const isOutdated = stands.some(({ value }) => value.type === "AssessmentOutdated");
  return {
    id: kind,
    title: option("assessment", kind),
    marks: [standingMark(stands.length > 0, isOutdated)],
    rows: stands.flatMap(({ value, mark }) => [
      ...byRows(mark.author, mark.recordedAt),
      ...rowsOf(forms[value.type === "AssessmentRecorded" ? "RecordAssessment" : "OutdateAssessment"], value).filter(
        ({ label }) => label.kind !== "word" || label.key !== "field.assessment",
      ),
    ]),
    acts: [
      act(seen, "RecordAssessment", { assessment: kind }),
      ...(stands.length > 0 && !isOutdated ? [act(seen, "OutdateAssessment", { assessment: kind })] : []),
    ],
  };
};

export const standingMark = (isMade: boolean, isOutdated: boolean): Mark => {
  if (!isMade) return { phrase: word("mark.notYet"), tone: "watch" };
  return isOutdated ? { phrase: word("mark.outdated"), tone: "alarm" } : { phrase: word("mark.stands"), tone: "calm" };
};

export const byRows = (person: string, at: number): readonly Row[] => [
  { label: word("field.recordedBy"), value: { kind: "person", person } },
  { label: word("field.recordedAt"), value: { kind: "moment", at } },
];

/** Two people who corrected one incident without knowing of each other are both shown, and asked to settle it. */
const incidentCards = (seen: Seen): readonly Card[] =>
  [...seen.state.incidents.recordedById.values()].flatMap((register) => {
    const stands = standing(register);
    const [first] = stands;
    return first === undefined ? [] : [incidentCard(seen, first.value, stands)];
  });

type Incident = Extract<CaseEvent, { type: "IncidentRecorded" }>;

const incidentCard = (seen: Seen, incident: Incident, stands: Register<Incident>): Card => {
  const isDisputed = stands.length > 1;
  const view = incidentViews(seen.state, seen.now).find((each) => each.incident === incident.incident);
  const delay = view?.delay;
  return {
    // Not of its latest entry: a colleague who corrects it takes no open form away.
    id: incident.incident,
    title: option("incidentType", incident.incidentType),
    marks: isDisputed ? [{ phrase: word("mark.disagree"), tone: "watch" }] : [],
    rows: [
      ...stands.flatMap(({ value, mark }) => [
        ...(isDisputed ? byRows(mark.author, mark.recordedAt) : []),
        ...rowsOf(forms.RecordIncident, value),
      ]),
      ...(view?.contexts ?? []).map((context) => ({
        label: word("field.caseContext"),
        value: option("caseContext", context),
      })),
      ...(delay === undefined ? [] : [{ label: word("field.reportingDelay"), value: option("reportingDelay", delay) }]),
      ...(view?.mayCount === true
        ? []
        : [{ label: word("field.counted"), value: word("common.no"), follows: true } as const]),
    ],
    acts: [act(seen, "RecordIncident", { incident: incident.incident }, withoutType(incident))],
  };
};

const withoutType = ({ type: _type, incident: _incident, ...values }: Incident): Values => values;
