/**
 * The answer for reading: what to do first stands first, and everything says why.
 *
 * It shows what the pathway answered and adds no judgement of its own.
 */

import type { ActionAnswer, Answer, Urgency } from "@amana/pathway";
import { type Block, heading, paragraph } from "../output/page.ts";
import { type View, listInWords } from "../view.ts";
import type { TextKey } from "../words.ts";
import { askBlocks } from "./ask-page.ts";
import { contactBlocks } from "./contacts-page.ts";
import { gateBlocks } from "./gates-page.ts";
import { limitBlocks, reasonBlocks } from "./parts.ts";
import { toolBlocks } from "./tools-page.ts";

/** The whole answer as a page. */
export const answerPage = (view: View, answer: Answer, packName: string): readonly Block[] => [
  ...riskBlocks(view, answer, packName),
  ...urgencies.flatMap((urgency) => actionBlocks(view, answer, urgency)),
  ...gateBlocks(view, answer.gates),
  ...toolBlocks(view, answer.tools),
  heading(view.say("contacts.heading")),
  ...contactBlocks(view, answer.contacts),
  ...askBlocks(view, answer.ask),
  heading(view.say("about.heading")),
  paragraph(1, view.say("about.advice")),
];

const trackKeys = {
  adult: "track.adult",
  child: "track.child",
  "child-until-age-known": "track.child-until-age-known",
} as const satisfies Record<Answer["track"], TextKey>;

const riskBlocks = (view: View, { risk, track, pack }: Answer, packName: string): readonly Block[] => {
  const level = view.tell(`level.${risk.level}.name`, risk.level);
  const deadline =
    risk.actWithinHours === null
      ? view.say("risk.standard", { level })
      : view.say("risk.within", { level, hours: String(risk.actWithinHours) });
  return [
    heading(view.say("risk.heading")),
    paragraph(1, deadline),
    // What a level means is said of a level that stands; of one that may still change it would promise too much.
    paragraph(1, risk.provisional ? view.say("risk.provisional") : (view.find(`level.${risk.level}.means`) ?? "")),
    paragraph(1, view.say(trackKeys[track])),
    ...reasonBlocks(view, 1, risk.because),
    paragraph(1, view.say("pack.line", { name: packName, id: pack.id, version: pack.version })),
  ];
};

const urgencies = ["now", "24h", "48h", "standard"] as const satisfies readonly Urgency[];

const urgencyKeys = {
  now: "actions.now",
  "24h": "actions.24h",
  "48h": "actions.48h",
  standard: "actions.standard",
} as const satisfies Record<Urgency, TextKey>;

const actionBlocks = (view: View, answer: Answer, urgency: Urgency): readonly Block[] => {
  const actions = answer.actions.filter((action) => action.urgency === urgency);
  if (actions.length === 0) return [];
  return [
    heading(view.say(urgencyKeys[urgency])),
    ...actions.flatMap((action, index) => oneAction(view, action, index + 1)),
  ];
};

const actorKeys = {
  survivor: "actor.survivor",
  responder: "actor.responder",
  provider: "actor.provider",
} as const satisfies Record<ActionAnswer["actor"], TextKey>;

const handlingKeys = {
  none: null,
  fingerprint: "handles.fingerprint",
  capture: "handles.capture",
  copy: "handles.copy",
  upload: "handles.upload",
  forward: "handles.forward",
} as const satisfies Record<ActionAnswer["handles"], TextKey | null>;

const oneAction = (view: View, action: ActionAnswer, place: number): readonly Block[] => {
  const handles = handlingKeys[action.handles];
  // What a helper does is told to the person it is about as what she may ask for, which is nobody's order.
  const isSaid = view.voice === "other" || action.actor === "survivor";
  const who = [
    ...(isSaid ? [view.say("action.who", { actor: view.say(actorKeys[action.actor]) })] : []),
    ...(handles === null ? [] : [view.say(handles)]),
  ];
  return [
    ...whatToDo(view, action.id, `${String(place)}. `),
    paragraph(3, listInWords(view, who)),
    ...limitBlocks(view, 3, limitsShown(view, action)),
    ...reasonBlocks(view, 3, action.because),
  ];
};

/** A title is an order to whoever helps: to the person it is about the pack says what there is instead. */
const whatToDo = (view: View, action: string, place: string): readonly Block[] => {
  const own = view.voice === "self" ? view.find(`action.${action}.self`) : undefined;
  if (own !== undefined) return [paragraph(1, own, place)];
  return [
    paragraph(1, view.tell(`action.${action}.title`, action), place),
    paragraph(3, view.find(`action.${action}.how`) ?? ""),
  ];
};

/** What limits only the acts of helpers is not said to the person it is about. */
const limitsShown = ({ voice, pack }: View, { limits }: ActionAnswer): readonly string[] => {
  if (voice === "other") return limits;
  const own = [...pack.actions.filter(({ actor }) => actor === "survivor"), ...pack.gates, ...pack.tools].flatMap(
    (each) => each.limits.map(({ limit }) => limit),
  );
  return limits.filter((limit) => own.includes(limit));
};
