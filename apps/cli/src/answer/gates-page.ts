/** Gates for reading: what is open, what is closed and what it still needs. */

import type { GateAnswer } from "@amana/pathway";
import { type Block, heading, paragraph } from "../output/page.ts";
import { type View, listInWords, reasonInWords } from "../view.ts";
import type { TextKey } from "../words.ts";
import { limitBlocks, reasonBlocks } from "./parts.ts";

/** To the person it is about, a closed gate is a check to make first and never something forbidden (DOMAIN §13). */
const stateKeys = {
  open: "gate.open",
  closed: "gate.closed",
  "not-applicable": "gate.not-applicable",
} as const satisfies Record<GateAnswer["state"], TextKey>;

export const gateBlocks = (view: View, gates: Readonly<Record<string, GateAnswer>>): readonly Block[] => [
  heading(view.say("gates.heading")),
  ...Object.entries(gates).flatMap(([id, gate]) => oneGate(view, id, gate)),
];

const oneGate = (view: View, id: string, gate: GateAnswer): readonly Block[] => {
  const needs = gate.needs.map((fact) => view.tell(`fact.${fact}.name`, fact));
  return [
    paragraph(1, view.say(stateKeys[gate.state], { gate: view.tell(`gate.${id}.name`, id) }), "- "),
    paragraph(2, meaning(view, id, gate)),
    ...(needs.length === 0 ? [] : [paragraph(2, view.say("gate.needs", { facts: listInWords(view, needs) }))]),
    ...limitBlocks(view, 2, gate.limits),
    ...(gate.state === "closed" ? firstBlocks(view, gate) : reasonBlocks(view, 2, gate.because)),
  ];
};

/** The rules of a closed gate say what must be so, which is not yet known to be. */
const firstBlocks = (view: View, { because }: GateAnswer): readonly Block[] => [
  paragraph(2, view.say("gate.first")),
  ...because.map((reason) => paragraph(3, reasonInWords(view, reason), "- ")),
];

const meaning = (view: View, id: string, { state }: GateAnswer): string => {
  if (state === "not-applicable") return "";
  if (view.voice === "self" && state === "closed") return view.find(`gate.${id}.self`) ?? "";
  return view.find(`gate.${id}.${state}`) ?? "";
};
