/** Tools for reading: those that fit the case with their limits and steps, and the others in a line each. */

import type { ToolAnswer } from "@amana/pathway";
import { type Block, heading, paragraph } from "../output/page.ts";
import { type View, listInWords } from "../view.ts";
import { limitBlocks, reasonBlocks } from "./parts.ts";

export const toolBlocks = (view: View, tools: readonly ToolAnswer[]): readonly Block[] => {
  const others = tools.filter((tool) => !tool.offered).map((tool) => nameOf(view, tool.id));
  return [
    heading(view.say("tools.heading")),
    ...tools.filter((tool) => tool.offered).flatMap((tool) => oneTool(view, tool)),
    ...(others.length === 0 ? [] : [paragraph(1, view.say("tools.others", { tools: listInWords(view, others) }))]),
  ];
};

const nameOf = (view: View, tool: string): string => view.tell(`tool.${tool}.name`, tool);

const oneTool = (view: View, tool: ToolAnswer): readonly Block[] => [
  paragraph(1, view.say(tool.open ? "tool.open" : "tool.waiting", { tool: nameOf(view, tool.id) }), "- "),
  paragraph(2, view.find(`tool.${tool.id}.what`) ?? ""),
  paragraph(2, view.find(`tool.${tool.id}.for`) ?? ""),
  ...limitBlocks(view, 2, tool.limits),
  ...reasonBlocks(view, 2, tool.because),
  ...(tool.open ? stepBlocks(view, tool) : waitingBlocks(view, tool)),
];

const stepBlocks = (view: View, tool: ToolAnswer): readonly Block[] =>
  tool.steps.map((step, index) => {
    const key = `step-${String(step)}`;
    return paragraph(2, view.tell(`tool.${tool.id}.${key}`, key), `${String(index + 1)}. `);
  });

/** What a tool waits for stands with its gate, so here only the gate is named. */
const waitingBlocks = (view: View, tool: ToolAnswer): readonly Block[] => {
  const found = view.pack.tools.find((candidate) => candidate.id === tool.id);
  const gate = found === undefined ? undefined : view.pack.gates[found.gate];
  if (gate === undefined) return [];
  return [paragraph(2, view.say("tool.waits-for", { gate: view.tell(`gate.${gate.id}.name`, gate.id) }))];
};
