/**
 * That an action is what it says it is. The properties speak of acts (`removal`, `evidence`, …), so each act is
 * bound to its gate, each gate to its act, and the actions that section 13 names to theirs. A relabelled action
 * is caught here, and an overlay that relabels one is refused when it is read (`pack/overlay.ts`).
 */

import type { Act, PackAction } from "@amana/pathway";
import { type Claim, type Property, type World, claim } from "./property.ts";

const gatesOfAct: Readonly<Record<Act, readonly string[] | null>> = {
  none: null,
  emergency: null,
  digital: ["digital-safety", "block-perpetrator"],
  removal: ["content-removal"],
  "platform-report": ["platform-report"],
  evidence: ["evidence-by-survivor"],
  "law-report": ["law-report"],
  "guardian-consent": ["guardian-consent"],
};

const actOfAction: Readonly<Record<string, Act>> = {
  "request-removal": "removal",
  "preserve-evidence": "evidence",
  "note-addresses": "evidence",
};

const gateOfKind = { fingerprint: "content-removal", partner: "content-removal", platform: "platform-report" } as const;

export const bindings: Property = {
  id: "bindings",
  title: "Every act stands behind the gate made for it, and behind a gate stands nothing else.",
  claims: (world) => [...actionClaims(world), ...toolClaims(world)],
};

const actionClaims = (world: World): readonly Claim[] =>
  world.any.answer.actions.flatMap(({ id, action, listed }) => {
    const wrong = whatIsWrong(action, world.pack.gates[action.gate]?.id ?? null);
    return wrong === null ? [] : [claim(world, `${id} ${wrong}`, listed, { part: "action", id })];
  });

const whatIsWrong = (action: PackAction, gate: string | null): string | null => {
  const named = actOfAction[action.id];
  if (named !== undefined && action.act !== named) return `calls itself ${action.act} and is ${named}`;
  const needed = gatesOfAct[action.act];
  if (needed !== null && (gate === null || !needed.includes(gate)))
    return `is an act of ${action.act} and stands behind ${gate ?? "no gate"}`;
  // The exception of G-EVID-3 holds what was given; it is no act of collecting.
  const isFree = needed === null && gate !== null && gate !== "evidence-held";
  return isFree && Object.values(gatesOfAct).some((gates) => gates?.includes(gate) === true)
    ? `stands behind ${gate} and calls itself ${action.act}`
    : null;
};

const toolClaims = (world: World): readonly Claim[] =>
  world.any.answer.tools.flatMap(({ id, tool, offered }) => {
    const needed = gateOfKind[tool.kind];
    const gate = world.pack.gates[tool.gate]?.id ?? "no gate";
    return gate === needed
      ? []
      : [claim(world, `${id} stands behind ${gate} instead of ${needed}`, offered, { part: "tool", id })];
  });
